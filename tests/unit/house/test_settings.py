from pathlib import Path

import pytest

from bot import settings


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No test sees the settings of the machine it runs on."""
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults() -> None:
    """Without any settings, everything but the token has a value."""
    loaded = settings.load()
    assert (loaded.command_prefix, loaded.max_countdown_threads, loaded.commands_per_10s) == ("!", 200, 10)
    assert loaded.database_url == "sqlite:///pomodoro.db"
    assert loaded.discord_token.get_secret_value() == ""


def test_env_file(bare: Path) -> None:
    """A .env file sets what the environment does not."""
    (bare / ".env").write_text('DISCORD_TOKEN="abc"\nCOMMAND_PREFIX=?\nLOG_LEVEL=debug\n')
    loaded = settings.load()
    assert (loaded.discord_token.get_secret_value(), loaded.command_prefix, loaded.log_level) == (
        "abc",
        "?",
        "DEBUG",
    )


def test_every_mistake_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every wrong setting is reported at once, by its name and without its value."""
    wrong = {
        "DISCORD_API_URL": "gopher-secret",
        "DATABASE_URL": "mysql://secret@x/y",
        "COMMAND_PREFIX": "a secret",
        "MAX_COUNTDOWN_THREADS": "secret",
        "MAX_TIMERS_PER_USER": "-1",
        "LOG_FORMAT": "secret",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(settings.SettingsError) as refused:
        settings.load()
    text = str(refused.value)
    assert [line.partition(":")[0] for line in text.splitlines()] == list(wrong)
    assert "secret" not in text


def test_example_file_names_every_setting() -> None:
    """.env.example explains each setting, and no other."""
    example = (Path(__file__).parents[3] / ".env.example").read_text()
    named = {line.lstrip("# ").partition("=")[0].lower() for line in example.splitlines() if "=" in line}
    assert named == set(settings.Settings.model_fields)
