"""The names in the code, without the local Discord, which is a library of its own."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

BOT = Path(__file__).parents[3] / "bot"
OTHERS = {"localdiscord", "playground"}
# Words that say nothing about what they stand for.
NO_NAMES = {"which", "shown", "one", "found", "said", "told", "heard"}


def nodes() -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of the code, each with its module."""
    for path in BOT.rglob("*.py"):
        module = path.relative_to(BOT)
        if module.parts[0] not in OTHERS:
            yield from ((str(module), node) for node in ast.walk(ast.parse(path.read_text("utf-8"))))


def test_a_class_has_a_name_of_its_own() -> None:
    """No two classes share a name, so that it can be looked up and talked about."""
    modules = defaultdict(list)
    for module, node in nodes():
        if isinstance(node, ast.ClassDef):
            modules[node.name].append(module)
    assert {name: where for name, where in modules.items() if len(where) > 1} == {}


def test_names_say_what_they_stand_for() -> None:
    """No variable, parameter, function or field is called *which*, *shown* or the like."""
    empty = []
    for module, node in nodes():
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                pass
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                pass
            case _:
                continue
        if name.strip("_") in NO_NAMES:
            empty.append((module, name))
    assert empty == []
