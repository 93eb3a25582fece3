"""What an operator does for people who cannot reach the bot: export all that is kept of them, or delete it."""

from pathlib import Path

import pytest

from bot.__main__ import main
from tests.reading import rows, unpacked

ANN, BEN = 7 << 55, 8 << 55


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database where Ann and Ben have a month of focus."""
    file = tmp_path / "pomodoro.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file.as_posix()}")
    monkeypatch.setenv("DISCORD_API_URL", "http://127.0.0.1:8700/api/v10")
    for person in (ANN, BEN):
        assert main(["sample-history", str(person), "10", "20"]) == 0
    return file


def test_export(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All that is kept of one person is in the file, nothing of another; no file is overwritten."""
    packed = tmp_path / "ann.zip"
    assert main(["export-person", str(ANN), str(packed)]) == 0
    whole, _ = unpacked([packed.read_bytes()])
    entries = whole["focus_log"]
    assert len(entries) > 20
    assert {str(entry["user_id"]) for entry in entries} == {str(ANN)}
    before = packed.read_bytes()
    assert main(["export-person", str(ANN), str(packed)]) == 1
    assert packed.read_bytes() == before
    assert "cannot be written" in capsys.readouterr().err
    assert len(rows(file, f"SELECT 1 FROM focus_log WHERE user_id = {ANN}")) == len(entries)


def test_delete(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All data of one person is deleted, and the amount reported; another's stays."""
    of_ben = rows(file, f"SELECT * FROM focus_log WHERE user_id = {BEN}")
    assert main(["delete-person", str(ANN)]) == 0
    assert "rows deleted in total" in capsys.readouterr().out
    assert rows(file, f"SELECT * FROM focus_log WHERE user_id = {ANN}") == []
    assert rows(file, f"SELECT * FROM focus_log WHERE user_id = {BEN}") == of_ben


def test_no_database(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An unusable database is reported, and nothing is written."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all/pomodoro.db")
    assert main(["delete-person", str(ANN)]) == 1
    assert "database cannot be used" in capsys.readouterr().err
