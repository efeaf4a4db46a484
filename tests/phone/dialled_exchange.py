"""Exchanges that can be asked to dial, on loopback: they speak what Kamailio and Asterisk document, and little else.

Kamailio: JSON-RPC 2.0 by HTTP POST (module jsonrpcs); `dlg.bridge_dlg` takes two SIP addresses and a proxy or ".", and
an unknown method or wrong parameters are an `error` with a code and a message. Asterisk: `POST /ari/channels` with
basic authentication answers the new channel; without a right login 401, with an unknown endpoint 400 and a `message`.
"""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USER, SECRET = "balie", "geheim"
GIVEN = "Basic " + base64.b64encode(f"{USER}:{SECRET}".encode()).decode()


@dataclass
class Rung:
    """What the exchange was asked to ring, in order: (first, then)."""

    url: str
    calls: list[tuple[str, str]] = field(default_factory=list)
    garbles: bool = False


@contextlib.contextmanager
def exchange() -> Iterator[Rung]:
    """Both kinds at one address: `…/RPC` and `…/ari`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    rung = Rung(f"http://127.0.0.1:{server.server_port}")
    server.rung = rung  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield rung
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        if self.rung.garbles:
            self._answer(200, b"<html>router</html>")
        elif self.headers.get("Authorization") != GIVEN:
            self._answer(401, b"")
        elif address.path == "/RPC":
            self._kamailio(json.loads(body))
        elif address.path == "/ari/channels":
            self._asterisk({name: values[0] for name, values in parse_qs(address.query).items()})
        else:
            self._answer(404, b"")

    @property
    def rung(self) -> Rung:
        return self.server.rung  # type: ignore[attr-defined]

    def _kamailio(self, asked: dict[str, Any]) -> None:
        match asked:
            case {"jsonrpc": "2.0", "method": "dlg.bridge_dlg", "params": [str(first), str(then), str()]}:
                if not (first.startswith("sip:") and "@" in first and then.startswith("sip:")):
                    self._json(
                        200, {"jsonrpc": "2.0", "error": {"code": 500, "message": "Invalid address"}, "id": 1}
                    )
                    return
                self.rung.calls.append((first, then))
                self._json(200, {"jsonrpc": "2.0", "result": {}, "id": asked["id"]})
            case _:
                error = {"code": -32601, "message": "Method Not Found"}
                self._json(200, {"jsonrpc": "2.0", "error": error, "id": asked.get("id")})

    def _asterisk(self, query: dict[str, str]) -> None:
        technology, _slash, telephone = query.get("endpoint", "").partition("/")
        if technology != "PJSIP" or not telephone or not {"extension", "context"} <= query.keys():
            self._json(400, {"message": "Invalid endpoint specified"})
        elif telephone == "999":
            self._json(500, {"error": "Allocation failed"})
        else:
            self.rung.calls.append((query["endpoint"], f"{query['extension']}@{query['context']}"))
            self._json(200, {"id": "1700000000.1", "name": f"PJSIP/{telephone}-00000001", "state": "Down"})

    def _json(self, status: int, answer: dict[str, Any]) -> None:
        self._answer(status, json.dumps(answer).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass
