"""What the endpoint reports about the bot, to Prometheus and to health checks."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.chat.runtime.http_trace import route_of
from bot.localdiscord.failures import rate_limit
from bot.localdiscord.local import LocalDiscord
from bot.localdiscord.routes.table import ALL_ROUTES
from tests.chat.conftest import Running
from tests.clock import ManualClock
from tests.reading import change, says

SEND = "POST /channels/{channel_id}/messages"


class Watched(Running):
    """The bot, with its endpoint at a port of its own."""

    def __init__(self, discord: LocalDiscord, clock: ManualClock, url: str) -> None:
        super().__init__(discord, clock, url)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.settings["metrics_port"] = self.port

    async def get(self, path: str) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.port}{path}") as answer,
        ):
            return answer.status, await answer.text()

    async def metrics(self) -> dict[str, float]:
        """Read the metrics by name, with the values of their labels."""
        status, text = await self.get("/metrics")
        assert status == 200
        return {
            " ".join((sample.name, *(value for _, value in sorted(sample.labels.items())))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    async def metrics_until(self, name: str, value: float) -> dict[str, float]:
        """Read them until one of them has that value."""
        async with asyncio.timeout(60):
            while (read := await self.metrics()).get(name) != value:
                pass
        return read

    async def health(self) -> tuple[int, dict[str, Any]]:
        status, text = await self.get("/healthz")
        return status, json.loads(text)


@pytest.fixture
async def bot(discord: LocalDiscord, clock: ManualClock, sqlite: str) -> AsyncIterator[Watched]:
    running = Watched(discord, clock, sqlite)
    await running.start()
    yield running
    await running.stop()


async def test_timers(bot: Watched, discord: LocalDiscord) -> None:
    """Running and paused timers are counted, as are their threads and the lateness of each announcement."""
    ann, general = discord.person("ann"), discord.channel("general")
    for name, seconds in (("tea", 10), ("eggs", 100), ("rice", 200)):
        request = await ann.say(general, f"!pomodoro {name} {seconds}")
        await discord.wait_for(says(name), channel=general, after=request)
    request = await ann.say(general, "!pomodoro pause rice")
    await discord.wait_for(says("rice"), channel=general, after=request)
    read = await bot.metrics()
    assert (read["pomodoro_timers running"], read["pomodoro_timers paused"]) == (2, 1)
    assert read["pomodoro_countdown_threads"] == 2
    assert read["pomodoro_lateness_seconds_count pomodoro"] == 0
    bot.advance(10)
    await bot.metrics_until("pomodoro_lateness_seconds_count pomodoro", 1)
    bot.advance(97)
    await bot.metrics_until("pomodoro_lateness_seconds_count pomodoro", 2)
    bot.advance(30)  # the timers are not counted at each look
    read = await bot.metrics()
    assert (read["pomodoro_timers running"], read["pomodoro_countdown_threads"]) == (0, 0)
    assert read["pomodoro_lateness_seconds_bucket 0.05 pomodoro"] == 1
    assert read["pomodoro_lateness_seconds_sum pomodoro"] == pytest.approx(7, abs=0.1)


async def test_requests(bot: Watched, discord: LocalDiscord) -> None:
    """Requests are counted by route and outcome, and rate limits by scope."""
    general = discord.channel("general")
    discord.faults.fail(rate_limit(0.01), only=SEND, times=1)
    request = await discord.person("ann").say(general, "!pomodoro list")
    await discord.wait_for(says("No timer"), channel=general, after=request)
    for scope in ("", "x"):
        discord.faults.fail(rate_limit(0.01, scope=scope), only=SEND, times=1)
        request = await discord.person("ann").say(general, "!pomodoro list")
        await discord.wait_for(says("No timer"), channel=general, after=request)
    discord.faults.fail("drop", only=SEND, times=1)
    request = await discord.person("ann").say(general, "!pomodoro list")
    bot.advance(1)
    # Slowly: the answer is retried after a third of a second, while its nonce lives.
    await bot.until(
        lambda: any("No timer" in str(message) for message in discord.messages(general)[-1:]), step=0.01
    )
    sent = "pomodoro_discord_requests_total channels/messages 200"
    async with asyncio.timeout(60):
        # A request is counted once its response has arrived.
        while (read := await bot.metrics()).get(sent, 0) < 4:
            pass
    assert read["pomodoro_discord_requests_total channels/messages 429"] == 3
    assert read["pomodoro_discord_requests_total channels/messages 0"] == 1
    assert read[sent] == 4
    assert read["pomodoro_discord_rate_limited_total user"] == 1
    assert read["pomodoro_discord_rate_limited_total other"] == 2
    assert read["pomodoro_discord_requests_total users 200"] >= 1


async def test_outbox(bot: Watched, discord: LocalDiscord) -> None:
    """Waiting messages are counted, with the age of the oldest; after five minutes health is bad."""
    general = discord.channel("general")
    request = await discord.person("ann").say(general, "!pomodoro tea 5")
    await discord.wait_for(says("tea"), channel=general, after=request)
    fault = discord.faults.fail("503", only=SEND)
    bot.advance(5)
    before = (await bot.metrics_until("pomodoro_outbox_messages", 1))["pomodoro_outbox_oldest_seconds"]
    bot.advance(301)
    read = await bot.metrics()
    assert read["pomodoro_outbox_oldest_seconds"] == pytest.approx(before + 301)
    status, health = await bot.health()
    assert (status, health["outbox"]) == (503, 1)
    assert any("a message has been waiting to be sent for 30" in reason for reason in health["look"])
    fault.off()
    await bot.until(lambda: any("POMODORO! tea" in str(message) for message in discord.messages(general)), step=30)
    assert (await bot.metrics_until("pomodoro_outbox_messages", 0))["pomodoro_outbox_oldest_seconds"] == 0
    assert (await bot.health())[0] == 200


async def test_gateway(bot: Watched, discord: LocalDiscord) -> None:
    """Connections to the gateway are counted; after a minute without one health is bad."""
    status, health = await bot.health()
    assert (status, health["gateway"], health["look"]) == (200, True, [])
    read = await bot.metrics()
    assert read["pomodoro_gateway_connects_total identify"] == 1
    assert read["pomodoro_gateway_lost_seconds"] == 0
    await discord.drop_gateway()
    await bot.metrics_until("pomodoro_gateway_connects_total resume", 1)
    async with asyncio.timeout(60):
        while not (await bot.metrics()).get("pomodoro_gateway_latency_seconds 0"):
            pass
    discord.faults.gateway_down = True
    await discord.drop_gateway()
    async with asyncio.timeout(60):
        while (await bot.health())[1]["gateway"]:
            pass
    assert (await bot.health())[0] == 200
    bot.advance(61)
    status, health = await bot.health()
    assert (status, health["look"]) == (503, ["there has been no gateway for 61 s"])
    assert (await bot.metrics())["pomodoro_gateway_lost_seconds"] == 61


async def test_database(bot: Watched, tmp_path: Path) -> None:
    """If the database does not answer, health is bad; all other metrics are still served."""
    await change(tmp_path / "test.db", "ALTER TABLE timers RENAME TO away")
    status, health = await bot.health()
    assert (status, health["database"]) == (503, False)
    assert "the database does not answer" in health["look"]
    bot.advance(30)
    read = await bot.metrics()
    assert "pomodoro_timers running" not in read
    assert read["pomodoro_countdown_threads"] == 0


async def test_standing_by(bot: Watched, discord: LocalDiscord, clock: ManualClock, sqlite: str) -> None:
    """A standby process says so and counts as healthy, though it does not hold the lease."""
    assert (await bot.metrics())["pomodoro_lease_held"] == 1
    other = Watched(discord, clock, sqlite)
    starting = asyncio.create_task(other.start())
    async with asyncio.timeout(60):
        while True:
            try:
                status, health = await other.health()
            except aiohttp.ClientError:
                continue
            if health["database"]:
                break
    assert (status, health["lease"], health["gateway"], health["look"]) == (200, False, False, [])
    read = await other.metrics()
    assert read["pomodoro_lease_held"] == 0
    assert "pomodoro_countdown_threads" not in read
    await other.stop()
    starting.cancel()


async def test_port_in_use(bot: Watched, discord: LocalDiscord, clock: ManualClock, tmp_path: Path) -> None:
    """A process whose port is taken runs without the endpoint, and opens it once the other has ended."""
    other = Watched(discord, clock, f"sqlite:///{tmp_path / 'other.db'}")
    other.port = other.settings["metrics_port"] = bot.port
    await other.start()
    await bot.stop()
    async with asyncio.timeout(60):
        while True:
            clock.advance(5)
            try:
                assert (await other.health())[0] == 200
            except aiohttp.ClientError:
                continue
            break
    await other.stop()


async def test_page_for_operators(bot: Watched) -> None:
    """Each metric named on the operators' page is served."""
    page = (Path(__file__).parents[3] / ".github/OPERATING.md").read_text("utf-8")
    named = set(re.findall(r"(?:pomodoro|process)_[a-z_]+[a-z]", page.partition("## What to watch")[2]))
    _, text = await bot.get("/metrics")
    assert len(named) > 10
    assert {name for name in named if not re.search(rf"^(# HELP )?{name}[ {{]", text, re.MULTILINE)} == set()


def test_routes() -> None:
    """A request's route contains neither an id nor a token."""
    for routes in ALL_ROUTES._table.values():
        for route in routes:
            path = "/".join("S3cret" if part.startswith("{") else part for part in route.template.split("/"))
            named = route_of(f"/api/v10{path}")
            assert "S3cret" not in named
            assert named in {"gateway", "gateway/bot"} or not named.startswith("gateway")
    assert route_of("/api/v10/webhooks/5/t0k3n/messages/@original") == "webhooks/messages"
    assert route_of("/api/v10/guilds") == "guilds"
    assert route_of("/api/v10/t0k3n") == "other"
    assert route_of("/attachments/1/name.png") == "elsewhere"
