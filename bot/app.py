"""The app: builds the parts, starts them in order, and stops them in reverse order."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence

import structlog

from bot.chat.runtime.client import Client, ShardedClient
from bot.chat.runtime.command_sync import sync
from bot.chat.runtime.connection import log_in, recommended_shards, stay_connected
from bot.chat.runtime.http_trace import HttpTrace
from bot.container import Container, build
from bot.domain.lease import LeaseLost
from bot.domain.shard import WHOLE, ShardRange, split
from bot.engine.circuit_breaker import Breaker
from bot.engine.clock import Clock
from bot.engine.lease_keeper import LeaseKeeper
from bot.engine.observer import NOBODY, Observer
from bot.engine.rate_limiter import RateLimiter
from bot.engine.supervisor import supervised
from bot.messages import catalogue
from bot.operating.health import Health, Parts
from bot.service.identifies import Identifies
from bot.service.key_value import KeyValueStore
from bot.service.leases import Leases
from bot.service.rules import ServerRules
from bot.settings import Settings
from bot.store.database import Database, DatabaseUnavailable
from bot.store.schema import migrate
from bot.threads import SYSTEM, Pool, Threads

_log = structlog.get_logger(__name__)

# Seconds for work in progress at a stop; below ten together with the threads' timeout.
_ANSWER_TIMEOUT, _DELIVERY_TIMEOUT, _LOGOUT_TIMEOUT = 1.5, 2.5, 2.0
# Seconds in which a cancelled task usually ends.
_CANCEL_TIMEOUT = 0.2
# Seconds before standing by again after a failure.
_RETRY_WAIT = 1.0


class App:
    """One running bot. ``run`` returns after ``stop``; ``ready`` is set once it receives events.

    Leases use ``lease_clock``, which must run like the database's: tests that advance ``clock`` leave it alone.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        threads: Threads = SYSTEM,
        lease_clock: Clock | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock or Clock()
        self._lease_clock = lease_clock or Clock()
        self._threads = threads
        self._stopping = asyncio.Event()
        self.ready = asyncio.Event()
        self._health = Health(self._clock, self.ready)
        self._observer: Observer = NOBODY

    def stop(self) -> None:
        """Ask the bot to stop; idempotent."""
        self._stopping.set()

    async def run(self) -> None:
        """Run until stopped. Raises ``RefusedByDiscord`` and ``DatabaseUnavailable``."""
        catalogue.use(self._settings.language)
        stopped = asyncio.create_task(self._stopping.wait(), name="stop")
        running = asyncio.create_task(self._run(), name="run")
        try:
            await asyncio.wait((running, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            self.stop()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    async def _run(self) -> None:
        """Take a lease on a block of shards, again and again, and hold it for as long as possible."""
        settings, health = self._settings, self._health
        async with contextlib.AsyncExitStack() as opened:
            if settings.metrics_port is not None:
                from bot.operating.endpoint import endpoint  # noqa: PLC0415 - most run without it, and start faster

                served = endpoint(settings.metrics_host, settings.metrics_port, health, self._clock)
                self._observer = await opened.enter_async_context(served)
            database = health.database = Database(settings.database_url, threads=self._threads)
            opened.push_async_callback(database.close)
            await migrate(database)
            blocks = await self._blocks()
            lease_seconds, machine = settings.lease_seconds, settings.machine_name
            leases = Leases(database, self._lease_clock, lease_seconds, machine, self._threads)
            health.wait_for(leases)
            # Checked here too: a stop while a lease is being left must not be mistaken for the end of that lease.
            while not self._stopping.is_set():
                try:
                    await self._hold(*await leases.take(blocks))
                except (LeaseLost, DatabaseUnavailable) as error:
                    _log.warning("shards_given_up", error=type(error).__name__)
                    await asyncio.sleep(_RETRY_WAIT)

    async def _blocks(self) -> Sequence[ShardRange]:
        count, each = self._settings.shard_count, self._settings.shards_per_process
        if not count:
            token = self._settings.discord_token.get_secret_value()
            count = await recommended_shards(self._settings.discord_api_url, token, self._clock)
        return split(count, each or count)

    async def _hold(self, shards: ShardRange, lease_keeper: LeaseKeeper) -> None:
        # A separate database: work that outlives the lease must not write under the next one.
        database = Database(self._settings.database_url, lease_keeper.lease, self._threads)
        self._health.hold(lease_keeper)
        lost = asyncio.create_task(lease_keeper.lost(), name="lease")
        serving = asyncio.create_task(self._serve(database, shards, lease_keeper), name="serve")
        try:
            ended, _ = await asyncio.wait((serving, lost), return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            for task in (serving, lost):
                task.cancel()
            # The cause has been raised; whatever else fails during the shutdown must not keep the lease from
            # others.
            for failed in await asyncio.gather(serving, lost, return_exceptions=True):
                expected = (LeaseLost, DatabaseUnavailable, type(None), asyncio.CancelledError)
                if failed is not sys.exception() and not isinstance(failed, expected):
                    _log.warning("shards_shutdown_failed", exc_info=failed)
            self._health.hold(None)
            _log.info("shards_left", block=lease_keeper.lease.block, seconds_left=round(lease_keeper.left(), 1))
            await database.close()
            await lease_keeper.give_back()

    async def _serve(self, database: Database, shards: ShardRange, lease_keeper: LeaseKeeper) -> None:
        settings, clock = self._settings, self._clock
        breaker = Breaker(clock)
        # Discord's rate limit is shared by all processes.
        rate_limiter = RateLimiter(
            clock, breaker, max(1, settings.requests_per_second * len(shards.ids) // shards.count)
        )
        rules = ServerRules(database, settings.command_prefix, settings.max_timers_per_guild)

        def make_client() -> Client:
            return (Client if shards == WHOLE else ShardedClient)(
                api_url=settings.discord_api_url,
                prefix_of=rules.prefix_of,
                message_content=settings.message_content,
                members=settings.members_intent,
                clock=clock,
                trace=HttpTrace(clock, rate_limiter, breaker, lease_keeper.must_hold, self._observer),
                shard_range=shards,
            )

        client = await log_in(make_client, settings.discord_token.get_secret_value(), clock)
        container = await build(
            settings, database, client, clock, rate_limiter, shards, rules, self._observer, self._threads
        )
        self._health.serve(Parts(client, container, rate_limiter))
        tasks = [supervised("ready", lambda: self._report_ready(client), clock)]
        is_first = shards.has(None)  # the process with shard 0 does what only one process should do
        if is_first:
            tasks.append(supervised("housekeeping", container.housekeeping.run, clock))
        try:
            # Due timers are announced over REST, without waiting for the gateway.
            await container.outbox.open()
            await container.scheduler.open()
            # In parallel: while Discord rejects commands, those it has are served.
            tasks.append(supervised("sync", lambda: sync(client, KeyValueStore(database), clock), clock))
            tasks.append(supervised("lookahead", container.lookahead.run, clock))
            tasks.append(supervised("departures", container.services.focus.departures.run, clock))
            await stay_connected(client, breaker, Identifies(database, clock), clock)
        finally:
            # The gateway is closed by now, so that nothing new arrives while the parts behind it close.
            _log.info("stopping")
            self.ready.clear()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=_CANCEL_TIMEOUT)
            # Once the lease is lost, nothing may be answered or sent any more, and there is no time for it.
            await _close(container, client, immediately=not lease_keeper.holds())
            _log.info("stopped")

    async def _report_ready(self, client: Client) -> None:
        await client.arrivals.complete.wait()
        _log.info("ready", guilds=len(client.guilds))
        self.ready.set()


async def _close(container: Container, client: Client, *, immediately: bool) -> None:
    await container.runner.close(0 if immediately else _ANSWER_TIMEOUT)
    container.services.picture_cache.close()
    await container.scheduler.close(immediately=immediately)
    await container.outbox.close(0 if immediately else _DELIVERY_TIMEOUT)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LOGOUT_TIMEOUT):
            await client.close()


async def run_until_signalled(settings: Settings) -> None:
    """Run the bot until SIGTERM or Ctrl-C. Raises what ``App.run`` raises."""
    app = App(settings)
    loop = asyncio.get_running_loop()
    loop.set_default_executor(Pool())
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, app.stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(app.stop))
    await app.run()
