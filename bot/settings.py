"""Settings, from the environment and a ``.env`` file; all mistakes in them are reported together."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.messages.catalogue import ENGLISH, languages
from bot.store.database import url_with_driver


class SettingsError(Exception):
    """The settings are invalid. The message has a line for each error, and never a secret."""


def _known_database(url: str) -> str:
    url_with_driver(url)
    return url


def _stripped(token: Any) -> Any:
    return token.strip() if isinstance(token, str) else token


def _http_address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("it must begin with https:// (or http://)")
    try:
        is_sound = urlsplit(url).hostname and urlsplit(url).port != 0 and url.split() == [url]
    except ValueError:
        is_sound = False
    if not is_sound:
        raise ValueError("it must look like https://discord.com/api/v10")
    return url.rstrip("/")


def _visible(prefix: str) -> str:
    if prefix.split() != [prefix]:
        raise ValueError("it must be 1 to 10 characters without spaces")
    return prefix


def _known_language(language: str) -> str:
    if language not in languages():
        raise ValueError(f"it must be one of {', '.join(languages())}")
    return language


class Settings(BaseSettings):
    """What an operator can set; ``.env.example`` explains each."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    discord_token: Annotated[SecretStr, BeforeValidator(_stripped)] = SecretStr("")
    discord_api_url: Annotated[str, AfterValidator(_http_address)] = "https://discord.com/api/v10"
    message_content: bool = True
    members_intent: bool = False
    database_url: Annotated[str, AfterValidator(_known_database)] = "sqlite:///pomodoro.db"
    command_prefix: Annotated[str, Field(max_length=10), AfterValidator(_visible)] = "!"
    max_countdown_threads: Annotated[int, Field(ge=1, le=10_000)] = 200
    max_timers_per_user: Annotated[int, Field(ge=0)] = 20
    max_timers_per_guild: Annotated[int, Field(ge=0)] = 500
    max_reminders_per_user: Annotated[int, Field(ge=0)] = 50
    focus_idle_rounds: Annotated[int, Field(ge=0, le=100)] = 3
    shortest_phase_seconds: Annotated[int, Field(ge=1, le=3600)] = 60
    pomodoro_counts_minutes: Annotated[int, Field(ge=0, le=1440)] = 5
    commands_per_10s: Annotated[int, Field(ge=0)] = 10
    keep_finished_days: Annotated[int, Field(ge=0, le=36_500)] = 30
    keep_left_guild_days: Annotated[int, Field(ge=0, le=36_500)] = 30
    shard_count: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    shards_per_process: Annotated[int, Field(ge=0)] = 0
    requests_per_second: Annotated[int, Field(ge=1, le=10_000)] = 50
    lease_seconds: Annotated[float, Field(ge=3, le=600)] = 15
    metrics_port: Annotated[int, Field(ge=0, le=65_535)] | None = None
    metrics_host: str = "127.0.0.1"
    machine_name: Annotated[str, Field(max_length=60, pattern=r"^[^|]*$")] = ""
    language: Annotated[str, AfterValidator(_known_language)] = ENGLISH
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = "INFO"
    log_format: Annotated[Literal["auto", "text", "json"], BeforeValidator(str.lower)] = "auto"


def load() -> Settings:
    """Read the settings. Raises ``SettingsError`` with all errors."""
    try:
        return Settings()
    except ValidationError as error:
        # Not the error's own text: it would quote the values, such as a token.
        lines = [
            f"{'.'.join(str(part) for part in mistake['loc']).upper()}: "
            f"{mistake['msg'].removeprefix('Value error, ')}"
            for mistake in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError("\n".join(lines)) from None
    except UnicodeDecodeError:
        raise SettingsError(".env: it must be a text file in UTF-8; save it as that") from None
    except OSError as error:
        raise SettingsError(f".env: it cannot be read: {error.strerror}") from None
