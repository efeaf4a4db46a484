"""What a question can be about: the topics that a customer picks from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CategoryKind(StrEnum):
    """What sort of question it is; the kind decides how it is handled (SW-03, SW-11, SW-12, SW-14, SW-16)."""

    INCIDENT = "incident"
    QUESTION = "question"
    CHANGE = "change"
    RESEARCH = "research"
    HARDWARE = "hardware"
    THIRD_PARTY = "third_party"  # caused by others: networks, the operating system, printer drivers
    OTHER = "other"


class Place(StrEnum):
    """Where in the shop the question arose (SW-03, SW-04)."""

    BACK_OFFICE = "back_office"
    TILL = "till"


@dataclass(frozen=True, slots=True)
class Topic:
    """One category as the decision sees it. Who may phone about it in office hours: SW-03."""

    key: str
    kind: CategoryKind
    place: Place | None = None
    may_phone_in_office_hours: bool = False
