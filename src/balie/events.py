"""What happened, told to whoever listens, at once and in the same transaction.

A lower app that must cause something above or beside it publishes an event (a frozen dataclass in its room
`events`). The one list of who listens is `config/wiring.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Event = TypeVar("Event")

_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(kind: type[Event], listener: Callable[[Event], None]) -> None:
    """Let `listener` hear every event of exactly this `kind`; a second time changes nothing."""
    if listener not in _listeners[kind]:
        _listeners[kind].append(listener)


def publish(event: object) -> None:
    """Call everybody who listens, in order. What a listener raises rolls the whole transaction back."""
    for listener in _listeners[type(event)]:
        listener(event)
