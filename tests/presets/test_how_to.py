"""The preset that docs/how-to/write-a-preset.md builds up is one, and answers as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from balie.config.command_line import main
from balie.presets.reading import read

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-preset.md"


@pytest.fixture
def corner() -> str:
    return "\n".join(re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))


def test_the_preset_of_the_page_is_sound(corner: str) -> None:
    preset = read(corner, file="corner.toml")
    assert list(preset.desk.lines) == ["office", "evening"]
    assert list(preset.desk.plans) == ["basic", "gold"]
    assert [each.key for each in preset.categories] == ["till", "till-frozen"]
    assert preset.phone.queues == {"office": (("201", "202"), ("203",))}


def test_each_part_of_the_page_is_a_preset_with_the_ones_before_it(corner: str) -> None:
    first_part = corner.split("[plans.basic]")[0]
    assert read(first_part, file="corner.toml").desk.plans == {}


@pytest.mark.parametrize("command", ["open", "deadline"])
def test_the_commands_of_the_page_answer_what_it_says(
    corner: str,
    command: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "corner.toml").write_text(corner, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    shown = re.search(rf"balie (explain {command} .*)\n```\n\n> (.*)\n", PAGE.read_text(encoding="utf-8"))
    assert shown is not None
    arguments = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', shown[1])]
    assert main(arguments) == 0
    assert capsys.readouterr().out.splitlines()[0] == shown[2]
