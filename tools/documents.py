"""Write the parts of docs/ that are generated: `python tools/documents.py`, or `make documents`.

A part stands in its page between `<!-- generated: NAME -->` and `<!-- end: NAME -->`; the rest is written by hand.
`--check` changes nothing and fails with one sentence per page that is out of date; `make lint` calls it.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from balie.presets import decision_table
from balie.rules import address_claims, lifecycle, visibility

ROOT = Path(__file__).resolve().parents[1]
SHOWN_TO_PEOPLE = ("tests/acceptance/", "tests/journeys/")
IN_TEXT = re.compile(r"\b(?:SW|IB)-\d\d\b")
IN_NAME = re.compile(r"(SW|IB)_(\d\d)")
TEST = re.compile(r"def (test_\w+)")
SENTENCE = re.compile(r".+?\.(?=\s|$)|.+", re.DOTALL)


class PageTrouble(Exception):
    """A page cannot be generated; the text says why in one sentence."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail when a page is out of date"
    )
    check = parser.parse_args().check
    late = []
    try:
        for page, text in pages(Tree(ROOT)).items():
            if page.read_text(encoding="utf-8") == text:
                continue
            late.append(page)
            if not check:
                page.write_text(text, encoding="utf-8")
    except PageTrouble as trouble:
        sys.exit(f"Documents: {trouble}")
    if check and late:
        names = ", ".join(str(page.relative_to(ROOT)) for page in late)
        sys.stderr.write(f"Out of date: {names}; run “make documents”.\n")
    return 1 if check and late else 0


def pages(tree: Tree) -> dict[Path, str]:
    """Every page with a generated part -> its text as it should be."""
    wanted: dict[Path, str] = {}
    for (name, part), write in PARTS.items():
        page = tree.root / "docs" / name
        text = wanted.get(page) or page.read_text(encoding="utf-8")
        wanted[page] = with_part(text, part, write(tree), page=name)
    return wanted


def with_part(text: str, part: str, content: str, *, page: str) -> str:
    """The text with this part's content between its markers; `PageTrouble` when a marker is missing."""
    begin, end = f"<!-- generated: {part} -->", f"<!-- end: {part} -->"
    head, found, rest = text.partition(begin)
    _old, closed, tail = rest.partition(end)
    if not found or not closed:
        raise PageTrouble(f"docs/{page} needs the two markers “{begin}” and “{end}”.")
    return f"{head}{begin}\n\n{content.strip()}\n\n{end}{tail}"


# What is read


@dataclass
class Tree:
    """The checkout, and where each rule is named in it. Paths are relative to the root."""

    root: Path

    @cached_property
    def rules(self) -> Mapping[str, str]:
        """Rule -> its sentence, in the order of rules.toml."""
        text = (self.root / "docs" / "rules" / "rules.toml").read_text(encoding="utf-8")
        return {rule: says for desk in tomllib.loads(text).values() for rule, says in desk.items()}

    @cached_property
    def sources(self) -> Mapping[str, list[str]]:
        """Rule -> the modules, presets and pages of the screens that name it."""
        folder = self.root / "src" / "balie"
        files = (path for path in folder.rglob("*") if path.suffix in {".py", ".toml", ".html"})
        kept = (path for path in files if not {"migrations", "static"} & set(path.parts))
        return self._naming(kept, rules_in)

    @cached_property
    def tests(self) -> Mapping[str, list[str]]:
        """Rule -> the files with tests that carry it in their names."""
        return self._naming((self.root / "tests").rglob("test_*.py"), rules_in_test_names)

    @cached_property
    def explanations(self) -> Mapping[str, list[str]]:
        """Rule -> the pages that explain it."""
        folder = self.root / "docs"
        files = (path for place in ("rules", "how-to") for path in (folder / place).glob("*.md"))
        return self._naming((path for path in files if path.name != "README.md"), rules_in)

    def _naming(self, files: Iterable[Path], rules_of: Callable[[str], set[str]]) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in sorted(files):
            for rule in rules_of(path.read_text(encoding="utf-8")):
                found[rule].append(path.relative_to(self.root).as_posix())
        if unknown := found.keys() - self.rules.keys():
            rule = min(unknown)
            raise PageTrouble(f"{found[rule][0]} names {rule}, which docs/rules/rules.toml does not have.")
        return found

    def stage_of(self, rule: str) -> str:
        """How far a rule is, by the outermost test that carries its name."""
        tests = self.tests.get(rule, [])
        if any(path.startswith(SHOWN_TO_PEOPLE) for path in tests):
            return "acceptance test"
        return "inner tests" if tests else "not built yet"


