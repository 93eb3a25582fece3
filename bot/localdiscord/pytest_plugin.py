"""A pytest plugin: a local Discord as a fixture, and its transcript where a test fails.

    pytest_plugins = ["bot.localdiscord.pytest_plugin"]   # in the topmost conftest.py

Every `LocalDiscord` that a test starts, by the fixture or by itself, is recorded; a test that fails shows
the transcript of each.  A test in which a local Discord failed (answered 500) fails, with the traceback.  Needs
pytest-asyncio.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
import yarl

from bot.localdiscord.backend import Backend
from bot.localdiscord.local import LocalDiscord
from bot.localdiscord.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

_TRANSCRIPTS = pytest.StashKey[list[Transcript]]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin without a transcript."""
    config.stash[_TRANSCRIPTS] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Record every local Discord that starts during a test; those of modules go on over several tests."""
    transcripts = item.config.stash[_TRANSCRIPTS]
    transcripts[:] = [transcript for transcript in transcripts if transcript.backend.is_open]

    def attach(backend: Backend) -> None:
        transcripts.append(Transcript(backend))

    Backend.on_open.append(attach)
    try:
        return (yield)
    finally:
        Backend.on_open.remove(attach)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the transcripts of a test that failed."""
    report = yield
    if report.failed:
        texts = [transcript.text() for transcript in item.config.stash[_TRANSCRIPTS]]
        report.sections += [("What happened in the local Discord", text) for text in texts if text]
    return report


@pytest.fixture(autouse=True)
def _no_crashes() -> Iterator[None]:
    """Fail a test in which a local Discord that it started has itself failed."""
    backends: list[Backend] = []
    Backend.on_open.append(backends.append)
    yield
    Backend.on_open.remove(backends.append)
    if crashes := [str(crash.traceback) for backend in backends for crash in backend.record.crashes]:
        pytest.fail("The local Discord itself has failed:\n" + "\n".join(crashes), pytrace=False)


@pytest.fixture
def local_discord_options() -> dict[str, Any]:
    """Override this to give `local_discord` arguments of `LocalDiscord`, such as a scenery."""
    return {}


@pytest_asyncio.fixture
async def local_discord(local_discord_options: dict[str, Any]) -> AsyncIterator[LocalDiscord]:
    """Run a local Discord for one test."""
    async with LocalDiscord(**local_discord_options) as local:
        yield local


@pytest.fixture
def discord_py(local_discord: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point discord.py at `local_discord` for one test."""
    point_discord_py(local_discord, monkeypatch)


def point_discord_py(local: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point discord.py at a local Discord until the end of the test; it is imported only here, and by name."""
    monkeypatch.setattr("discord.http.Route.BASE", local.api_url)
    gateway = yarl.URL(local.gateway_url)
    monkeypatch.setattr("discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY", gateway)
