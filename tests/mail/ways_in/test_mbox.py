"""Messages out of one file: where one ends and the next begins."""

from __future__ import annotations

import io
import mailbox
from pathlib import Path

import pytest

from balie.mail.ways_in.mbox import messages

LARGEST = 1000


def read(content: bytes, *, start: int = 0, largest: int = LARGEST) -> list[bytes | None]:
    file = io.BufferedReader(io.BytesIO(content))
    file.seek(start)
    return [found.raw for found in messages(file, largest=largest)]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param(b"Subject: a\r\n\r\nx\r\n", [b"Subject: a\r\n\r\nx\r\n"], id="one message"),
        pytest.param(b"", [], id="nothing"),
        pytest.param(b"From a@b Fri\nSubject: a\n\nx\n", [b"Subject: a\n\nx\n"], id="an mbox of one"),
        pytest.param(
            b"From a Fri\nA: 1\n\nx\n\nFrom b Fri\nB: 2\n\ny\n\n",
            [b"A: 1\n\nx\n", b"B: 2\n\ny\n"],
            id="of two",
        ),
        pytest.param(
            b"From a Fri\r\nA: 1\r\n\r\nx\r\n\r\nFrom b Fri\r\nB: 2\r\n\r\ny\r\n",
            [b"A: 1\r\n\r\nx\r\n", b"B: 2\r\n\r\ny\r\n"],
            id="with the ends of lines of another system",
        ),
        pytest.param(
            b"From a Fri\nA: 1\n\nx\nFrom here on it is text\n",
            [b"A: 1\n\nx\nFrom here on it is text\n"],
            id="a sentence that begins with From, not after an empty line",
        ),
        pytest.param(
            b"From a Fri\nA: 1\n\n>From me\n>>From you\n>Hello\n",
            [b"A: 1\n\nFrom me\n>From you\n>Hello\n"],
            id="lines that were quoted for the mbox",
        ),
        pytest.param(
            b"From a Fri\nA: 1\n\n" + b"x" * 2000 + b"\n\nFrom b Fri\nB: 2\n\ny\n",
            [None, b"B: 2\n\ny\n"],
            id="one that is too large, and the next",
        ),
        pytest.param(
            b"From a Fri\n\nFrom b Fri\nB: 2\n\ny\n", [b"\n", b"B: 2\n\ny\n"], id="an empty message"
        ),
        pytest.param(b"Subject: a\n\n>From me\n", [b"Subject: a\n\n>From me\n"], id="quoted, but no mbox"),
    ],
)
def test_a_file_is_taken_apart(content: bytes, found: list[bytes | None]) -> None:
    assert read(content) == found


def test_reading_goes_on_from_where_a_message_ended() -> None:
    content = b"From a Fri\nA: 1\n\nx\n\nFrom b Fri\nB: 2\n\ny\n\nFrom c Fri\nC: 3\n\nz\n"
    ends = [found.ends_at for found in messages(io.BufferedReader(io.BytesIO(content)), largest=LARGEST)]

    assert ends[-1] == len(content)
    assert [read(content, start=end)[:1] for end in ends[:-1]] == [[b"B: 2\n\ny\n"], [b"C: 3\n\nz\n"]]


def test_what_pythons_own_mbox_writes_is_read(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "box")
    for number in range(3):
        box.add(f"Subject: {number}\n\nFrom me\n\nFrom you, {number}\n".encode())
    box.close()

    with (tmp_path / "box").open("rb") as file:
        found = [each.raw for each in messages(file, largest=LARGEST)]
    assert found == [f"Subject: {number}\n\nFrom me\n\nFrom you, {number}\n".encode() for number in range(3)]
