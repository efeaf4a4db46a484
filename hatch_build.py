"""Build the assets and the compiled translations into the wheel, so that an installed Balie needs nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before a wheel is packed; not for the development install, which `make setup` completes."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or self.target_name != "wheel":
            return
        root = Path(self.root)
        subprocess.run([sys.executable, str(root / "tools" / "assets.py")], check=True)
        for catalogue in sorted((root / "src" / "balie" / "locale").glob("*/LC_MESSAGES/*.po")):
            compile_catalogue(catalogue)


def compile_catalogue(source: Path) -> None:
    """Write the `.mo` beside a `.po`."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(text, locale=source.parents[1].name))
