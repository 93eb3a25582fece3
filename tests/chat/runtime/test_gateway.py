"""A gateway that is down, drops connections, or sends events that cannot be read."""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.chat.runtime import gateway, http_trace
from bot.chat.runtime.client import Client, ShardedClient
from bot.chat.runtime.connection import RefusedByDiscord, log_in, stay_connected
from bot.domain.shard import WHOLE, ShardRange, split
from bot.engine.circuit_breaker import Breaker
from bot.localdiscord import failures
from bot.localdiscord.alteration import replaced, without
from bot.localdiscord.local import LocalDiscord
from bot.service.identifies import Identifies
from bot.service.rules import ServerRules
from bot.store.database import Database
from tests.chat.conftest import Running
from tests.clock import HurriedClock, ManualClock
from tests.poison import EVENTS
from tests.reading import Message, change, says

HOUR = 3600.0
Alteration = Callable[[Any], Any]
TEA = says("POMODORO! tea")


@pytest.fixture
async def bot(discord: LocalDiscord, clock: ManualClock, sqlite: str) -> AsyncIterator[Running]:
    """The bot, not yet started."""
    running = Running(discord, clock, sqlite)
    yield running
    await running.stop()


async def ask(discord: LocalDiscord, typed: str = "!pomodoro tea 5m") -> Message:
    """Type a command, and wait for its answer."""
    general = discord.channel("general")
    request = await discord.person("ann").say(general, typed)
    return await discord.wait_for(says("tea"), channel=general, after=request, timeout=30)


@pytest.mark.parametrize("shards", [1, 2])
@pytest.mark.parametrize("how", ["refuse", "reset", "hello", "REST"])
async def test_away_at_the_start(
    bot: Running, discord: LocalDiscord, tmp_path: Path, how: Any, shards: int
) -> None:
    """While the gateway refuses connections at the start, due timers are announced; commands work afterwards."""
    await bot.start()
    await ask(discord)
    await bot.stop()
    fault: Any = (
        discord.faults.fail("503", only="GET /gateway/bot") if how == "REST" else discord.faults.break_gateway(how)
    )
    bot.launch(shard_count=shards)
    await bot.until(lambda: fault.struck >= 3)
    bot.advance(300)
    await discord.wait_for(TEA)
    fault.off()
    # The turns taken in vain have passed by the database's clock too, which runs by itself.
    await change(tmp_path / "test.db", "UPDATE identifies SET next_at = 0")
    await bot.until_ready()
    await ask(discord)


@pytest.mark.parametrize("shards", [0, -1, 10**9, math.inf, None])
async def test_no_number_of_shards(bot: Running, discord: LocalDiscord, shards: Any) -> None:
    """If the recommended number of shards is invalid, Discord is asked again, and the bot starts."""
    fault = discord.faults.fail(failures.altered(replaced("shards", shards)), only="GET /gateway/bot", times=2)
    bot.launch(shard_count=0)
    await bot.until_ready()
    assert fault.struck == 2
    await ask(discord)


@pytest.mark.parametrize("failure", ["503", failures.proxy_page(401), failures.redirect(), failures.error(404, 0)])
@pytest.mark.parametrize("shards", [0, 1])
async def test_no_login_at_first(bot: Running, discord: LocalDiscord, failure: Any, shards: int) -> None:
    """If REST is down at the start, or a proxy answers for it, the bot retries until it is logged in."""
    fault = discord.faults.fail(failure)
    bot.launch(shard_count=shards)
    await bot.until(lambda: fault.struck >= 3)
    fault.off()
    await bot.until_ready()
    await ask(discord)


