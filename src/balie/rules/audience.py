"""For whom a help article is: everybody, customers, or the desk itself (SW-08)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from balie.rules.visibility import Agent, Contact, Nobody, Viewer


class Audience(StrEnum):
    """Who may read a published article."""

    EVERYBODY = "everybody"
    CUSTOMERS = "customers"
    AGENTS = "agents"


SHELVES: Mapping[type[Viewer], frozenset[Audience]] = MappingProxyType(
    {
        Nobody: frozenset({Audience.EVERYBODY}),
        Contact: frozenset({Audience.EVERYBODY, Audience.CUSTOMERS}),
        Agent: frozenset(Audience),
    }
)


def readable_by(viewer: Viewer) -> frozenset[Audience]:
    """The audiences that this viewer belongs to. A contact whom nobody placed at a customer is no customer yet."""
    if isinstance(viewer, Contact) and viewer.customer is None:
        return SHELVES[Nobody]
    return SHELVES[type(viewer)]
