import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pytest
import structlog
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot import app
from bot.app import App
from bot.chat.focus import recap_picture
from bot.chat.runtime import interaction_answer, send_once
from bot.localdiscord.channel import Channel
from bot.localdiscord.local import LocalDiscord
from bot.localdiscord.people import Person
from bot.playground.scenery import STUDY_HALL
from bot.settings import Settings
from bot.threads import Threads
from tests.chat.counting import Counting
from tests.chat.registered import Registered
from tests.chat.reminding import Reminding
from tests.clock import ManualClock
from tests.reading import Message, answers, says

P = ParamSpec("P")
T = TypeVar("T")


class GivenSettings(Settings):
    """Settings from the test alone, regardless of this machine's environment and ``.env`` file."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - this name is asked for
        init_settings: PydanticBaseSettingsSource,
        *_: Any,
        **__: Any,
    ) -> tuple[PydanticBaseSettingsSource]:
        return (init_settings,)


class LentExecutor(Executor):
    """An executor shared with others: shutting it down does nothing."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return self._executor.submit(fn, *args, **kwargs)


class LendingThreads(Threads):
    """The machine's threads, but all bots share one drawing process: starting one takes a quarter of a second."""

    def __init__(self) -> None:
        self._executors: dict[object, Executor] = {}

    def process(self, set_up: Callable[..., object], *arguments: object) -> Executor:
        if (set_up, arguments) not in self._executors:
            self._executors[set_up, arguments] = super().process(set_up, *arguments)
        return LentExecutor(self._executors[set_up, arguments])


_THREADS = LendingThreads()


@contextlib.contextmanager
def _waiting_at_stop(seconds: float) -> Iterator[None]:
    """Limit how long a stopping bot waits for answers and deliveries in progress."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_ANSWER_TIMEOUT", "_DELIVERY_TIMEOUT"):
            patch.setattr(app, name, seconds)
        yield


class Running:
    """The bot, on the local Discord and a clock that the test advances."""

    def __init__(self, discord: LocalDiscord, clock: ManualClock, url: str) -> None:
        self.discord = discord
        self.clock = clock
        self.settings: dict[str, Any] = {
            "discord_token": discord.token,
            "discord_api_url": discord.api_url,
            "database_url": url,
            "commands_per_10s": 0,
            "shortest_phase_seconds": 1,
            # The longest allowed: on a busy machine the renewing thread may not get its turn in time.
            "lease_seconds": 600,
        }
        self._task: asyncio.Task[None] | None = None

    async def start(self, **changed: Any) -> None:
        """Start the bot, and wait until it receives messages."""
        self.launch(**changed)
        assert self._task
        ready = asyncio.create_task(self._app.ready.wait())
        await asyncio.wait((self._task, ready), timeout=60, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._task.done():
            self._task.result()
        assert self._app.ready.is_set()

    def launch(self, **changed: Any) -> None:
        """Start the bot without waiting for it."""
        self.settings |= changed
        self._app = App(GivenSettings(**self.settings), self.clock, _THREADS)
        self._task = asyncio.create_task(self._app.run())

    async def until_ready(self) -> None:
        """Let time pass until it receives messages."""
        await self.until(lambda: self._app.ready.is_set() or (self._task and self._task.done()))
        if self._task and self._task.done():
            self._task.result()

    async def stop(self) -> None:
        """Stop it as SIGTERM does."""
        if self._task:
            self._app.stop()
            await self._task
            self._task = None

    async def end(self) -> None:
        """Stop it while time passes, so that queued messages are still sent."""
        stopping = asyncio.create_task(self.stop())
        while not (await asyncio.wait([stopping], timeout=0.1))[0]:
            self.advance(1)
        stopping.result()

    def forget(self) -> None:
        """Record that it has ended by itself."""
        self._task = None

    async def crash(self) -> None:
        """Abort it in the middle of whatever it is doing, as far as one process allows."""
        assert self._task
        self._task.cancel()
        with _waiting_at_stop(0), contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._task = None

    async def ask(self, person: Person, place: Channel, words: str) -> Message:
        """Let a person write something, and return the answer."""
        request = await person.say(place, words)
        answer = await self.discord.wait_for(answers(request), channel=place)
        self.advance(2)
        return answer

    async def answer(self, line: str, *parts: str, person: str = "ann") -> Message:
        """Let a person type a line in general, and return the bot's message with these words."""
        general = self.discord.channel("general")
        request = await self.discord.person(person).say(general, line)
        answered = await self.discord.wait_for(says(*parts), channel=general, after=request)
        self.advance(2)
        return answered

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)

    async def until(self, look: Callable[[], Any], step: float = 0.5) -> None:
        """Let time pass until the condition holds; it is checked on the local Discord's loop."""
        async with asyncio.timeout(60):
            while not look():
                self.advance(step)
                await asyncio.sleep(0.001)  # due work needs real time too