def rules_in(text: str) -> set[str]:
    return set(IN_TEXT.findall(text))


def rules_in_test_names(text: str) -> set[str]:
    return {f"{desk}-{number}" for name in TEST.findall(text) for desk, number in IN_NAME.findall(name)}


# What is written


def rules_with_places(tree: Tree) -> str:
    """docs/map.md: rule -> source, tests, pages."""
    lines = ["| rule | shown by | named in | tests | page |", "|---|---|---|---|---|"]
    for rule in tree.rules:
        cells = (
            _links(tree.sources.get(rule, []), seen_from="docs", without="src/balie/"),
            _links(tree.tests.get(rule, []), seen_from="docs", without="tests/"),
            _links(tree.explanations.get(rule, []), seen_from="docs", without="docs/"),
        )
        lines.append(f"| **{rule}** | {tree.stage_of(rule)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def rules_with_sentences(tree: Tree) -> str:
    """docs/rules/README.md: rule -> what it says, and the page that tells more."""
    lines = ["| rule | says | shown by | more |", "|---|---|---|---|"]
    for rule, says in tree.rules.items():
        more = _links(tree.explanations.get(rule, []), seen_from="docs/rules", without="docs/rules/")
        lines.append(f"| {rule} | {says} | {tree.stage_of(rule)} | {more} |")
    return "\n".join(lines)


def packages(tree: Tree) -> str:
    """docs/map.md: every package and module, with the first sentence of its docstring; top layer first."""
    found = {path.parent.name: path.parent for path in (tree.root / "src" / "balie").glob("*/__init__.py")}
    layers = [name for name in layers_of(tree) if name in found]
    return "\n\n".join(
        f"### `{name}`\n\n" + "\n".join(_modules(tree, found[name]))
        for name in (*layers, *sorted(found.keys() - set(layers)))
    )


def layers_of(tree: Tree) -> list[str]:
    """The names of the layers, as import-linter checks them."""
    settings = tomllib.loads((tree.root / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(
        each for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "layers"
    )
    return [name.strip(" ()") for line in contract["layers"] for name in line.split("|")]


def _modules(tree: Tree, package: Path) -> Iterator[str]:
    if about := first_sentence(package / "__init__.py"):
        yield f"{about}\n"
    for path in sorted(package.glob("*.py")):
        said = first_sentence(path)
        if said and path.stem != "__init__":
            yield f"- [`{path.stem}`](../{path.relative_to(tree.root).as_posix()}): {said}"


def first_sentence(path: Path) -> str:
    """The first sentence of a module's docstring, on one line; nothing when it has none."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    sentence = SENTENCE.match(docstring.split("\n\n")[0])
    return " ".join(sentence.group().split()) if sentence else ""


def decisions(tree: Tree) -> str:
    """docs/decisions/README.md: the records in order, by their titles."""
    records = sorted(path for path in (tree.root / "docs" / "decisions").glob("[0-9]*.md"))
    titles = {path.name: path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ") for path in records}
    return "\n".join(f"- [{name[:4]}]({name}) {title}" for name, title in titles.items())


def _links(paths: Iterable[str], *, seen_from: str, without: str) -> str:
    return ", ".join(f"[{path.removeprefix(without)}]({os.path.relpath(path, seen_from)})" for path in paths)


PARTS: Mapping[tuple[str, str], Callable[[Tree], str]] = {
    ("map.md", "rules"): rules_with_places,
    ("map.md", "packages"): packages,
    ("rules/README.md", "rules"): rules_with_sentences,
    ("rules/entitlement-table.md", "decisions"): lambda tree: decision_table.as_markdown(
        decision_table.INFOBITS_SHEETS
    ),
    ("rules/entitlement-table.md", "decisions of softwear"): lambda tree: decision_table.as_markdown(
        decision_table.SOFTWEAR_SHEETS
    ),
    ("rules/lifecycle.md", "diagram"): lambda tree: f"```mermaid\n{lifecycle.as_mermaid()}```",
    ("rules/lifecycle.md", "moves"): lambda tree: lifecycle.as_markdown(),
    ("rules/address-claims.md", "moves"): lambda tree: address_claims.as_markdown(),
    ("rules/visibility.md", "readers"): lambda tree: visibility.as_markdown(),
    ("decisions/README.md", "records"): decisions,
}
"""(page below docs/, part) -> who writes it."""


if __name__ == "__main__":
    sys.exit(main())
