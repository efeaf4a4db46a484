"""Files of a form: how much, what kind, what they are called."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from balie.web.uploads import LARGEST_TOTAL, MOST_FILES, check_files, safe_name, suffix_of


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("bon.png", "bon.png"),
        ("C:\\Users\\Carla\\bon.png", "bon.png"),
        ("../../etc/passwd", "passwd"),
        ("bon\u202egnp.exe", "bongnp.exe"),  # reads as bonexe.png where that sign is obeyed
        ("bon\r\nSet-Cookie: x.png", "bonSet-Cookie: x.png"),
        ("Kassabon café €5.pdf", "Kassabon café €5.pdf"),
        ("\x00\x1f", "file"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_name_keeps_what_people_read_and_nothing_that_steers(given, kept):
    assert safe_name(given) == kept


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.PDF", ".pdf"),
        ("factuur.pdf.exe", ".exe"),
        ("factuur.exe. .", ".exe"),
        ("zonder", ""),
        (".bashrc", ""),
    ],
)
def test_the_end_of_a_name_counts_as_windows_reads_it(name, suffix):
    assert suffix_of(name) == suffix


def test_files_may_be_exactly_as_large_as_the_limit():
    check_files([("a.zip", LARGEST_TOTAL - 1), ("b.txt", 1)])


@pytest.mark.parametrize(
    "files",
    [
        [("a.zip", LARGEST_TOTAL), ("b.txt", 1)],
        [("a.txt", 1)] * (MOST_FILES + 1),
        [("a.txt", 1), ("b.bat", 1)],
    ],
)
def test_too_much_too_many_and_programs_are_refused(files):
    with pytest.raises(ValidationError):
        check_files(files)