@pytest.mark.parametrize("failure", ["503", failures.proxy_page(403), failures.truncated()])
async def test_commands_that_are_not_synced_at_first(
    bot: Running, discord: LocalDiscord, log: list[dict[str, Any]], failure: Any
) -> None:
    """If Discord rejects the slash commands at first, they are synced later without a restart."""
    fault = discord.faults.fail(failure, only="PUT /applications/{id}/commands", times=3)
    bot.launch()
    await bot.until(lambda: any(line["event"] == "commands_synced" for line in log), step=5)
    assert fault.struck == 3
    assert "pomodoro" in {command["name"] for command in discord.commands}
    assert not any(line["event"] == "task_failed" for line in log)


@pytest.mark.parametrize(
    "route",
    ["GET /users/@me", "GET /oauth2/applications/@me", "GET /gateway/bot", "PUT /applications/{id}/commands"],
)
async def test_no_answer_at_the_start(
    bot: Running, discord: LocalDiscord, log: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    """What Discord never answers at the start is asked again: the bot serves people, with its commands."""
    fault = discord.faults.fail("hang", only=route)
    with monkeypatch.context() as patch:
        patch.setattr(http_trace, "_LONGEST", 0.1)
        bot.launch()
        await bot.until(lambda: fault.struck >= 2)
    fault.off()
    await bot.until_ready()
    await ask(discord)
    await bot.until(lambda: any(line["event"] == "commands_synced" for line in log), step=5)
    assert not any(line["event"] == "task_failed" for line in log)


@pytest.mark.parametrize("shards", [1, 2])
@pytest.mark.parametrize("altered", EVENTS, ids=lambda altered: altered[0])
async def test_an_event_that_cannot_be_read(
    bot: Running,
    discord: LocalDiscord,
    log: list[dict[str, Any]],
    altered: tuple[str, Alteration, Any],
    shards: int,
) -> None:
    """An event with a missing field or a wrong type is logged by its name and skipped; people are served."""
    event, alteration, cause = altered
    bot.launch(shard_count=shards)
    await bot.until_ready()
    fault = discord.faults.alter_event(event, alteration, times=1)
    if asyncio.iscoroutine(doing := cause(discord)):
        await doing
    assert fault.struck
    await ask(discord)
    unreadable = [line for line in log if line["event"] == "event_unreadable"]
    assert [line["gateway_event"] for line in unreadable] == [event]


@pytest.mark.parametrize("shards", [1, 2])
@pytest.mark.parametrize(
    ("event", "alteration"),
    [
        ("READY", without("user")),
        ("READY", without("session_id")),
        ("READY", without("resume_gateway_url")),
        ("READY", replaced("guilds", [None, {"id": "x"}])),
        ("READY", replaced("", [])),
        ("GUILD_CREATE", replaced("channels.0.permission_overwrites", [{}])),
        ("GUILD_CREATE", replaced("roles", 5)),
        ("GUILD_CREATE", replaced("voice_states", [{}])),
    ],
)
async def test_started_with_unreadable_events(
    bot: Running, discord: LocalDiscord, log: list[dict[str, Any]], event: str, alteration: Alteration, shards: int
) -> None:
    """If READY or a server cannot be read at the start, the others are still served."""
    discord.add_guild("Broken")

    def alter(data: Any) -> Any:
        return alteration(data) if event == "READY" or data["name"] == "Broken" else data

    discord.faults.alter_event(event, alter)
    bot.launch(shard_count=shards)
    await bot.until_ready()
    await ask(discord)
    assert {line["gateway_event"] for line in log if line["event"] == "event_unreadable"} == {event}


class Flapping:
    """A logged-in client whose clock advances as soon as something waits for it."""

    def __init__(self, discord: LocalDiscord, database: Database, shards: ShardRange = WHOLE) -> None:
        self._discord = discord
        self._database = database
        self._shards = shards
        self._clock = HurriedClock()

    async def connect_for(self, hours: float) -> list[int]:
        """Return how many sessions were begun in each hour."""
        client = await log_in(self._make_client, self._discord.token, self._clock)
        turns = Identifies(self._database, self._clock)
        flapping = asyncio.create_task(stay_connected(client, Breaker(self._clock), turns, self._clock))
        starts = [1000 - self._discord.gateway.start_limit.remaining]
        try:
            while self._clock.monotonic() < hours * HOUR:
                await asyncio.to_thread(len, starts)
                if self._clock.monotonic() >= len(starts) * HOUR:
                    starts.append(1000 - self._discord.gateway.start_limit.remaining)
            assert not flapping.done()
        finally:
            flapping.cancel()
            await asyncio.wait([flapping])
            await client.close()
            tasks = [task for task in asyncio.all_tasks() if task.get_name().startswith("discord.py")]
            await asyncio.gather(*tasks)
        return [later - earlier for earlier, later in pairwise(starts)]

    def _make_client(self) -> Client:
        return (Client if self._shards == WHOLE else ShardedClient)(
            api_url=self._discord.api_url,
            prefix_of=ServerRules(self._database, "!", 0).prefix_of,
            message_content=True,
            members=False,
            clock=self._clock,
            trace=aiohttp.TraceConfig(),
            shard_range=self._shards,
        )


async def test_flapping_costs_under_half_of_the_starts(discord: LocalDiscord, sqlite_database: Database) -> None:
    """A gateway that drops every connection and resumes none costs under half of a day's 1,000 starts."""
    discord.faults.break_gateway("ready")
    discord.faults.refuse_resume = True
    first, second = await Flapping(discord, sqlite_database).connect_for(hours=2)
    assert 5 < second < 500 / 24
    assert first + 23 * second < 500


async def test_few_starts_are_left(discord: LocalDiscord, sqlite_database: Database) -> None:
    """After a quarter of the day's starts is spent, by anyone, the shards share only a few of the rest."""
    discord.gateway.start_limit.remaining = 755
    discord.faults.break_gateway("ready")
    discord.faults.refuse_resume = True
    starts = await Flapping(discord, sqlite_database, split(4, 4)[0]).connect_for(hours=1)
    assert starts[0] < 5 + 4 + 2


async def test_resuming_is_free(discord: LocalDiscord, sqlite_database: Database) -> None:
    """A session dropped again and again is resumed each time."""
    discord.faults.break_gateway("ready")
    await Flapping(discord, sqlite_database).connect_for(hours=0.2)
    assert (discord.gateway.identifies, discord.gateway.resumes > 10) == (1, True)


async def test_nobody_answers(bot: Running, discord: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that accepts the connection and stays silent is reconnected to."""
    monkeypatch.setattr(gateway, "_OPENING", 3.0)
    late = discord.faults.hold_ready(times=1)
    bot.launch()
    await bot.until_ready()
    assert late.struck == 1
    await ask(discord)


async def test_the_token_is_reset(bot: Running, discord: LocalDiscord, log: list[dict[str, Any]]) -> None:
    """A token rejected after it was in use ends nothing: it is retried, hours apart."""
    await bot.start()
    token = discord.token
    discord.gateway.reset_token()
    await bot.until(lambda: any(line["event"] == "token_rejected" for line in log), step=0)
    discord.gateway.token = token
    waits = bot.clock.monotonic()
    await bot.until(lambda: discord.gateway.connected, step=60)
    assert bot.clock.monotonic() - waits >= 3600
    await ask(discord)


async def test_the_token_is_not_known_at_first(bot: Running, discord: LocalDiscord) -> None:
    """A token that the gateway rejects at the start needs a person to fix it."""
    discord.faults.break_gateway("hello", code=4004)
    with pytest.raises(RefusedByDiscord, match="rejects this DISCORD_TOKEN"):
        await bot.start()
    bot.forget()


async def test_stopped_while_handling_events(
    bot: Running, discord: LocalDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """Events received before the stop are processed before the client closes."""
    await bot.start()
    for number in range(40):
        await discord.person("ann").say(discord.channel("general"), f"!nothing {number}")
    await bot.stop()
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []
