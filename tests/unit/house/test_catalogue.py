"""The catalogue of sentences, and the pseudo-language that reveals what is not in it."""

import ast
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.messages import catalogue
from bot.messages.catalogue import N_, gettext, listed, ngettext

ROOT = Path(__file__).parents[3]
MARKS = {"N_", "gettext", "ngettext"}


def templates_in(path: Path) -> set[tuple[str, str]]:
    """Read a catalogue's templates, each with the files that contain it."""
    with path.open("rb") as file:
        return {(str(entry.id), where) for entry in read_po(file) for where, _ in entry.locations}


def test_is_current() -> None:
    """bot.pot has the code's templates, each with its files, and no others."""
    extracted = {(str(template), f"bot/{file}") for file, _, template, _, _ in extract_from_dir(str(ROOT / "bot"))}
    assert templates_in(ROOT / "bot/messages/bot.pot") == extracted


def calls_in(tree: ast.AST) -> list[ast.Call]:
    """Return the calls that mark or translate a template."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in MARKS]


def test_templates_are_whole() -> None:
    """No template is concatenated or within another, nor has an f-string around it: Babel would not see it."""
    wrong = []
    for path in (ROOT / "bot").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        hidden = {call for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for call in calls_in(node)}
        for call in calls_in(tree):
            has_f_string = any(isinstance(part, ast.JoinedStr) for part in ast.walk(call))
            within = [inner for inner in calls_in(call) if inner is not call]
            has_template = any(isinstance(inner.args[0], ast.Constant) for inner in within)
            if call in hidden or isinstance(call.args[0], ast.BinOp) or has_f_string or has_template:
                wrong.append(f"{path}:{call.lineno}")
    assert wrong == []


def test_english() -> None:
    """In English a template is shown as it is, with its arguments."""
    assert gettext("{count:,} of {name}", count=1234, name="tea") == "1,234 of tea"
    assert [ngettext("{number} day", "{number} days", number) for number in (1, 2)] == ["1 day", "2 days"]
    assert [listed(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.usefixtures("pseudo")
def test_pseudo() -> None:
    """The pseudo-language is accented and longer, and leaves arguments, code, mentions and commands alone."""
    text = gettext("Try `{command}` or /pomodoro list, <@{user_id}>!", command="!tea 5", user_id=7)
    assert text == "Ťŕý `!tea 5` öŕ /pomodoro list, <@7>!~"
    assert ngettext("{number} day", "{number} days", 2) == "2 đàýš~"


def test_marked() -> None:
    """A marked template stays as it is until it is shown."""
    assert N_("tea") == "tea"


def test_unknown_language() -> None:
    """A language without a catalogue is refused, not ignored."""
    with pytest.raises(OSError, match="bot"):
        catalogue.use("tlh")
