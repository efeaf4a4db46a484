"""The commands of one desk, as a person or a mail server runs them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import psycopg
import pytest
from tests.config.serving_process import BALIE, balie, environment

from balie.config import embedded_postgres
from balie.config.command_line import COMMANDS

LETTER = b"From: carla@shop.example\r\nSubject: Printer\r\n\r\nDe bon komt er niet uit.\r\n"


@pytest.fixture(scope="module")
def data(shared_folder: Path) -> Path:
    """A new desk, made by `balie init`."""
    folder = shared_folder / "desk"
    made = balie(
        folder, "init", "--preset", "infobits", "--admin", "willem@desk.example", "--json", timeout=180
    )
    assert made.returncode == 0, made.stderr
    (folder / "init.json").write_text(made.stdout)
    return folder


def receive(data: Path, raw: bytes, *options: str, **changes: str) -> subprocess.CompletedProcess[bytes]:
    command = [*BALIE, "mail", "receive", *options]
    return subprocess.run(
        command, input=raw, env=environment(data) | changes, capture_output=True, timeout=60, check=False
    )


def ask(data: Path, query: str) -> object:
    with embedded_postgres.running(data) as server, psycopg.connect(server.url) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


# init


def test_init_makes_an_empty_desk_with_one_invited_administrator(data: Path) -> None:
    told = json.loads((data / "init.json").read_text())
    assert told["desk"] == "Infobits helpdesk"
    assert told["invitation"].startswith("http://127.0.0.1:8000/")
    assert ask(data, "SELECT count(*) FROM tickets_ticket") == 0
    assert ask(data, "SELECT count(*) FROM accounts_agent WHERE role = 'administrator'") == 1
    assert ask(data, "SELECT is_demo FROM desk_desk") is False


def test_init_again_keeps_the_desk_and_gives_a_new_link(data: Path) -> None:
    again = balie(data, "init", "--preset", "infobits", "--admin", "willem@desk.example")
    assert again.returncode == 0, again.stderr
    assert "willem@desk.example chooses a password here, once: http" in again.stdout
    assert ask(data, "SELECT count(*) FROM accounts_user") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--preset", "infobits", "--admin", "nobody"], "“nobody” is no mail address."),
        (["--preset", "nowhere", "--admin", "a@desk.example"], "nowhere"),
        (["--preset", "softwear", "--admin", "a@desk.example"], "holds the desk “infobits”, not “softwear”"),
    ],
)
def test_init_refuses_in_one_sentence(data: Path, arguments: list[str], sentence: str) -> None:
    refused = balie(data, "init", *arguments)
    assert refused.returncode in {1, 2}
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_desk_with_real_customers_gets_no_invented_ones(data: Path) -> None:
    refused = balie(data, "demo")
    assert refused.returncode == 2
    assert "This desk was not made as a demo." in refused.stderr
    assert ask(data, "SELECT count(*) FROM customers_customer") == 0


# mail receive


def test_a_message_is_kept_with_the_job_that_makes_a_ticket_of_it(data: Path) -> None:
    done = receive(data, LETTER, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["new"] is True
    assert bytes(ask(data, "SELECT raw FROM mail_inboundmail")) == LETTER  # type: ignore[arg-type]
    assert ask(data, "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'mail.process'") == 1


def test_the_same_message_twice_is_kept_once_and_accepted_twice(data: Path) -> None:
    raw = LETTER + b"Tweemaal.\r\n"
    assert [receive(data, raw).returncode for _ in range(2)] == [0, 0]
    assert ask(data, "SELECT count(*) FROM mail_inboundmail WHERE raw LIKE '%Tweemaal%'::bytea") == 1


@pytest.mark.parametrize(
    ("raw", "changes", "code", "why"),
    [
        (b"", {}, 65, "nothing came"),
        (b"\r\n\r\n", {}, 65, "nothing but white space came"),
        (b"x" * (64 * 1024 * 1024 + 1), {}, 65, "too large for ever"),
        (LETTER, {"BALIE_DATA": "/nonexistent/desk"}, 75, "there is no such desk now"),
        (
            LETTER,
            {"DATABASE_URL": "postgresql://127.0.0.1:1/balie?connect_timeout=2"},
            75,
            "the database is away",
        ),
    ],
)
def test_the_exit_code_tells_a_mail_server_what_to_do(
    data: Path, raw: bytes, changes: dict[str, str], code: int, why: str
) -> None:
    done = receive(data, raw, **changes)
    assert done.returncode == code, why
    assert len(done.stderr.decode().strip().splitlines()) >= 1
    assert b"Traceback" not in done.stderr


# check


def test_check_names_what_it_looked_at(data: Path) -> None:
    done = balie(data, "check", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout
    assert told["healthy"] is True
    assert {finding["what"] for finding in told["checks"]} >= {
        "secret",
        "database",
        "tables",
        "desk",
        "worker",
        "assets",
    }


def test_check_tells_what_is_wrong_and_exits_with_1(data: Path) -> None:
    (data / "secret.key").chmod(0o644)
    try:
        done = balie(data, "check")
    finally:
        (data / "secret.key").chmod(0o600)
    assert done.returncode == 1
    assert f"not ok  secret: others may read {data / 'secret.key'}" in done.stdout


def test_check_notes_a_mail_in_quarantine_without_calling_the_installation_ill(data: Path) -> None:
    with (
        embedded_postgres.running(data) as server,
        psycopg.connect(server.url, autocommit=True) as connection,
    ):
        assert receive(data, b"From: x@nowhere.example\n\nhallo quarantaine").returncode == 0
        connection.execute("UPDATE mail_inboundmail SET state = 'quarantined'")
        try:
            told = json.loads(balie(data, "check", "--json").stdout)
        finally:
            connection.execute("UPDATE mail_inboundmail SET state = 'stored'")
    mail = next(finding for finding in told["checks"] if finding["what"] == "mail")
    assert mail["state"] == "note"
    assert "in quarantine" in mail["seen"]


@pytest.mark.parametrize("command", [["init", "--preset", "infobits", "--admin", "w@desk.example"], ["demo"]])
def test_a_database_that_does_not_answer_is_one_sentence(public_folder: Path, command: list[str]) -> None:
    done = balie(public_folder / "elsewhere", *command, DATABASE_URL="postgresql://127.0.0.1:1/balie")
    assert done.returncode in {1, 2}
    assert "The database does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_of_a_folder_that_is_not_there_says_so(public_folder: Path) -> None:
    done = balie(public_folder / "desk", "check")
    assert done.returncode == 1
    assert "does not exist; make a desk with “balie init”" in done.stdout
    assert not (public_folder / "desk").exists()


# backup and restore


@pytest.fixture(scope="module")
def backup(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    (data / "files" / "ab").mkdir(parents=True)
    (data / "files" / "ab" / "cdef").write_bytes(b"een foto")
    receive(data, LETTER)
    target = tmp_path_factory.mktemp("backups") / "desk.balie"
    made = balie(data, "backup", str(target), "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["verified"] is True
    return target


def test_a_back_up_is_for_its_owner_only_and_is_not_overwritten(data: Path, backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0
    refused = balie(data, "backup", str(backup))
    assert refused.returncode == 1
    assert "replace it with --force" in refused.stderr
    assert [path.name for path in backup.parent.iterdir()] == [backup.name], "nothing half-made is left"


def test_a_desk_comes_back_whole_in_an_empty_folder(data: Path, backup: Path, public_folder: Path) -> None:
    done = balie(public_folder / "new", "restore", str(backup))
    assert done.returncode == 0, done.stderr
    for table in ("mail_inboundmail", "accounts_user", "desk_line", "procrastinate_jobs"):
        count = f"SELECT count(*) FROM {table}"
        assert ask(public_folder / "new", count) == ask(data, count), table
    assert (public_folder / "new" / "files" / "ab" / "cdef").read_bytes() == b"een foto"
    assert (public_folder / "new" / "secret.key").read_text() == (data / "secret.key").read_text()
    assert balie(public_folder / "new", "check").returncode == 0


def test_a_desk_that_is_there_is_replaced_only_when_asked(
    data: Path, backup: Path, public_folder: Path
) -> None:
    copy = public_folder / "desk"
    assert balie(copy, "restore", str(backup)).returncode == 0
    (copy / "files" / "later").write_text("later")
    refused = balie(copy, "restore", str(backup))
    assert refused.returncode == 1
    assert "replace it with --force, and it is lost" in refused.stderr
    assert (copy / "files" / "later").exists()
    assert balie(copy, "restore", str(backup), "--force").returncode == 0
    assert not (copy / "files" / "later").exists()


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("a byte in the middle", "is not what its manifest says"),
        ("the end is missing", "no back-up of Balie, or"),
        ("another file altogether", "no back-up of Balie, or"),
        ("no file", "does not exist"),
    ],
)
def test_a_damaged_file_is_refused_before_anything_is_touched(
    backup: Path, public_folder: Path, what: str, sentence: str
) -> None:
    damaged, raw = public_folder / "damaged", bytearray(backup.read_bytes())
    if what == "a byte in the middle":
        raw[len(raw) // 2] ^= 0xFF
    elif what == "the end is missing":
        raw = raw[: len(raw) * 2 // 3]
    elif what == "another file altogether":
        raw = bytearray(b"hello" * 1000)
    if what != "no file":
        damaged.write_bytes(raw)
    refused = balie(public_folder / "desk", "restore", str(damaged))
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert not (public_folder / "desk").exists()


# What all commands share


def test_help_names_every_command() -> None:
    told = subprocess.run([*BALIE, "--help"], capture_output=True, text=True, check=True).stdout
    assert all(f"    {name} " in told or f"    {name}\n" in told for name in COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(command: str) -> None:
    told = subprocess.run([*BALIE, command, "--help"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(f"usage: balie {command}")


def test_a_mail_in_a_pipe_does_not_wait_for_django() -> None:
    imports = "import sys; from balie.config import mail_receive, command_line; from balie.mail import intake"
    code = imports + "; print('django' in sys.modules)"
    done = subprocess.run([BALIE[0], "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
