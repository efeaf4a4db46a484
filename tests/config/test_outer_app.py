"""The outer ASGI app: styles from memory, the gate while it starts, and who answers what."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest
from django.templatetags.static import static

from balie.config import asgi, static_files
from balie.config.gate import Gate

STYLE = "vendor/tabler.min.css"


def ask(
    path: str, *, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[int, dict[bytes, bytes], bytes]:
    """What the app answers to one request."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    name, _, query = path.partition("?")
    given = [(key.lower().encode(), value.encode()) for key, value in (headers or {}).items()]
    scope = {"type": "http", "method": method, "path": name, "query_string": query.encode(), "headers": given}
    asyncio.run(asgi.application(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(message["body"] for message in sent[1:])


def test_a_style_has_an_address_that_changes_with_its_content_and_is_kept_for_a_year() -> None:
    address = static(STYLE)
    assert "?v=" in address
    status, headers, body = ask(address)
    assert status == 200
    assert headers[b"content-type"] == b"text/css; charset=utf-8"
    assert headers[b"cache-control"] == static_files.FOR_A_YEAR
    assert len(body) > 100_000


@pytest.mark.parametrize("address", ["/static/" + STYLE, "/static/" + STYLE + "?v=0123456789"])
def test_an_address_without_the_right_version_is_asked_for_again(address: str) -> None:
    status, headers, _ = ask(address)
    assert (status, headers[b"cache-control"]) == (200, static_files.ASK_AGAIN)


def test_a_browser_that_can_gets_it_compressed_and_one_that_has_it_gets_nothing() -> None:
    _, plain, body = ask(static(STYLE))
    _, headers, small = ask(static(STYLE), headers={"Accept-Encoding": "gzip, br"})
    assert headers[b"content-encoding"] == b"gzip"
    assert gzip.decompress(small) == body
    assert len(small) < len(body) / 3
    again = ask(static(STYLE), headers={"If-None-Match": plain[b"etag"].decode()})
    assert (again[0], again[2]) == (304, b"")


def test_head_tells_the_length_without_the_body() -> None:
    status, headers, body = ask(static(STYLE), method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers[b"content-length"]) > 100_000


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/static/nothing.css", "GET"),
        ("/static/", "GET"),
        ("/static/../settings.py", "GET"),
        ("/static/%2e%2e/%2e%2e/config/settings.py", "GET"),
        ("/static//etc/passwd", "GET"),
        ("/static/a\0b", "GET"),
        ("/static/" + STYLE, "POST"),
    ],
)
def test_nothing_else_is_served(path: str, method: str) -> None:
    assert ask(path, method=method)[0] == 404


def test_while_it_starts_pages_say_so_and_styles_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate_file = tmp_path / "starting"
    gate_file.touch()
    monkeypatch.setattr(asgi, "gate", Gate(str(gate_file)))
    status, headers, body = ask("/")
    assert (status, headers[b"retry-after"]) == (503, b"1")
    assert b"Balie start" in body
    assert ask(static(STYLE))[0] == 200


def test_the_gate_is_looked_at_until_it_is_open_and_never_again(tmp_path: Path) -> None:
    gate_file = tmp_path / "starting"
    gate_file.touch()
    gate = Gate(str(gate_file))
    assert gate.is_closed()
    gate_file.unlink()
    assert not gate.is_closed()
    gate_file.touch()
    assert not gate.is_closed()
    assert not Gate(None).is_closed()


def test_a_forged_live_token_is_refused_without_django() -> None:
    assert ask("/live/?token=forged")[0] == 403
    assert ask("/live/", method="POST")[0] == 405
