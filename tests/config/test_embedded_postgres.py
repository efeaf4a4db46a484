"""The embedded server, started for real: shared, killed, left behind, and run for root."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from balie.config import cluster as clusters
from balie.config import embedded_postgres
from balie.config.cluster import Cluster, DatabaseTrouble
from balie.config.embedded_postgres import AlreadyServing, running

pytestmark = pytest.mark.usefixtures("quick_database")

HOLD = """
import sys, time
from pathlib import Path
from balie.config.embedded_postgres import running
with running(Path(sys.argv[1]), purpose=sys.argv[2]) as server:
    print("owns" if server.process else "joined", flush=True)
    time.sleep(float(sys.argv[3]))
"""


@contextmanager
def another_process(
    data: Path,
    purpose: str = "serve",
    *,
    seconds: float = 60,
    user: str | None = None,
    python: str = sys.executable,
) -> Iterator[subprocess.Popen[str]]:
    """A process that runs or joins the server of this folder, ready when the block begins; killed at its end."""
    process = subprocess.Popen(
        [python, "-c", HOLD, str(data), purpose, str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        user=user,
        extra_groups=[] if user else None,
    )
    assert process.stdout is not None
    process.said = process.stdout.readline().strip()  # type: ignore[attr-defined]
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def eventually(reached: Callable[[], bool], *, seconds: float = 20) -> bool:
    give_up_at = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.02)
    return True


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_empty_folder_becomes_a_database_that_answers_and_is_stopped_at_the_end(
    public_folder: Path,
) -> None:
    data = public_folder / "desk"
    with running(data) as server:
        assert ask(server.url, "SELECT current_database()") == "balie"
        assert ask(server.url, "SHOW listen_addresses") == ""
    assert not embedded_postgres.processes_of(Cluster.of(data))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url)


def test_nobody_else_can_look_into_the_data_or_the_socket(public_folder: Path) -> None:
    with running(public_folder / "desk") as server:
        assert mode(server.cluster.pgdata) == 0o700
        assert mode(server.cluster.socket_folder) == 0o700
        assert mode(public_folder / "desk") & 0o066 == 0


def test_what_was_written_is_there_after_a_stop_and_a_start(public_folder: Path) -> None:
    with running(public_folder / "desk") as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    with running(public_folder / "desk") as server:
        assert ask(server.url, "SELECT number FROM kept") == 7


def test_a_second_command_joins_the_running_server_and_leaves_it_running(public_folder: Path) -> None:
    data = public_folder / "desk"
    with running(data, purpose="serve") as server:
        with another_process(data, "command", seconds=0) as command:
            assert command.said == "joined"  # type: ignore[attr-defined]
            command.wait(20)
        assert ask(server.url, "SELECT 1") == 1


def test_a_server_that_a_command_started_waits_for_the_other_commands(public_folder: Path) -> None:
    data = public_folder / "desk"
    with another_process(data, "command", seconds=0.5) as first:
        assert first.said == "owns"  # type: ignore[attr-defined]
        with running(data) as server:
            assert server.process is None
            time.sleep(1.5)
            assert first.poll() is None
            assert ask(server.url, "SELECT 1") == 1
        assert eventually(lambda: first.poll() is not None)
    assert eventually(lambda: not embedded_postgres.processes_of(Cluster.of(data)))


def test_serving_waits_for_a_command_that_has_the_database(public_folder: Path) -> None:
    data, told = public_folder / "desk", list[str]()
    with (
        another_process(data, "command", seconds=1),
        running(data, purpose="serve", progress=told.append) as server,
    ):
        assert server.process is not None
    assert told == ["Another balie command uses the database; waiting for it to finish."]


def test_one_folder_is_served_once(public_folder: Path) -> None:
    data = public_folder / "desk"
    with another_process(data) as other:
        with pytest.raises(AlreadyServing, match=str(other.pid)), running(data, purpose="serve"):
            pass
        assert embedded_postgres.serving_process(data) == other.pid
    assert eventually(lambda: embedded_postgres.serving_process(data) is None)


def test_after_kill_9_of_the_supervisor_the_database_shuts_down_cleanly_by_itself(
    public_folder: Path,
) -> None:
    data = public_folder / "desk"
    with another_process(data) as supervisor:
        url = Cluster.of(data).url
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        supervisor.send_signal(signal.SIGKILL)
        assert eventually(lambda: not embedded_postgres.processes_of(Cluster.of(data)))
    with running(data) as server:
        assert ask(server.url, "SELECT number FROM kept") == 7
        assert "not properly shut down" not in server.cluster.log.read_text()


def test_a_start_right_after_kill_9_waits_for_the_old_server(public_folder: Path) -> None:
    data = public_folder / "desk"
    with another_process(data) as supervisor:
        supervisor.send_signal(signal.SIGKILL)
        with running(data, purpose="serve") as server:
            assert ask(server.url, "SELECT 1") == 1


def server_pid(server: embedded_postgres.Server) -> int:
    assert server.process is not None
    return server.process.pid


def test_ctrl_c_to_the_whole_process_group_does_not_reach_the_database(public_folder: Path) -> None:
    data = public_folder / "desk"
    with another_process(data) as supervisor:
        postgres = embedded_postgres.processes_of(Cluster.of(data))
        assert postgres
        assert all(os.getsid(pid) != os.getsid(supervisor.pid) for pid in postgres)
        assert all(os.getpgid(pid) != os.getpgid(supervisor.pid) for pid in postgres)


def test_a_stale_pid_file_that_names_a_stranger_hurts_nobody(public_folder: Path) -> None:
    data = public_folder / "desk"
    with running(data) as server:
        pid_file = (server.cluster.pgdata / "postmaster.pid").read_text()
    stranger = subprocess.Popen(["/bin/sleep", "60"], user="nobody" if os.geteuid() == 0 else None)
    try:
        left = server.cluster.pgdata / "postmaster.pid"
        left.write_text("\n".join([str(stranger.pid), *pid_file.splitlines()[1:]]) + "\n")
        with running(data) as again:
            assert ask(again.url, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_half_made_cluster_is_made_again(public_folder: Path) -> None:
    data = public_folder / "desk"
    home = clusters.prepare(data).home
    shutil.rmtree(home / "pgdata")
    (home / "pgdata.new").mkdir()
    (home / "pgdata.new" / "PG_VERSION").write_text("18\n")
    with running(data) as server:
        assert ask(server.url, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_gets_a_short_one(public_folder: Path) -> None:
    data = public_folder / ("long-" * 20) / ("longer-" * 15)
    with running(data) as server:
        assert ask(server.url, "SELECT 1") == 1
        assert str(server.cluster.socket_folder).startswith("/tmp/balie-")
        assert mode(server.cluster.socket_folder) == 0o700
    shutil.rmtree(server.cluster.socket_folder)


def test_a_socket_folder_of_somebody_else_is_not_used(public_folder: Path) -> None:
    data = public_folder / ("long-" * 20) / ("longer-" * 15)
    folder = clusters.prepare(data).socket_folder
    folder.symlink_to(public_folder)
    try:
        with pytest.raises(DatabaseTrouble, match="in the way"), running(data):
            pass
    finally:
        folder.unlink()


def test_odd_characters_in_the_path_do_no_harm(public_folder: Path) -> None:
    with running(public_folder / 'Jan\'s "kassa", 100% ä') as server:
        assert ask(server.url, "SELECT 1") == 1
    shutil.rmtree(server.cluster.socket_folder)


def test_a_cluster_of_another_postgresql_is_refused_with_a_way_out(public_folder: Path) -> None:
    made = clusters.prepare(public_folder / "desk")
    (made.pgdata / "PG_VERSION").write_text("17\n")
    with pytest.raises(DatabaseTrouble, match="was made by PostgreSQL 17"), running(public_folder / "desk"):
        pass


def test_a_server_that_cannot_start_tells_its_last_words(public_folder: Path) -> None:
    with (
        pytest.raises(DatabaseTrouble, match="shared_buffers"),
        running(public_folder / "desk", settings={"shared_buffers": "nonsense"}),
    ):
        pass


def test_a_folder_of_somebody_else_is_refused_in_one_sentence(
    public_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: (_ for _ in ()).throw(PermissionError(13, "no")))
    with (
        pytest.raises(DatabaseTrouble.__base__, match="belongs to somebody else"),
        running(public_folder / "desk"),
    ):
        pass


# Root


@pytest.mark.root
def test_for_root_the_server_runs_as_an_unprivileged_user(public_folder: Path) -> None:
    with running(public_folder / "desk") as server:
        assert Path(f"/proc/{server_pid(server)}").stat().st_uid != 0
        assert server.cluster.home.is_relative_to(public_folder)
        assert server.cluster.home.stat().st_uid == 0, "that user can plant nothing beside the cluster"


@pytest.mark.root
def test_for_root_a_private_folder_keeps_its_database_where_the_server_can_reach_it(
    private_folder: Path, public_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "SHARED_HOME", public_folder / "balie")
    with running(private_folder / "desk") as server:
        assert ask(server.url, "SELECT 1") == 1
        assert server.cluster.home.is_relative_to(public_folder / "balie")
    assert (private_folder / "desk" / "database").resolve() == server.cluster.home
    with running(private_folder / "desk") as again:
        assert again.cluster.home == server.cluster.home


@pytest.mark.root
def test_for_root_programs_in_a_clone_that_only_root_can_read_are_copied(
    private_folder: Path, public_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = clusters.programs_folder()
    site = private_folder / "site-packages"
    shutil.copytree(original.parents[1] / "embedded_postgres.libs", site / "embedded_postgres.libs")
    shutil.copytree(original, site / "embedded_postgres" / "pginstall")
    monkeypatch.setattr(clusters, "programs_folder", lambda: site / "embedded_postgres" / "pginstall")
    with running(public_folder / "desk") as server:
        assert ask(server.url, "SELECT 1") == 1
        exe = Path(f"/proc/{server_pid(server)}/exe").readlink()
    assert exe.is_relative_to(server.cluster.home)


@pytest.mark.root
def test_for_root_a_copied_folder_never_shares_the_database_of_the_original(
    private_folder: Path, public_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "SHARED_HOME", public_folder / "balie")
    clusters.prepare(private_folder / "desk")
    shutil.copytree(private_folder / "desk", private_folder / "copy", symlinks=True)
    with pytest.raises(DatabaseTrouble, match="is a copy of"):
        clusters.prepare(private_folder / "copy")


@pytest.mark.root
def test_for_root_a_moved_folder_keeps_its_database(
    private_folder: Path, public_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "SHARED_HOME", public_folder / "balie")
    home = clusters.prepare(private_folder / "desk").home
    (private_folder / "desk").rename(private_folder / "moved")
    assert clusters.prepare(private_folder / "moved").home == home


@pytest.mark.root
def test_root_who_helps_an_ordinary_user_leaves_nothing_of_root_behind(public_folder: Path) -> None:
    owner = pwd.getpwnam("nobody")
    data = public_folder / "desk"
    data.mkdir(mode=0o700)
    os.chown(data, owner.pw_uid, owner.pw_gid)
    with running(data) as server:
        assert Path(f"/proc/{server_pid(server)}").stat().st_uid == owner.pw_uid
    assert {path.stat().st_uid for path in data.rglob("*")} == {owner.pw_uid}


@pytest.fixture
def ordinary_user(public_folder: Path) -> Iterator[pwd.struct_passwd]:
    name = f"balie{os.getpid()}"
    subprocess.run(["useradd", "--create-home", "--base-dir", str(public_folder), name], check=True)
    yield pwd.getpwnam(name)
    subprocess.run(["userdel", name], check=True, capture_output=True)


@pytest.mark.root
def test_an_ordinary_user_runs_it_as_that_user(
    ordinary_user: pwd.struct_passwd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the machine's own Python and a copy of our source, because root's may be out of that user's reach."""
    home = Path(ordinary_user.pw_dir)
    source = Path(clusters.__file__).parents[2]
    shutil.copytree(
        source / "balie" / "config",
        home / "lib" / "balie" / "config",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copy(source / "balie" / "__init__.py", home / "lib" / "balie")
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(clusters.programs_folder().parents[1] / name, home / "lib" / name)
    for info in clusters.programs_folder().parents[1].glob("embedded_postgres-*.dist-info"):
        shutil.copytree(info, home / "lib" / info.name)
    subprocess.run(["chown", "-R", ordinary_user.pw_name, str(home)], check=True)
    monkeypatch.setenv("PYTHONPATH", str(home / "lib"))
    monkeypatch.setenv("HOME", str(home))
    with another_process(home / "desk", user=ordinary_user.pw_name, python="/usr/bin/python3") as process:
        assert process.said == "owns"  # type: ignore[attr-defined]
        postgres = embedded_postgres.processes_of(Cluster.of(home / "desk"))
        assert {Path(f"/proc/{pid}").stat().st_uid for pid in postgres} == {ordinary_user.pw_uid}
        process.send_signal(signal.SIGINT)
        assert eventually(lambda: not embedded_postgres.processes_of(Cluster.of(home / "desk")))
    assert mode(home / "desk") == 0o700
