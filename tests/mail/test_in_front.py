"""What servers in front of the desk say: only those that the desk named are believed."""

from __future__ import annotations

import pytest

from balie.mail.proof import in_front
from balie.rules.mail_matching import Method, Result

OURS = {"mx.desk.example"}


def read(*lines: str) -> tuple[Result, ...]:
    raw = "".join(f"Authentication-Results: {line}\n" for line in lines) + "From: x@y\n\nText"
    return in_front.results(in_front.headers_of(raw.encode()), trusted=OURS)


@pytest.mark.parametrize(
    ("line", "results"),
    [
        (
            "mx.desk.example; dkim=pass header.d=shop.example; spf=fail smtp.mailfrom=x@evil.example;"
            " dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=shop.example",
            [
                Result(Method.DKIM, "pass", "shop.example"),
                Result(Method.SPF, "fail", "evil.example"),
                Result(Method.DMARC, "pass", "shop.example", "reject"),
            ],
        ),
        (
            "mx.desk.example; dmarc=fail (p=quarantine dis=none) header.from=Shop.Example",
            [Result(Method.DMARC, "fail", "shop.example", "quarantine")],
        ),
        (
            'MX.desk.example 1; dmarc=fail reason="SPF not aligned (relaxed), No valid DKIM" header.from=shop.example'
            " (policy=reject)",
            [Result(Method.DMARC, "fail", "shop.example", "reject")],
        ),
        (
            "mx.desk.example; dmarc=fail action=none header.from=shop.example policy.published-domain-policy=none",
            [Result(Method.DMARC, "fail", "shop.example", "none")],
        ),
        (
            "mx.desk.example;\n\tspf=pass\n\t(sender IP is 192.0.2.1; all is well) smtp.mailfrom=shop.example",
            [Result(Method.SPF, "pass", "shop.example")],
        ),
        ("mx.desk.example; dkim=pass header.i=@shop.example", [Result(Method.DKIM, "pass", "shop.example")]),
        ("mx.desk.example; none", []),
        ("mx.desk.example; iprev=pass policy.iprev=192.0.2.1", []),
        ("mx.evil.example; dmarc=pass header.from=shop.example", []),
        ("", []),
        (";;;=;( ; dmarc=pass", []),
    ],
    ids=[
        "as Gmail writes",
        "as OpenDMARC writes",
        "as rspamd writes",
        "as the newest RFC has it",
        "folded, with a semicolon in a comment",
        "DKIM by identity",
        "nothing checked",
        "what we do not know",
        "somebody else's",
        "empty",
        "no such thing",
    ],
)
def test_what_is_read(line: str, results: list[Result]) -> None:
    assert list(read(line)) == results


def test_the_topmost_counts_because_our_server_writes_above() -> None:
    found = read(
        "mx.desk.example; dmarc=fail (p=reject) header.from=shop.example",
        "mx.desk.example; dmarc=pass (p=reject) header.from=shop.example",
    )
    assert [each.result for each in found] == ["fail"]


def test_without_a_name_nobody_is_believed() -> None:
    headers = in_front.headers_of(b"Authentication-Results: mx.desk.example; dmarc=pass header.from=x\n\n")
    assert in_front.results(headers, trusted=()) == ()


MARKS = in_front.read_marks("X-Spam-Flag: Yes\nX-Spam-Status: yes\n\nno colon\nX-SCL: 5\nX-Empty:")


@pytest.mark.parametrize(
    ("header", "is_spam"),
    [
        ("X-Spam-Flag: YES", True),
        ("x-spam-flag: yes", True),
        ("X-Spam-Flag: NO", False),
        ("X-Spam-Status: Yes, score=7.1 required=5.0\n tests=BAYES_99", True),
        ("X-Spam-Status: No, score=-1.0", False),
        ("X-SCL: 5", True),
        ("X-SCL: 50", False),
        ("X-Empty: anything", False),
        ("Subject: X-Spam-Flag: YES", False),
    ],
)
def test_what_a_filter_says(header: str, is_spam: bool) -> None:
    reason = in_front.spam(in_front.headers_of(f"{header}\n\nText".encode()), marks=MARKS)
    assert (reason is not None) is is_spam
