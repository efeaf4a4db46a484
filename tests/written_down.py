"""Which kinds of entries the code can put on the record, read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import balie

SOURCE = Path(balie.__file__).parent


class Unreadable(AssertionError):
    """A call whose kind cannot be read from the code: write it so that it can, or name its kinds in the test."""


def kinds(function: str, *, position: int, keyword: str, elsewhere: dict[str, set[str]]) -> dict[str, str]:
    """Every kind that is given to `function` as argument `position` or `keyword`, with a place that does it.

    A function that passes its own parameter on is followed to its callers in the same module. What is computed
    otherwise must stand in `elsewhere`: the expression as it is written, and the kinds that can come out of it.
    """
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        if "/migrations/" in str(path):
            continue
        tree = ast.parse(path.read_text())
        for given, place in _given(tree, function, position, keyword):
            for kind in elsewhere.get(ast.unparse(given)) or _constants(given, path):
                found.setdefault(kind, f"{path.relative_to(SOURCE)}:{place}")
    return found


def _given(tree: ast.Module, function: str, position: int, keyword: str) -> Iterator[tuple[ast.expr, int]]:
    """The kind in each call of `function`, through functions of this module that only pass it on."""
    for call, inside in _calls(tree, function):
        given = _argument(call, position, keyword)
        if given is None or inside.name == function:
            continue
        passed_on = _place_of_parameter(inside, given)
        if passed_on is None:
            yield given, call.lineno
        else:
            yield from _given(tree, inside.name, passed_on, ast.unparse(given))


def _calls(tree: ast.Module, function: str) -> Iterator[tuple[ast.Call, ast.FunctionDef]]:
    for inside in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
        for each in ast.walk(inside):
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == function:
                yield each, inside


def _argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    named = next((each.value for each in call.keywords if each.arg == keyword), None)
    return named or (call.args[position] if 0 <= position < len(call.args) else None)


def _place_of_parameter(inside: ast.FunctionDef, given: ast.expr) -> int | None:
    if not isinstance(given, ast.Name):
        return None
    names = [each.arg for each in (*inside.args.posonlyargs, *inside.args.args)]
    return names.index(given.id) if given.id in names else None


def _constants(given: ast.expr, path: Path) -> set[str]:
    match given:
        case ast.Constant(value=str(kind)):
            return {kind}
        case ast.IfExp(body=first, orelse=second):
            return _constants(first, path) | _constants(second, path)
    raise Unreadable(f"{path.name}:{given.lineno}: {ast.unparse(given)}")
