"""Settings as operators write them, and mistakes in them."""

from pathlib import Path

import pytest

from bot import settings


@pytest.fixture(autouse=True)
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The ``.env`` file that is read, whatever this machine has in its environment."""
    monkeypatch.chdir(tmp_path)
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path / ".env"


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_not_in_utf_8(env_file: Path, encoding: str) -> None:
    """A file that an editor or a shell has saved in another encoding is one mistake with its remedy."""
    env_file.write_text("DISCORD_TOKEN=very-secret\nMACHINE_NAME=Küche\n", encoding)
    with pytest.raises(settings.SettingsError, match="UTF-8"):
        settings.load()


@pytest.mark.parametrize("text", ["DISCORD_TOKEN=abc", "\ufeffDISCORD_TOKEN=abc", 'DISCORD_TOKEN=" abc\\n"'])
def test_token(env_file: Path, text: str) -> None:
    """The token is read with a byte-order mark before it, and without the white space around it."""
    env_file.write_text(text, "utf-8")
    assert settings.load().discord_token.get_secret_value() == "abc"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_API_URL", "discord.com/api/v10"),
        ("DISCORD_API_URL", "https://"),
        ("DISCORD_API_URL", "https://:443/api"),
        ("DISCORD_API_URL", "http://localhost:abc/api"),
        ("DISCORD_API_URL", "https://discord com/api"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "mysql://localhost/x"),
    ],
)
def test_no_address(env_file: Path, name: str, value: str) -> None:
    """What is no address of an API, or of a database that outlives the process, is a mistake at the start."""
    env_file.write_text(f"{name}={value}\n")
    with pytest.raises(settings.SettingsError, match=name):
        settings.load()
