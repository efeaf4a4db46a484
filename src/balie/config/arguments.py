"""Command lines that programs write, too: a mistake in one is told in the form that was asked for."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any, NoReturn, TextIO

BAD_INPUT = 2


class CommandParser(argparse.ArgumentParser):
    """A parser that answers `{"error": …}` on standard output when `--json` is among the arguments.

    Its sub-parsers are of the same class. The exit code is 2 either way.
    """

    _given: Sequence[str] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self._given = sys.argv[1:] if args is None else list(args)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        if "--json" not in self._given:
            super().error(message)
        say(json.dumps({"error": message}, ensure_ascii=False), sys.stdout)
        sys.exit(BAD_INPUT)


def say(text: str, stream: TextIO) -> None:
    """Write a line. What the stream cannot show (a stray byte of an argument) becomes a backslash escape."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
