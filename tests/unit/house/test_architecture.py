"""The architecture as .github/DESIGN.md describes it."""

import ast
import functools
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

BOT = Path(__file__).parents[3] / "bot"
# Each room and the rooms it may import from.
ARROWS = {
    "messages": set(),
    "domain": {"messages"},
    "store": {"domain", "threads"},
    "engine": {"domain", "messages", "threads"},
    "pictures": {"domain", "messages"},
    "service": {"domain", "messages", "store", "engine", "pictures", "threads"},
    "chat": {"domain", "messages", "engine", "service", "pictures", "threads"},
    "operating": {"domain", "store", "engine", "service", "chat", "container", "settings"},
    "localdiscord": set(),
    "playground": {"localdiscord"},
}
LIBRARIES = {
    "messages": set(),
    "domain": {"dateutil"},
    "pictures": {"resvg_py", "uharfbuzz"},
    "localdiscord": {"aiohttp", "yarl", "pytest", "pytest_asyncio", "backports", "compression"},
    "playground": {"aiohttp"},
}


@functools.cache
def imports(room: str) -> list[tuple[str, str]]:
    """Name every module that a room's modules import, with the file that does."""
    if room != ".":
        return [(name, path) for name, path in imports(".") if path.startswith(f"{room}/")]
    imported = []
    for path in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path} imports relatively"
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            imported += [(name, str(path.relative_to(BOT))) for name in names]
    return imported


@pytest.mark.parametrize("room", ARROWS)
def test_imports_run_one_way(room: str) -> None:
    """A room imports only from itself and from the rooms below it."""
    wrong = [
        (name, path)
        for name, path in imports(room)
        if name.startswith("bot.") and name.split(".")[1] not in ARROWS[room] | {room}
    ]
    assert wrong == []


def test_no_import_circles() -> None:
    """No module imports itself by way of others, not even for types; importing a module imports its packages."""
    graph: dict[str, set[str]] = {}
    for name, path in imports("."):
        module = ".".join(("bot", *Path(path).with_suffix("").parts)).removesuffix(".__init__")
        parts = name.split(".")
        needed = {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
        graph.setdefault(module, set()).update(needed - {module})
    # names the circle in the error that it raises
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("room", LIBRARIES)
def test_rooms_without_libraries(room: str) -> None:
    """The domain needs Python and a calendar, pictures drawing libraries, the local Discord nothing of the bot."""
    import sys

    known = {*sys.stdlib_module_names, "bot", *LIBRARIES[room]}
    assert [name for name, _ in imports(room) if name.split(".")[0] not in known] == []


def test_only_chat_knows_discord() -> None:
    """Discord is imported in chat/, and by the app that starts it."""
    rooms = [path.name for path in BOT.iterdir() if path.is_dir() and path.name != "chat"]
    assert [use for room in rooms for use in imports(room) if use[0].split(".")[0] == "discord"] == []


def test_the_local_discord_is_for_any_bot() -> None:
    """The local Discord contains no word of this bot's subject: names and samples are the playground's."""
    ours = re.compile(r"pomodoro|tomato|study|\btea\b|remind|playground", re.IGNORECASE)
    modules = {path.name: path.read_text("utf-8") for path in (BOT / "localdiscord").rglob("*.py")}
    assert {name: words for name, text in modules.items() if (words := ours.findall(text))} == {}


def test_only_its_plugin_knows_pytest() -> None:
    """The local Discord runs without pytest, which is there for tests alone."""
    users = {path for name, path in imports("localdiscord") if name.startswith("pytest")}
    assert users == {"localdiscord/pytest_plugin.py"}


def test_only_metrics_knows_prometheus() -> None:
    """Parts notify an observer without knowing who it is."""
    assert {path for name, path in imports(".") if name.startswith("prometheus_client")} == {"operating/metrics.py"}


def test_modules_are_small() -> None:
    """A module that grows past 300 lines is two ideas."""
    long = {
        str(path): lines for path in BOT.rglob("*.py") if (lines := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert long == {}