@pytest.fixture(autouse=True)
def recaps_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a recap wait for its picture: on a busy machine the drawing process takes seconds to start."""
    monkeypatch.setattr(recap_picture, "_TIMEOUT", 60.0)


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry failed requests soon: these waits pass in real time, while the test waits too."""
    waits = ((send_once, "_WAITS"), (interaction_answer, "_WAITS"), (interaction_answer, "_LATER_WAITS"))
    for module, name in waits:
        monkeypatch.setattr(module, name, (0.01, 0.03, 0.1))


@pytest.fixture
def discord(local_discord: LocalDiscord) -> LocalDiscord:
    """A local Discord without rate limits and with long timeouts: on a busy machine answers take their time."""
    local_discord.limits.enabled = False
    local_discord.interactions.answer_seconds = 60
    return local_discord


@pytest.fixture
def soon_given_up(discord: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the timeouts of interactions, for tests in which no answer gets through."""
    monkeypatch.setattr(interaction_answer, "_DEADLINE", 0.3)
    monkeypatch.setattr(interaction_answer, "_FIRST_TRY", 0.3)
    discord.interactions.answer_seconds = 1


@pytest.fixture(scope="session")
def registered(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Registered:
    """What a first start registers."""
    database = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("registered")))

    async def start() -> Registered:
        async with LocalDiscord(scenery=STUDY_HALL) as discord:
            running = Running(discord, ManualClock(), f"sqlite:///{database}")
            await running.start()
            await running.until(lambda: Registered.by_now(discord, database))
            await running.end()
            result = Registered.by_now(discord, database)
            assert result
            return result

    return asyncio.run(start())


@pytest.fixture
async def bot(
    discord: LocalDiscord, clock: ManualClock, sqlite: str, tmp_path: Path, registered: Registered
) -> AsyncIterator[Running]:
    """The bot, started again: its commands are registered."""
    registered.restore(discord, tmp_path / "test.db")
    running = Running(discord, clock, sqlite)
    await running.start()
    yield running
    discord.faults.clear()  # or the stop would wait for queued messages
    with _waiting_at_stop(0.5):
        await running.end()


@pytest.fixture
def ann(discord: LocalDiscord) -> Person:
    return discord.person("ann")


@pytest.fixture
def general(discord: LocalDiscord) -> Channel:
    return discord.channel("general")


@pytest.fixture
def remind(bot: Running, tmp_path: Path) -> Reminding:
    """People who ask the bot for reminders."""
    return Reminding(bot, tmp_path / "test.db")


@pytest.fixture
def count(bot: Running, tmp_path: Path) -> Counting:
    """People with a focus history."""
    return Counting(bot, tmp_path / "test.db")


@pytest.fixture(autouse=True)
def log() -> Any:
    """All that the bot logs during a test, as dictionaries."""
    with structlog.testing.capture_logs() as captured:
        yield captured
    print(*captured, sep="\n")  # noqa: T201 - pytest shows it where the test failed
