"""Whom a mail server may hand mail over for: the desk's own addresses, and the two that every domain must have."""

from __future__ import annotations

from collections.abc import Iterable

ROLES = frozenset({"postmaster", "abuse"})
"""RFC 5321, 4.5.1 and RFC 2142: such mail always reaches somebody."""


def is_ours(recipient: str, addresses: Iterable[str]) -> bool:
    """Whether a recipient is one of these addresses, with whatever stands behind a plus, or a role at their domains.

    Upper and lower case are the same. `postmaster` is also ours without a domain.
    """
    local_part, at, domain = recipient.strip().casefold().rpartition("@")
    if not at:
        return domain == "postmaster"
    ours = {address.casefold() for address in addresses if "@" in address}
    if local_part in ROLES:
        return domain in {address.rpartition("@")[2] for address in ours}
    return f"{local_part}@{domain}" in ours or f"{local_part.partition('+')[0]}@{domain}" in ours
