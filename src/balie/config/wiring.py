"""Who listens to what: the one list."""

from __future__ import annotations


def connect() -> None:
    """Subscribe every listener. Called once, when Django is ready."""
