"""Saying no by name. Every refusal of the rules is one of these."""

from __future__ import annotations

from typing import Any

from balie.rules.reasons import Reason


class Refusal(Exception):
    """The rules say no.

    `reason` tells why; `ways_forward` what the person can do instead. The screens, the API and the command
    line each translate every `Refusal` in one place.
    """

    def __init__(self, reason: Reason | str, *ways_forward: Reason, **values: Any) -> None:
        self.reason = Reason(reason, values) if isinstance(reason, str) else reason
        self.ways_forward = ways_forward
        super().__init__(self.reason.render())


class NotAllowed(Refusal):
    """This person may not do this."""


class NoLongerSo(Refusal):
    """The situation changed between looking and acting: a stale tab, somebody else was first."""
