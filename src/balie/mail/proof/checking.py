"""SPF, DKIM and DMARC checked by Balie itself, when no server in front of the desk did.

The DNS is an argument. Only records are asked for, each with a limit of time; what cannot be found out counts as not
found, never as forged. Domains that belong together are found by climbing the tree of names (DMARCbis), so that no
list of suffixes has to be kept up to date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol

from balie.mail.intake import CLIENT_HEADER
from balie.rules.mail_matching import Method, Result

SECONDS = 3.0  # for all questions about one message
_LABELS = 8  # how far the tree is climbed (DMARCbis)
_SIGNATURES = 5  # of one message


class DnsTrouble(Exception):
    """The question got no answer in time."""


class Dns(Protocol):
    """What is asked of the DNS: texts for `TXT` (joined), addresses for `A`/`AAAA`, names for `MX`/`PTR`."""

    def __call__(self, name: str, kind: str, /) -> Sequence[Any]:
        """The records, none when there is no such name. Raises `DnsTrouble`."""
        ...


@dataclass(frozen=True, slots=True)
class Client:
    """The server that sent a message, as the mail server in front told it; `sender` is that of the envelope."""

    address: str
    helo: str = ""
    sender: str = ""

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Client | None:
        """From the row of a mail; `None` when its server is not known."""
        address = str(told.get("address", ""))
        return cls(address, str(told.get("helo", "")), str(told.get("sender", ""))) if address else None

    @classmethod
    def of_lmtp(cls, raw: bytes, *, sender: str) -> Client | None:
        """From the first line that our LMTP wrote; `None` when the mail server in front did not tell."""
        name, colon, value = raw[:400].partition(b"\n")[0].partition(b":")
        if not colon or name.decode("ascii", "replace") != CLIENT_HEADER:
            return None
        address, _space, helo = value.decode("ascii", "replace").strip().partition(" ")
        return cls(address, helo, sender)


def check(raw: bytes, client: Client, *, from_: str, dns: Dns) -> tuple[Result, ...]:
    """What SPF, DKIM and DMARC come to for a message that says it is from `from_`. Never raises."""
    found = [_spf(client, dns), *_dkim(raw, dns)]
    return (*found, _dmarc(from_.rpartition("@")[2].casefold(), found, dns))


def _spf(client: Client, dns: Dns) -> Result:
    import spf  # type: ignore[import-untyped]

    class Query(spf.query):  # type: ignore[misc]
        def dns(self, name: str, qtype: str, cnames: Any = None, ignore_void: bool = False) -> list[Any]:
            try:
                found = list(dns(str(name).rstrip("."), qtype))
            except DnsTrouble as trouble:
                raise spf.TempError(str(trouble)) from trouble
            if not found and not ignore_void:
                self.void_lookups += 1
                if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                    raise spf.PermError("too many names that do not exist")
            return [(each.encode(),) for each in found] if qtype == "TXT" else found

    domain = (client.sender.rpartition("@")[2] or client.helo).casefold()
    try:
        result, _code, _words = Query(i=client.address, s=client.sender, h=client.helo).check()
    except Exception:  # an address or a name that is none
        result = "permerror"
    return Result(Method.SPF, str(result), domain or None)


def _dkim(raw: bytes, dns: Dns) -> Iterator[Result]:
    import dkim  # type: ignore[import-untyped]

    def text(name: bytes, timeout: float = SECONDS) -> bytes | None:
        found = dns(name.decode().rstrip("."), "TXT")
        return str(found[0]).encode() if found else None

    try:
        verifier = dkim.DKIM(raw, timeout=SECONDS)
        count = sum(name.lower() == b"dkim-signature" for name, _value in verifier.headers)
    except Exception:  # no message
        return
    for index in range(min(count, _SIGNATURES)):
        domain = None
        try:
            passed = verifier.verify(idx=index, dnsfunc=text)
            domain = verifier.domain.decode().casefold() if verifier.domain else None
            yield Result(Method.DKIM, "pass" if passed else "fail", domain)
        except DnsTrouble:
            yield Result(Method.DKIM, "temperror", domain)
        except dkim.ValidationError:  # the text is another than the one that was signed
            yield Result(Method.DKIM, "fail", domain)
        except Exception:  # a signature that is none
            yield Result(Method.DKIM, "permerror", domain)


def _dmarc(domain: str, found: Sequence[Result], dns: Dns) -> Result:
    try:
        records = list(_records(domain, dns))
    except DnsTrouble:
        return Result(Method.DMARC, "temperror", domain)
    if not records:
        return Result(Method.DMARC, "none", domain)
    at, tags = records[0]
    home = _organisation(records)
    wanted = tags.get("sp", tags.get("p", "none")) if at != domain else tags.get("p", "none")
    passed = any(
        each.result == "pass"
        and each.domain is not None
        and (
            each.domain == domain
            or (tags.get(_MODE[each.method], "r") != "s" and _belongs(each.domain, home))
        )
        for each in found
    )
    return Result(Method.DMARC, "pass" if passed else "fail", domain, wanted.lower())


_MODE = {Method.SPF: "aspf", Method.DKIM: "adkim"}


def _belongs(domain: str, home: str) -> bool:
    return domain == home or domain.endswith(f".{home}")


def _records(domain: str, dns: Dns) -> Iterator[tuple[str, dict[str, str]]]:
    """The DMARC records of a domain and of the names above it, the nearest first."""
    labels = domain.split(".")
    steps = [labels, *(labels[start:] for start in range(max(1, len(labels) - _LABELS + 1), len(labels)))]
    for step in steps:
        name = ".".join(step)
        for text in dns(f"_dmarc.{name}", "TXT"):
            tags = _tags(str(text))
            if tags.get("v") == "DMARC1":
                yield name, tags
                break


def _organisation(records: Sequence[tuple[str, dict[str, str]]]) -> str:
    """Under which name all servers of a domain belong together: the highest that says so, or has a record."""
    for name, tags in records:
        if tags.get("psd") == "n":
            return name
    below = ""
    for name, tags in records:
        if tags.get("psd") == "y" and below:
            return below
        below = name
    return below


def _tags(text: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in text.split(";"))
    return {name.strip().lower(): value.strip() for name, sign, value in pairs if sign}


class Resolver:
    """The DNS through the resolver of this machine, or through the given servers; one for each message."""

    def __init__(self, *, servers: Sequence[str] = (), port: int = 53, seconds: float = SECONDS) -> None:
        from dns.resolver import Resolver as OfDnspython

        self._asks = OfDnspython(configure=not servers)
        if servers:
            self._asks.nameservers = list(servers)
            self._asks.port = port
        self._until = monotonic() + seconds

    def __call__(self, name: str, kind: str, /) -> Sequence[Any]:
        from dns.exception import DNSException
        from dns.resolver import NXDOMAIN, NoAnswer

        left = self._until - monotonic()
        if left <= 0:
            raise DnsTrouble("The questions about one message took too long.")
        try:
            answer = self._asks.resolve(name, kind, search=False, lifetime=left)
        except (NXDOMAIN, NoAnswer):
            return ()
        except (DNSException, OSError) as error:
            raise DnsTrouble(f"{type(error).__name__}: {error}") from error
        return [_record(each, kind) for each in answer]


def _record(record: Any, kind: str) -> Any:
    match kind:
        case "TXT":
            return b"".join(record.strings).decode(errors="replace")
        case "MX":
            return record.preference, record.exchange.to_text(omit_final_dot=True)
        case "PTR":
            return record.target.to_text(omit_final_dot=True)
        case _:
            return record.address
