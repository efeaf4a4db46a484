"""Telling screens that something changed, at the moment it is committed.

`publish` stores a small event and lets PostgreSQL notify; the bare ASGI app in `stream` passes it on to
browsers by server-sent events. Events carry ids, never content: a browser that hears one fetches what it may see.
`token_for` gives a page the address it listens at.
"""

from balie.live.actions import publish
from balie.live.tokens import token_for

__all__ = ["publish", "token_for"]
