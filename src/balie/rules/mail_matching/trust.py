"""Whether a message is from whom it says: what SPF, DKIM and DMARC tell of the domain behind its From.

Only a domain can be proven, never a person. What a desk believes is decided here; who checked it (a mail server in
front, named in Authentication-Results, or Balie itself) is the caller's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _


class Method(StrEnum):
    SPF = "spf"  # may the server that sent it send for the domain on the envelope?
    DKIM = "dkim"  # did the domain sign it?
    DMARC = "dmarc"  # does one of them hold for the domain in From, and what if none does?


@dataclass(frozen=True, slots=True)
class Result:
    """What one check came to (RFC 8601): `result` is `pass`, `fail`, `softfail`, `none`, …

    `domain`: of the envelope (SPF), of the signature (DKIM), of From (DMARC). `policy`: what a domain asks for when
    DMARC fails: `none`, `quarantine` or `reject`; `None` when it is not known.
    """

    method: Method
    result: str
    domain: str | None = None
    policy: str | None = None


class Trust(StrEnum):
    """What is known of the domain that a message says it is from."""

    PROVEN = "proven"
    UNPROVEN = "unproven"  # nothing speaks for it, and nothing serious against it: most small shops
    FORGED = "forged"
    UNCHECKED = "unchecked"  # nobody checked


class Care(StrEnum):
    """From when on a desk takes a sender for forged."""

    NEVER = "never"  # results are shown and change nothing
    POLICY = "policy"  # the domain itself asks to refuse what it cannot have sent
    STRICT = "strict"  # every failed check without a passed one


@dataclass(frozen=True, slots=True)
class Proof:
    """How far a message is to be believed, and why."""

    trust: Trust
    reasons: tuple[Reason, ...] = ()


UNCHECKED = Proof(Trust.UNCHECKED)
_FAILED = frozenset({"fail", "hardfail"})


def judge(results: Sequence[Result], *, sender: str | None, care: Care) -> Proof:
    """How far to believe that a message is from the domain of `sender` (the address in From).

    | the checks say | care `policy` | care `strict` |
    |---|---|---|
    | DMARC passed, or SPF or DKIM for the same domain | proven | proven |
    | DMARC failed, and the domain asks for `quarantine` or `reject` (or that is not known) | forged | forged |
    | DMARC failed, and the domain asks for nothing | unproven | forged |
    | SPF or DKIM failed, and no policy is published | unproven | forged |
    | nothing of the kind | unproven, or unchecked | unproven, or unchecked |

    A result about another domain than that of `sender` proves nothing.
    """
    domain = _domain(sender)
    if not results or not domain:
        return UNCHECKED
    dmarc = [
        each for each in results if each.method is Method.DMARC and _same_or_unknown(each.domain, domain)
    ]
    failed = next((each for each in dmarc if each.result in _FAILED), None)
    aligned = [each for each in _others(results) if _is_aligned(each, domain)]
    if failed is None and _passed([*dmarc, *aligned]):
        return Proof(Trust.PROVEN, (_proven(domain),))
    if failed is not None:
        asks = failed.policy not in {"none", ""}
        is_forged = care is Care.STRICT or (care is Care.POLICY and asks)
        return Proof(Trust.FORGED if is_forged else Trust.UNPROVEN, (_failed(domain, failed.policy),))
    against = [each for each in _others(results) if each.result in _FAILED]
    if against:
        is_forged = care is Care.STRICT
        return Proof(Trust.FORGED if is_forged else Trust.UNPROVEN, (_against(domain, against),))
    return Proof(Trust.UNPROVEN, (_nothing(domain),))


def _others(results: Iterable[Result]) -> list[Result]:
    return [each for each in results if each.method is not Method.DMARC]


def _passed(results: Iterable[Result]) -> list[Result]:
    return [each for each in results if each.result == "pass"]


def _same_or_unknown(given: str | None, domain: str) -> bool:
    return given is None or given == domain


def _is_aligned(result: Result, domain: str) -> bool:
    """Whether the domain of a result is that of From, above it or below it (DMARC's relaxed alignment).

    Above means at least two labels: nobody can sign for `nl`.
    """
    other = result.domain or ""
    if other == domain:
        return bool(other)
    return "." in other and (domain.endswith(f".{other}") or other.endswith(f".{domain}"))


def _domain(address: str | None) -> str:
    return (address or "").rpartition("@")[2].casefold()


def _proven(domain: str) -> Reason:
    return Reason(_("It was checked that this came from %(domain)s."), {"domain": domain})


def _failed(domain: str, policy: str | None) -> Reason:
    if policy in {"none", ""}:
        return Reason(
            _("It could not be proven that this came from %(domain)s, which asks for nothing in that case."),
            {"domain": domain},
            setting="mail_care",
        )
    return Reason(
        _("This says it is from %(domain)s, but did not come from there: the domain says so itself (DMARC)."),
        {"domain": domain},
        setting="mail_care",
    )


def _against(domain: str, failed: Collection[Result]) -> Reason:
    checks = ", ".join(sorted({each.method.value.upper() for each in failed}))
    return Reason(
        _("A check of %(domain)s failed (%(checks)s), but the domain does not say what that means."),
        {"domain": domain, "checks": checks},
        setting="mail_care",
    )


def _nothing(domain: str) -> Reason:
    return Reason(_("%(domain)s gives no way to check whether this came from there."), {"domain": domain})
