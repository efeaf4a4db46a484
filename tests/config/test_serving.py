"""`balie serve` from the outside: what a person who starts and stops it sees."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.config.serving_process import Serving, balie, environment, eventually, free_port

from balie.config import embedded_postgres
from balie.config.cluster import Cluster


@pytest.fixture(scope="module")
def data(shared_folder: Path) -> Path:
    """One desk for all tests of this module; each starts and stops it."""
    return shared_folder / "desk"


@pytest.fixture
def serving(data: Path) -> Iterator[Serving]:
    with Serving(data, "--preset", "infobits") as process:
        yield process


def nothing_is_left(serving: Serving) -> bool:
    database = embedded_postgres.processes_of(Cluster.of(serving.data))
    return not (serving.children("web") or serving.children("worker") or database)


def test_one_command_serves_pages_styles_and_a_worker(serving: Serving) -> None:
    status, page = serving.get("/")
    assert status == 200
    assert b"<html" in page
    assert serving.get("/static/vendor/tabler.min.css")[0] == 200
    assert serving.get("/live/?token=forged")[0] == 403
    assert eventually(lambda: bool(serving.children("worker")))
    assert eventually(lambda: balie(serving.data, "check").returncode == 0), balie(
        serving.data, "check"
    ).stdout


def test_progress_is_shown_and_the_last_line_is_the_address(serving: Serving) -> None:
    assert f"Balie is ready: http://127.0.0.1:{serving.port}" in serving.lines[-1]
    assert serving.has_said("The database runs.")


@pytest.mark.parametrize("to_whom", ["the supervisor", "the whole process group"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_the_database_last(data: Path, how: signal.Signals, to_whom: str) -> None:
    with Serving(data) as serving:
        assert eventually(lambda: bool(serving.children("worker")))
        if to_whom == "the supervisor":
            serving.process.send_signal(how)
        else:
            os.killpg(serving.process.pid, how)
        assert serving.process.wait(40) == 0, serving.text
    said = [line.split("s  ", 1)[1] for line in serving.lines[-5:]]
    assert said[-4:] == [
        "Stopping the web server.",
        "Stopping the worker.",
        "Stopping the database.",
        "Stopped.",
    ]
    assert nothing_is_left(serving)
    log = Cluster.of(data).log.read_text()
    assert "database system is shut down" in log.splitlines()[-1]
    assert "Traceback" not in serving.text


def test_an_open_live_stream_does_not_hold_up_the_stop(serving: Serving) -> None:
    token = live_token(serving.data)
    with socket.create_connection(("127.0.0.1", serving.port), timeout=10) as stream:
        stream.sendall(f"GET /live/?token={token} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert b"text/event-stream" in stream.recv(4096)
        serving.process.send_signal(signal.SIGTERM)
        assert serving.process.wait(8) == 0, serving.text
    assert "refused to gracefully stop" not in serving.text


def live_token(data: Path) -> str:
    code = "from balie import live; print(live.token_for(['queue']))"
    done = balie(data, "manage", "shell", "--no-imports", "-c", code)
    return done.stdout.strip()


def test_a_port_in_use_gives_one_sentence_and_starts_nothing(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = balie(data, "serve", "--port", str(port))
    assert done.returncode == 1
    assert (
        done.stderr
        == f"Port {port} on 127.0.0.1 is in use; choose another: --port {port + 1} (make run PORT={port + 1}).\n"
    )
    assert done.stdout == ""


def test_an_unknown_preset_gives_one_sentence_and_leaves_nothing_behind(public_folder: Path) -> None:
    done = balie(public_folder / "desk", "serve", "--preset", "infobit", "--port", str(free_port()))
    assert done.returncode == 1
    assert "There is no preset “infobit”; there are example, infobits, softwear" in done.stderr
    assert not (public_folder / "desk").exists()


def test_a_folder_that_holds_another_desk_is_refused(serving: Serving) -> None:
    done = balie(serving.data, "serve", "--preset", "softwear", "--port", str(free_port()))
    assert done.returncode == 1
    assert "holds the desk “infobits”, not “softwear”" in done.stderr


def test_the_same_folder_is_served_once(serving: Serving) -> None:
    done = balie(serving.data, "serve", "--port", str(free_port()))
    assert done.returncode == 1
    assert f"Balie already serves {serving.data} (process {serving.process.pid})" in done.stderr
    assert serving.answers()


@pytest.mark.long
def test_kill_9_of_the_supervisor_ends_everything_and_loses_nothing(data: Path) -> None:
    with Serving(data) as serving:
        with psycopg.connect(Cluster.of(data).url) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
            connection.execute("INSERT INTO kept VALUES (7)")
        serving.process.kill()
        assert eventually(lambda: nothing_is_left(serving))
    with Serving(data) as again:
        with psycopg.connect(Cluster.of(data).url) as connection:
            assert connection.execute("DELETE FROM kept RETURNING number").fetchone() == (7,)
        assert again.answers()


@pytest.mark.long
@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_child_that_is_killed_is_started_again(serving: Serving, name: str) -> None:
    assert eventually(lambda: bool(serving.children(name)))
    before = serving.children(name)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: bool(serving.children(name)) and not set(serving.children(name)) & set(before))
    assert eventually(serving.answers)
    assert serving.has_said("starting it again")


@pytest.mark.long
def test_a_worker_that_keeps_dying_ends_everything_with_a_sentence(serving: Serving) -> None:
    def kill_worker() -> bool:
        for pid in serving.children("worker"):
            os.kill(pid, signal.SIGKILL)
        return serving.process.poll() is not None

    assert eventually(kill_worker)
    assert serving.process.returncode == 1
    assert eventually(lambda: serving.has_said("The worker keeps ending (exit code -9), so Balie stops"))
    assert nothing_is_left(serving)


@pytest.mark.long
def test_a_database_that_dies_ends_everything_with_a_sentence(serving: Serving) -> None:
    postmaster = int((Cluster.of(serving.data).pgdata / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    assert eventually(lambda: serving.process.poll() == 1, seconds=60), serving.text
    assert eventually(lambda: serving.has_said("The database ended unexpectedly"))
    assert nothing_is_left(serving)


@pytest.mark.long
def test_a_stop_while_it_is_still_starting_is_heeded(public_folder: Path) -> None:
    serving = Serving(public_folder / "desk")
    assert eventually(lambda: serving.has_said("The database runs."))
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(30) == 0, serving.text
    serving.__exit__()
    assert nothing_is_left(serving)
    assert "DATABASE_URL" not in environment(public_folder)
