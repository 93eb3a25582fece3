from pathlib import Path

TESTS = Path(__file__).parents[2]


def test_thorough_files_are_marked() -> None:
    """A file whose tests try more under the thorough profile has the mark by which ``.ci/run`` selects it."""
    sources = {path.name: path.read_text("utf-8") for path in TESTS.rglob("test_*.py")}
    trying = {name for name, source in sources.items() if "from tests.effort import" in source}
    assert trying
    assert {name for name in trying if "pytest.mark.thorough" not in sources[name]} == set()
