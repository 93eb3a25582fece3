"""Reach: which tests come to which statement. As a plugin of pytest it takes that down, test by test."""

import ast
import json
import os
import time
from collections import Counter
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.mutation import Mutation

_reached: set[str] = set()
# Called by an instrumented module before each statement of its functions.
reached = _reached.add


def instrumented(path: str, text: str) -> str:
    """Return a module that tells of each statement of its functions that is run."""
    tree = ast.parse(text)
    blocks = {id(block): (node, name, block) for node, name, block in _blocks(tree)}
    for node, name, block in blocks.values():
        setattr(
            node, name, [both for statement in block for both in (_call(f"{path}:{statement.lineno}"), statement)]
        )
    first = ast.parse(f"from {__name__} import reached as _reached").body
    return ast.unparse(ast.fix_missing_locations(ast.Module([*first, *tree.body], [])))


def _call(where: str) -> ast.Expr:
    return ast.Expr(ast.Call(ast.Name("_reached"), [ast.Constant(where)], []))


def _blocks(tree: ast.AST) -> Iterable[tuple[ast.AST, str, list[ast.stmt]]]:
    """Return every list of statements that is inside a function, and where it hangs."""
    for function in _functions(tree):
        for node in ast.walk(function):
            for name in ("body", "orelse", "finalbody"):
                if isinstance(block := getattr(node, name, None), list):
                    yield node, name, block


def _functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Take down what a test that passes has come to, and how many seconds it took."""
    _reached.clear()
    failed, began = item.session.testsfailed, time.monotonic()
    result = yield
    if item.session.testsfailed == failed:
        seconds = round(time.monotonic() - began, 3)
        with (Path(os.environ["REACH"]) / f"{os.getpid()}.jsonl").open("a") as file:
            file.write(json.dumps([item.nodeid, seconds, sorted(_reached)]) + "\n")
    return result


@dataclass
class Reach:
    """How long each test takes, what share of its statements is in a module, and who comes to a ``path:line``."""

    seconds: dict[str, float] = field(default_factory=dict)
    shares: dict[tuple[str, str], float] = field(default_factory=dict)
    tests: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> "Reach":
        """Read what the plugin has taken down in a folder."""
        reach = cls()
        for line in (line for file in folder.glob("*.jsonl") for line in file.read_text().splitlines()):
            test, seconds, places = json.loads(line)
            reach.seconds[test] = seconds
            for path, count in Counter(place.rpartition(":")[0] for place in places).items():
                reach.shares[test, path] = count / len(places)
            for place in places:
                reach.tests.setdefault(place, []).append(test)
        return reach

    def of(self, mutation: Mutation, text: str) -> set[str]:
        """Return the tests that may notice a mutation of a module which reads so.

        One within a function is noticed by who comes to its statement. What is outside runs at import: it is
        noticed by who comes to a use of the name that it sets, or, failing that, to anything in the module.
        A PostgreSQL test counts only where there is no such test of SQLite.
        """
        path, tree = mutation.path, ast.parse(text)
        lines = {statement.lineno for _, _, block in _blocks(tree) for statement in block}
        if mutation.line in lines:
            wanted = {mutation.line}
        elif around := [function for function in _functions(tree) if function.lineno == mutation.line]:
            wanted = {statement.lineno for statement in around[0].body}  # a default of an argument
        else:
            wanted = _uses(tree, mutation.line) or lines
        tests = {test for line in wanted for test in self.tests.get(f"{path}:{line}", ())}
        return {test for test in tests if test.replace("postgresql", "sqlite") not in tests - {test}}


def _uses(tree: ast.Module, line: int) -> set[int]:
    """Return the lines of the statements in functions that use a name which is set on a line of the module."""
    names = {
        name.id
        for statement in tree.body
        if statement.lineno <= line <= (statement.end_lineno or line) and isinstance(statement, ast.Assign)
        for target in statement.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    }
    return {
        statement.lineno
        for _, _, block in _blocks(tree)
        for statement in block
        if any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(statement))
    }
