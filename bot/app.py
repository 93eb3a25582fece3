"""The app: builds the parts, starts them in order, and stops them in the opposite one."""

import asyncio
import contextlib
import signal
from collections.abc import Sequence

import structlog

from bot.chat.client import Client, ShardedClient
from bot.chat.connection import log_in, recommended_shards, stay_connected
from bot.chat.wire import trace
from bot.domain.lease import LeaseLost
from bot.domain.shard import WHOLE, Share, shares
from bot.engine.breaker import Breaker
from bot.engine.clock import Clock, SystemClock
from bot.engine.observer import NOBODY, Observer
from bot.engine.pace import Pace
from bot.engine.tenure import Tenure
from bot.house import build
from bot.operating.vitals import Parts, Vitals
from bot.service.identifies import Identifies
from bot.service.leases import Leases
from bot.service.notes import Notes
from bot.service.rules import ServerRules
from bot.settings import Settings
from bot.store.database import Database, DatabaseUnavailable
from bot.store.schema import migrate

_log = structlog.get_logger(__name__)

# Seconds for what is being done when the stop comes; together with the threads' farewell below ten.
_ANSWERS, _DELIVERIES, _GOODBYE = 1.5, 2.5, 2.0
# Seconds in which a task that is broken off ends, as a rule.
_MOMENT = 0.2
# Seconds before it stands by again after a failure.
_REST = 1.0


class App:
    """One running bot. ``run`` returns when ``stop`` was called; ``ready`` is set once it hears people."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._stopping = asyncio.Event()
        self.ready = asyncio.Event()
        self._vitals = Vitals(self._clock, self.ready)
        self._observer: Observer = NOBODY

    def stop(self) -> None:
        """Ask the bot to stop; asking twice is the same as asking once."""
        self._stopping.set()

    async def run(self) -> None:
        """Run until stopped. Raises ``RefusedByDiscord`` and ``DatabaseUnavailable``."""
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
        async with contextlib.AsyncExitStack() as watched:
            if self._settings.metrics_port is not None:
                from bot.operating.endpoint import endpoint  # noqa: PLC0415 - most run without it, and start the sooner

                where = self._settings.metrics_host, self._settings.metrics_port
                self._observer = await watched.enter_async_context(endpoint(*where, self._vitals, self._clock))
            await self._use_database()

    async def _use_database(self) -> None:
        settings = self._settings
        database = self._vitals.database = Database(settings.database_url)
        try:
            await migrate(database)
            shares = await self._shares()
            # By the machine's own clock in any case: the database's, which it is held against, cannot be turned.
            leases = Leases(database, SystemClock(), settings.lease_seconds, settings.machine_name)
            # Asked here too: a stop that comes while a lease is being left is not to be taken for the end of that.
            while not self._stopping.is_set():
                try:
                    await self._hold(*await leases.take(shares))
                except (LeaseLost, DatabaseUnavailable) as error:
                    _log.warning("shards_given_up", error=type(error).__name__)
                    await asyncio.sleep(_REST)
        finally:
            await database.close()

    async def _shares(self) -> Sequence[Share]:
        """Part the shards that there are into what one process runs."""
        count, each = self._settings.shard_count, self._settings.shards_per_process
        if not count:
            token = self._settings.discord_token.get_secret_value()
            count = await recommended_shards(self._settings.discord_api_url, token, self._clock)
        return shares(count, each or count)

    async def _hold(self, share: Share, tenure: Tenure) -> None:
        """Run these shards for as long as they are this process's."""
        # One of its own: who is still at work when the lease is lost does not write under the next.
        database = Database(self._settings.database_url, tenure.lease)
        self._vitals.hold(tenure)
        lost = asyncio.create_task(tenure.lost(), name="lease")
        serving = asyncio.create_task(self._serve(database, share, tenure), name="serve")
        try:
            await asyncio.wait((serving, lost), return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
        finally:
            for task in (serving, lost):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, LeaseLost, DatabaseUnavailable):
                    await task
            self._vitals.hold(None)
            _log.info("shards_left", block=tenure.lease.block, seconds_left=round(tenure.left(), 1))
            await database.close()
            await tenure.give_back()

    async def _serve(self, database: Database, share: Share, tenure: Tenure) -> None:
        settings, clock = self._settings, self._clock
        breaker = Breaker(clock)
        # Discord counts the requests of all processes together.
        pace = Pace(clock, breaker, max(1, settings.requests_per_second * len(share.ids) // share.count))
        notes = Notes(database)
        rules = ServerRules(database, settings.command_prefix, settings.max_timers_per_guild)

        def make_client() -> Client:
            return (Client if share == WHOLE else ShardedClient)(
                api_url=settings.discord_api_url,
                prefix_of=rules.prefix_of,
                message_content=settings.message_content,
                clock=clock,
                trace=trace(clock, pace, breaker, tenure.must_hold, self._observer),
                notes=notes,
                share=share,
            )

        client = await log_in(make_client, settings.discord_token.get_secret_value(), clock)
        if isinstance(client, ShardedClient):
            client.turns = Identifies(database, clock, client.identifies_at_once)
        house = await build(settings, database, client, clock, pace, share, rules, self._observer)
        self._vitals.serve(Parts(client, house, pace, breaker))
        beside = [asyncio.create_task(self._tell_when_ready(client), name="ready")]
        is_first = share.has(None)  # what is to be done by one process, is done by the one with shard 0
        if is_first:
            beside.append(asyncio.create_task(house.housekeeping.run(), name="housekeeping"))
        try:
            # What is due is announced by REST: it does not wait for the gateway.
            await house.outbox.open()
            await house.roster.open()
            if is_first:  # beside the gateway: while Discord takes no commands, those that it has are served
                beside.append(asyncio.create_task(self._sync(client), name="sync"))
            await stay_connected(client, clock)
        finally:
            # The gateway has been left by now, so that nothing new comes in while the parts behind it close.
            _log.info("stopping")
            self.ready.clear()
            for task in beside:
                task.cancel()
            await asyncio.wait(beside, timeout=_MOMENT)
            # Where the lease is lost nothing can be answered or said any more, and there is no time for it.
            in_haste = not tenure.holds()
            await house.desk.close(0 if in_haste else _ANSWERS)
            house.gallery.close()
            await house.roster.close(in_haste=in_haste)
            await house.outbox.close(0 if in_haste else _DELIVERIES)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_GOODBYE):
                    await client.close()
            _log.info("stopped")

    async def _sync(self, client: Client) -> None:
        try:
            await client.sync_commands()
        except (LeaseLost, DatabaseUnavailable) as error:
            _log.warning("commands_not_synced", error=type(error).__name__)

    async def _tell_when_ready(self, client: Client) -> None:
        await client.wait_until_ready()
        _log.info("ready", guilds=len(client.guilds))
        self.ready.set()


async def run_until_signalled(settings: Settings) -> None:
    """Run the bot until SIGTERM or Ctrl-C. Raises what ``App.run`` raises."""
    app = App(settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, app.stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(app.stop))
    await app.run()
