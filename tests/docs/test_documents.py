"""The generated parts of docs/: what they are made from, and that they replace nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools import documents

RULES = '[infobits]\nIB-29 = "Hours."\nIB-30 = "Which hours count."\nIB-31 = "Nobody built this."\n'


@pytest.fixture
def tree(tmp_path: Path) -> documents.Tree:
    """A checkout with two rules in the source and one that nobody built."""
    for name, text in {
        "docs/rules/rules.toml": RULES,
        "docs/rules/hours.md": "# Hours\n\nIB-30 is here.\n",
        "docs/rules/README.md": "All of IB-29, IB-30 and IB-31.\n",
        "src/balie/rules/hours.py": '"""Hours (IB-29). More about it. IB-30, too."""\n',
        "src/balie/presets/shop.toml": "open = true  # IB-29\n",
        "src/balie/desk/migrations/0001.py": "# IB-31\n",
        "tests/rules/test_hours.py": "def test_a_day_has_hours_IB_29_IB_30(): ...\n",
        "tests/acceptance/test_page.py": "def test_the_page_shows_them_IB_30(): ...\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return documents.Tree(tmp_path)


def test_a_rule_stands_where_source_presets_and_pages_name_it(tree: documents.Tree) -> None:
    assert tree.sources["IB-29"] == ["src/balie/presets/shop.toml", "src/balie/rules/hours.py"]
    assert tree.sources["IB-30"] == ["src/balie/rules/hours.py"]
    assert tree.explanations["IB-30"] == ["docs/rules/hours.md"]


def test_a_migration_is_no_place_for_a_rule(tree: documents.Tree) -> None:
    assert "IB-31" not in tree.sources


def test_its_tests_carry_it_in_their_names(tree: documents.Tree) -> None:
    assert tree.tests["IB-29"] == ["tests/rules/test_hours.py"]
    assert tree.tests["IB-30"] == ["tests/acceptance/test_page.py", "tests/rules/test_hours.py"]


@pytest.mark.parametrize(
    ("rule", "stage"),
    [
        ("IB-30", "acceptance test"),  # seen from outside
        ("IB-29", "inner tests"),  # only a part of it exists
        ("IB-31", "not built yet"),  # no test carries its name
    ],
)
def test_how_far_a_rule_is(tree: documents.Tree, rule: str, stage: str) -> None:
    assert tree.stage_of(rule) == stage


def test_the_map_links_from_its_own_folder(tree: documents.Tree) -> None:
    assert "[rules/hours.py](../src/balie/rules/hours.py)" in documents.rules_with_places(tree)
    assert "[hours.md](hours.md)" in documents.rules_with_sentences(tree)


def test_a_slip_in_a_rule_id_is_found(tree: documents.Tree) -> None:
    (tree.root / "src/balie/rules/hours.py").write_text('"""IB-92."""', encoding="utf-8")
    with pytest.raises(documents.PageTrouble, match=r"src/balie/rules/hours\.py names IB-92"):
        _ = tree.sources


def test_a_part_replaces_only_what_is_between_its_markers() -> None:
    text = "Before\n<!-- generated: x -->\n\nold\n\n<!-- end: x -->\nafter\n"
    after = documents.with_part(text, "x", "new\n", page="map.md")
    assert after == "Before\n<!-- generated: x -->\n\nnew\n\n<!-- end: x -->\nafter\n"
    assert documents.with_part(after, "x", "new\n", page="map.md") == after


@pytest.mark.parametrize("text", ["", "<!-- generated: x -->", "<!-- end: x -->"])
def test_a_page_without_markers_is_told(text: str) -> None:
    with pytest.raises(documents.PageTrouble, match=r"docs/map\.md needs the two markers"):
        documents.with_part(text, "x", "new", page="map.md")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ('"""One thing. Another."""', "One thing."),
        ('"""Over\ntwo lines.\n\nMore."""', "Over two lines."),
        ('"""Version 1.5 of it. Next."""', "Version 1.5 of it."),
        ("x = 1", ""),
    ],
)
def test_a_module_is_told_by_the_first_sentence_of_its_docstring(
    tmp_path: Path, source: str, sentence: str
) -> None:
    path = tmp_path / "module.py"
    path.write_text(source, encoding="utf-8")
    assert documents.first_sentence(path) == sentence


def test_the_list_of_rules_is_whole() -> None:
    wanted = [f"SW-{number:02}" for number in range(1, 20)] + [f"IB-{number:02}" for number in range(1, 31)]
    rules = documents.Tree(documents.ROOT).rules
    assert list(rules) == wanted
    assert all(says.endswith(".") for says in rules.values())


def test_the_map_shows_the_layers_that_are_checked() -> None:
    layers = documents.layers_of(documents.Tree(documents.ROOT))
    page = (documents.ROOT / "docs" / "map.md").read_text(encoding="utf-8")
    drawn = page.split("```")[1].replace("|", ">").split(">")
    built = {path.parent.name for path in (documents.ROOT / "src" / "balie").glob("*/__init__.py")} | {
        "events"
    }
    assert [name.strip() for name in drawn] == [name for name in layers if name in built]
