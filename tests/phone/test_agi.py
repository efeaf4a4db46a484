"""FastAGI when things go wrong: the desk is away, the exchange talks nonsense, the caller is gone (works on, SW-05)."""

from __future__ import annotations

import ipaddress
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.phone.asterisk import WITHHELD, Asterisk, Caller, environment, running_agi
from tests.servers.daemons import until

from balie.phone.agi import conversation
from balie.phone.agi import server as agi_server

SCRIPT = "route?token=a-token"
TEXTS = {
    name: {"en": f"This is {name}."}
    for name in ("ask-topic", "topic-a", "press-1", "topic-b", "press-2", "make-ticket", "closed")
}
FORWARD = {
    "action": "forward",
    "target": "helpdesk",
    "groups": [["201", "202"], ["sip:303@pbx.example"]],
    "language": "en",
    "prompts": [],
    "choices": [],
}
ANNOUNCE = {**FORWARD, "action": "announce", "target": None, "groups": [], "prompts": ["closed"]}
SAID = ["ask-topic", "topic-a", "press-1", "topic-b", "press-2"]
MENU = {
    **ANNOUNCE,
    "action": "menu",
    "prompts": SAID,
    "choices": [{"digit": "1", "topic": "a", "name": {}}, {"digit": "2", "topic": "b", "name": {}}],
}


