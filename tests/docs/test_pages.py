"""What the pages say exists: files, commands and variables that they name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools.documents import ROOT

from balie.config import command_line
from balie.config.demo import data, people

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PLACE = re.compile(r"`((?:src|tests|tools|docs|benchmarks)/[\w./-]+)`")
COMMAND = re.compile(r"(?:^|`)(?:\.venv/bin/)?balie ([a-z]+)", re.MULTILINE)
VARIABLE = re.compile(r"\bBALIE_[A-Z_]+\b")
INTERNAL = {  # between our own processes, or for the tests: nobody sets these
    "BALIE_PROCESS",
    "BALIE_GATE",
    "BALIE_UNSAFE_FAST_DATABASE",
    "BALIE_TEST_TEMPLATE",
}
OF_A_CHANNEL = {ROOT / "src" / "balie" / "phone" / "agi" / "conversation.py"}
"""The variables in here are Asterisk's, of one call; tests/phone/test_dialplan.py compares them with the dialplan."""


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    inside = [
        link
        for link in LINK.findall(text_of(page))
        if "://" not in link and not link.startswith(("mailto:", "picture:", "video:"))
    ]
    assert [link for link in inside if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_that_are_named_exist(page: Path) -> None:
    assert [place for place in PLACE.findall(text_of(page)) if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_that_are_named_exist(page: Path) -> None:
    assert set(COMMAND.findall(text_of(page))) <= set(command_line.COMMANDS)


def variables_read() -> set[str]:
    pages = [path for path in (ROOT / "src").rglob("*.py") if path not in OF_A_CHANNEL]
    return {name for path in pages for name in VARIABLE.findall(text_of(path))} - INTERNAL


def test_every_variable_is_told_and_every_told_variable_is_read() -> None:
    told = set(VARIABLE.findall(text_of(ROOT / "docs" / "how-to" / "configure.md")))
    assert told == variables_read()


def test_the_logins_of_the_readme_are_those_of_the_demo_desks() -> None:
    readme = text_of(ROOT / "README.md")
    known = {
        mail_address
        for preset in ("infobits", "softwear")
        for mail_address in (
            *(f"{each.key.lower()}@{preset}.example" for each in people.COLLEAGUES),
            *(shop.mail_address(shop.contact) for shop in data.shops(preset)),
        )
    }
    told = set(re.findall(r"`([\w.]+@[\w.-]+)`", readme))
    assert told and told <= known
    assert f"`{people.PASSWORD}`" in readme


def test_contributing_is_short() -> None:
    assert len(text_of(ROOT / "CONTRIBUTING.md").splitlines()) < 150


def test_no_page_names_a_machine() -> None:
    for page in PAGES:
        assert not re.search(r"(?<![\w.])/(?:work|root|home/\w+)/", text_of(page)), name_of(page)
