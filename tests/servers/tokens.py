"""The token endpoint of an invented provider of mail, with the question back that Dovecot asks about a token."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN = "balie-client", "client-secret", "refresh-1"


class TokenServer(ThreadingHTTPServer):
    """Gives access tokens against the refresh token, and tells whose they are until they are taken back."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.user = "balie"
        self.refresh_token = REFRESH_TOKEN
        self.given: list[str] = []
        self.valid: set[str] = set()
        self.rotates = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def take_back(self) -> None:
        """From now on no token that was given is good any more."""
        self.valid.clear()

    def answer(self, form: dict[str, list[str]]) -> tuple[int, dict[str, object]]:
        """What the endpoint says to a request, as RFC 6749 has it: status and JSON."""
        if (form.get("client_id"), form.get("client_secret")) != ([CLIENT_ID], [CLIENT_SECRET]):
            return 401, {"error": "invalid_client", "error_description": "Unknown client."}
        if (form.get("grant_type"), form.get("refresh_token")) != (["refresh_token"], [self.refresh_token]):
            return 400, {"error": "invalid_grant", "error_description": "The refresh token was revoked."}
        token = f"access-{len(self.given) + 1}"
        self.given.append(token)
        self.valid.add(token)
        said: dict[str, object] = {"access_token": token, "token_type": "Bearer", "expires_in": 3600}
        if self.rotates:
            self.refresh_token = f"refresh-{len(self.given) + 1}"
            said["refresh_token"] = self.refresh_token
        return 200, said

    @classmethod
    @contextlib.contextmanager
    def running(cls) -> Iterator[TokenServer]:
        with cls() as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            yield server
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.say(*self.server.answer(parse_qs(self.rfile.read(length).decode())))

    def do_GET(self) -> None:
        token = parse_qs(urlsplit(self.path).query).get("token", [""])[0]
        active = token in self.server.valid
        self.say(200, {"active": active, "username": self.server.user} if active else {"active": False})

    def say(self, status: int, content: dict[str, object]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error."""