class ScriptedDesk:
    """The edge of the desk, where it must fail as asked: `answers` gives a status and a body for what is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.answers: Callable[[str, Any], tuple[int, bytes]] = lambda path, sent: answering(FORWARD)
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                desk.asked.append((self.path, self.headers["Authorization"], sent))
                self.give(*desk.answers(self.path, sent))

            def do_GET(self) -> None:
                self.give(*answering(TEXTS))

            def give(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *details: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def questions(self) -> list[Any]:
        return [sent for path, _token, sent in self.asked if path.endswith("/route")]

    def events(self) -> list[Any]:
        return [
            each for path, _token, sent in self.asked if path.endswith("/events") for each in sent["events"]
        ]


def answering(found: object) -> tuple[int, bytes]:
    return 200, json.dumps(found).encode()


@pytest.fixture
def desk() -> Iterator[ScriptedDesk]:
    scripted = ScriptedDesk()
    thread = threading.Thread(target=scripted.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield scripted
    scripted.server.shutdown()
    scripted.server.server_close()
    thread.join()


@pytest.fixture
def asterisk(desk: ScriptedDesk, tmp_path: Path) -> Iterator[Asterisk]:
    with running_agi(desk.url, tmp_path) as port:
        yield Asterisk(port, SCRIPT)


def test_the_dialplan_gets_the_groups_that_ring_after_another(asterisk: Asterisk, desk: ScriptedDesk) -> None:
    heard = asterisk.call(Caller(number="0206543210", name="Bakker, Jan"))

    assert heard.action == "forward"
    assert heard.variables["BALIE_TARGET"] == "helpdesk"
    assert heard.variables["BALIE_GROUPS"] == "2"
    assert heard.variables["BALIE_GROUP_1"] == "PJSIP/201&PJSIP/202"
    assert heard.variables["BALIE_GROUP_2"] == "PJSIP/303"
    assert not heard.is_answered, "the agent answers, not we"
    assert desk.asked[0][1] == "Bearer a-token"


def test_the_dialplan_may_name_another_technology(asterisk: Asterisk) -> None:
    heard = asterisk.call(Caller(), script=f"{SCRIPT}&technology=SIP")

    assert heard.variables["BALIE_GROUP_1"] == "SIP/201&SIP/202"


@pytest.mark.parametrize("extension", ["201,5,tT(x)", "201&Local/900", "${SHELL(id)}", "", "a b", "201\nX"])
def test_an_extension_never_adds_a_word_to_the_dialplan(
    asterisk: Asterisk, desk: ScriptedDesk, extension: str
) -> None:
    desk.answers = lambda path, sent: answering({**FORWARD, "groups": [[extension], ["202"]]})

    heard = asterisk.call(Caller())

    assert (heard.variables["BALIE_GROUPS"], heard.variables["BALIE_GROUP_1"]) == ("1", "PJSIP/202")


def test_what_the_dialplan_knows_of_the_call_is_asked(asterisk: Asterisk, desk: ScriptedDesk) -> None:
    known = {
        "BALIE_ASSERTED": "<sip:+31201112233@carrier.example>",
        "BALIE_TO": "0202292929",
        "BALIE_LINE": "office",
    }
    asterisk.call(Caller(number="0206543210", name='Jan "x" \\ (de) Boer', variables=known))

    assert desk.questions() == [
        {
            "call": "pbx-1763650800.42",
            "from": "0206543210",
            "name": 'Jan "x" \\ (de) Boer',
            "to": "0202292929",
            "line": "office",
            "asserted": "<sip:+31201112233@carrier.example>",
        }
    ]


@pytest.mark.parametrize(
    ("caller", "privacy"),
    [
        pytest.param(Caller(presentation=WITHHELD), "id", id="restricted"),
        pytest.param(Caller(presentation="35"), "id", id="restricted, from the network"),
        pytest.param(Caller(presentation="67"), None, id="not there for other reasons"),
        pytest.param(Caller(presentation="nonsense"), None, id="no number"),
        pytest.param(Caller(presentation="²"), None, id="a digit that is none"),
        pytest.param(Caller(variables={"BALIE_PRIVACY": "id;critical"}), "id;critical", id="the header"),
    ],
)
def test_who_hides_its_number_is_asked_as_such_IB_02(
    asterisk: Asterisk, desk: ScriptedDesk, caller: Caller, privacy: str | None
) -> None:
    asterisk.call(caller)

    assert desk.questions()[0].get("privacy") == privacy


# -- The desk is away ----------------------------------------------------------------------------------------


def test_without_a_desk_the_dialplan_falls_back(tmp_path: Path) -> None:
    with running_agi("http://127.0.0.1:9", tmp_path) as port:
        heard = Asterisk(port, SCRIPT).call(Caller())

    assert heard.action == "fallback"
    assert not heard.is_answered


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((500, b"oops"), id="an error"),
        pytest.param((503, b""), id="starting"),
        pytest.param((200, b"<html>"), id="no JSON"),
        pytest.param((200, b"[]"), id="no object"),
        pytest.param((200, b"[" * 100_000), id="too deep"),
        pytest.param((200, b'{"action": "dance"}'), id="an unknown action"),
        pytest.param((200, b'{"action": "forward"}'), id="half an answer"),
        pytest.param((200, b'{"action": "forward", "groups": 7, "target": null}'), id="another form"),
        pytest.param((401, b'{"message": "No telephone exchange has this token."}'), id="a wrong token"),
        pytest.param((422, b"nothing readable"), id="a question that is not taken"),
    ],
)
def test_whatever_the_desk_answers_the_dialplan_knows_what_to_do(
    asterisk: Asterisk, desk: ScriptedDesk, answer: tuple[int, bytes]
) -> None:
    desk.answers = lambda path, sent: answer

    assert asterisk.call(Caller()).action == "fallback"


def test_a_desk_that_does_not_answer_costs_the_caller_less_than_two_seconds(
    asterisk: Asterisk, desk: ScriptedDesk
) -> None:
    released = threading.Event()
    desk.answers = lambda path, sent: (released.wait(10), answering(FORWARD))[1]
    began = time.monotonic()

    heard = asterisk.call(Caller())
    took = time.monotonic() - began
    released.set()

    assert heard.action == "fallback"
    assert took < 2


def test_who_tries_numbers_is_refused_and_not_put_through_by_the_fallback(
    asterisk: Asterisk, desk: ScriptedDesk
) -> None:
    desk.answers = lambda path, sent: (429, b"{}")

    heard = asterisk.call(Caller())

    assert (heard.action, heard.is_hung_up) == ("refuse", True)


# -- The menu ------------------------------------------------------------------------------------------------


def menu_then(found: dict[str, Any]) -> Callable[[str, Any], tuple[int, bytes]]:
    return lambda path, sent: answering(found if "topic" in sent else MENU)


@pytest.mark.parametrize(
    ("presses", "played"),
    [
        pytest.param(["", "", "", "", "", "2"], 5, id="after the menu"),
        pytest.param(["2"], 1, id="at the first word"),
        pytest.param(["", "", "2"], 3, id="in the middle"),
    ],
)
def test_a_key_is_heard_whenever_it_is_pressed(
    asterisk: Asterisk, desk: ScriptedDesk, presses: list[str], played: int
) -> None:
    desk.answers = menu_then(FORWARD)

    heard = asterisk.call(Caller(presses=presses))

    assert heard.action == "forward"
    assert len(heard.played) == played
    assert [each.get("topic") for each in desk.questions()] == [None, "b"]
    assert not heard.missing


def test_a_key_that_means_nothing_asks_again(asterisk: Asterisk, desk: ScriptedDesk) -> None:
    desk.answers = menu_then(FORWARD)

    heard = asterisk.call(Caller(presses=["7", "*", "1"]))

    assert heard.names == ["ask-topic"] * 3
    assert desk.questions()[-1]["topic"] == "a"


def test_the_hash_key_says_the_menu_again_and_is_no_try(asterisk: Asterisk, desk: ScriptedDesk) -> None:
    desk.answers = menu_then(FORWARD)

    heard = asterisk.call(Caller(presses=["#", "#", "#", "#", "1"]))

    assert heard.action == "forward"


def test_the_hash_key_held_down_ends_some_time(asterisk: Asterisk, desk: ScriptedDesk) -> None:
    desk.answers = menu_then(FORWARD)

    heard = asterisk.call(Caller(presses=["#"] * 50))

    assert heard.action == "announce"


def test_who_chooses_nothing_hears_how_to_make_a_ticket_SW_05(asterisk: Asterisk, desk: ScriptedDesk) -> None:
    desk.answers = menu_then(FORWARD)

    heard = asterisk.call(Caller())

    assert heard.names == [*SAID * 3, "make-ticket"]
    assert (heard.action, heard.is_hung_up) == ("announce", True)
    assert len(desk.questions()) == 1


def test_a_menu_after_the_menu_ends_in_the_fallback(asterisk: Asterisk, desk: ScriptedDesk) -> None:
    desk.answers = lambda path, sent: answering(MENU)

    assert asterisk.call(Caller(presses=["1"])).action == "fallback"


def test_when_nothing_can_be_spoken_the_menu_ends_in_the_fallback(
    asterisk: Asterisk, desk: ScriptedDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    desk.answers = lambda path, sent: answering(MENU)

    assert asterisk.call(Caller()).action == "fallback"


def test_without_a_voice_the_announcement_is_a_hangup_and_never_a_forward(
    asterisk: Asterisk, desk: ScriptedDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    desk.answers = lambda path, sent: answering(ANNOUNCE)

    heard = asterisk.call(Caller())

    assert (heard.action, heard.played, heard.is_hung_up) == ("announce", [], True)


def test_the_dialplan_knows_of_an_announcement_before_it_is_played(
    asterisk: Asterisk, desk: ScriptedDesk
) -> None:
    """Should our server die in the middle, the call is not put through."""
    desk.answers = lambda path, sent: answering(ANNOUNCE)

    heard = asterisk.call(Caller())

    assert heard.commands.index("SET VARIABLE") < heard.commands.index("STREAM FILE")
    assert heard.names == ["closed"]


# -- Callers that are gone, and who speaks no AGI ------------------------------------------------------------


@pytest.mark.parametrize("at", range(1, 14))
def test_a_caller_may_hang_up_at_any_moment(asterisk: Asterisk, desk: ScriptedDesk, at: int) -> None:
    desk.answers = menu_then(ANNOUNCE)

    asterisk.call(Caller(presses=["", "", "", "", "", "1"], hangs_up_at=at))

    desk.answers = lambda path, sent: answering(FORWARD)
    assert asterisk.call(Caller()).action == "forward"


NONSENSE = [
    pytest.param(b"", id="nothing, and away"),
    pytest.param(b"\n", id="an empty environment"),
    pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", id="a browser"),
    pytest.param(b"\x16\x03\x01" + b"\x00" * 200 + b"\n", id="TLS"),
    pytest.param(b"agi_x: " + b"y" * 100_000 + b"\n\n", id="a huge line"),
    pytest.param(b"agi_x: y\n" * 5000, id="no end"),
    pytest.param(b"\xff" * 5000 + b"\n\n", id="bytes"),
    pytest.param(environment("nowhere", Caller()).encode() + b"200 result=1\n", id="an unknown script"),
    pytest.param(environment("", Caller()).encode() + b"200 result=1\n", id="no script"),
    pytest.param(
        environment(SCRIPT, Caller()).encode() + b"510 Invalid or unknown command\n", id="another dialect"
    ),
    pytest.param(environment(SCRIPT, Caller()).encode() + b"520-x\n" * 5000, id="a usage without an end"),
    pytest.param(environment(SCRIPT, Caller()).encode() + b"200 result=\n" * 30, id="no result"),
    pytest.param(
        environment("event?token=t", Caller(arguments=["exploded"])).encode(), id="an unknown event"
    ),
]


@pytest.mark.parametrize("sent", NONSENSE)
def test_whoever_speaks_something_else_ends_only_its_own_connection(asterisk: Asterisk, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", asterisk.port), timeout=20) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        except ConnectionError:
            pass  # the server had read enough

    assert asterisk.call(Caller()).action == "forward"


def test_who_says_nothing_is_left_alone_soon(asterisk: Asterisk) -> None:
    with socket.create_connection(("127.0.0.1", asterisk.port), timeout=20) as connection:
        connection.sendall(b"agi_network: yes\n")
        began = time.monotonic()
        assert connection.recv(100) == b""

    assert time.monotonic() - began < 4


def test_one_call_too_many_goes_to_the_fallback(asterisk: Asterisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agi_server, "MOST_CALLS", 0)

    assert asterisk.call(Caller()).variables == {}


def test_a_machine_that_nobody_named_may_not_ask(desk: ScriptedDesk, tmp_path: Path) -> None:
    """Loopback is let in always; take it away, and only who is named gets an answer."""
    named = [ipaddress.ip_network("127.0.0.1/32")]
    for allowed, commands in ((named, True), ([], False)):
        agi_server.LOOPBACK, kept = (), agi_server.LOOPBACK
        try:
            with running_agi(desk.url, tmp_path, allowed=allowed) as port:
                assert bool(Asterisk(port, SCRIPT).call(Caller()).commands) is commands
        finally:
            agi_server.LOOPBACK = kept


def test_stopping_the_server_ends_the_calls_it_serves(desk: ScriptedDesk, tmp_path: Path) -> None:
    with running_agi(desk.url, tmp_path) as port:
        connection = socket.create_connection(("127.0.0.1", port), timeout=20)
        connection.sendall(environment(SCRIPT, Caller()).encode())
        assert connection.recv(200)

    assert connection.recv(200) == b""
    connection.close()


# -- Events --------------------------------------------------------------------------------------------------


def tells(asterisk: Asterisk, *arguments: str) -> None:
    heard = asterisk.call(Caller(arguments=arguments), script="event?token=a-token")
    assert heard.commands == [], "a channel that is gone takes no commands"


def test_an_event_reaches_the_desk(asterisk: Asterisk, desk: ScriptedDesk) -> None:
    desk.answers = lambda path, sent: answering({"taken": 1, "known": 0, "refused": []})

    tells(asterisk, "answered", "pbx-1763650800.42", "201")

    until(lambda: desk.events(), seconds=10)
    [event] = desk.events()
    assert {name: event[name] for name in ("call", "kind", "extension", "from")} == {
        "call": "pbx-1763650800.42",
        "kind": "answered",
        "extension": "201",
        "from": "+31206543210",
    }


def test_events_wait_for_a_desk_that_is_away_and_come_in_their_order(
    asterisk: Asterisk, desk: ScriptedDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.answers = lambda path, sent: (503, b"")
    for kind in ("ringing", "answered", "ended"):
        tells(asterisk, kind, "call-1")
    until(lambda: len(desk.asked) >= 1, seconds=10)

    desk.asked.clear()
    desk.answers = lambda path, sent: answering({"taken": 1, "known": 0, "refused": []})
    until(lambda: not list((tmp_path / "events").glob("*.json")), seconds=20)

    assert [each["kind"] for each in desk.events()] == ["ringing", "answered", "ended"]


def test_events_outlive_the_server(desk: ScriptedDesk, tmp_path: Path) -> None:
    with running_agi("http://127.0.0.1:9", tmp_path) as port:
        tells(Asterisk(port, SCRIPT), "ended", "call-1")
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "events").glob("*.json")] == [0o600]

    with running_agi(desk.url, tmp_path):
        until(lambda: desk.events(), seconds=10)

    assert [each["kind"] for each in desk.events()] == ["ended"]


@pytest.mark.parametrize("content", ["", "{}", "[]", "{", '{"token": "t"}'])
def test_a_file_that_is_no_event_stands_in_nobody_s_way(
    desk: ScriptedDesk, tmp_path: Path, content: str
) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "0.json").write_text(content)

    with running_agi(desk.url, tmp_path) as port:
        tells(Asterisk(port, SCRIPT), "ended", "call-1")
        until(lambda: desk.events(), seconds=10)
        until(lambda: not list((tmp_path / "events").glob("*.json")), seconds=10)


def test_an_event_that_the_desk_refuses_is_sent_once(asterisk: Asterisk, desk: ScriptedDesk) -> None:
    desk.answers = lambda path, sent: (422, b'{"message": "no"}')
    tells(asterisk, "ended", "call-1")
    until(lambda: desk.events(), seconds=10)

    desk.answers = lambda path, sent: answering({})
    tells(asterisk, "ended", "call-2")
    until(lambda: len(desk.events()) >= 2, seconds=10)

    assert [each["call"] for each in desk.events()] == ["call-1", "call-2"]


def test_texts_are_asked_again_after_a_while(
    asterisk: Asterisk, desk: ScriptedDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "TEXTS_SECONDS", 0.0)
    desk.answers = lambda path, sent: answering(ANNOUNCE)
    first = Path(f"{asterisk.call(Caller()).played[0]}.wav").read_bytes()
    monkeypatch.setitem(TEXTS, "closed", {"en": "We are closed until Monday."})

    heard = asterisk.call(Caller())

    assert Path(f"{heard.played[0]}.wav").read_bytes() != first
