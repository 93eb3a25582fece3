"""The app: builds the parts, starts them in order, and stops them in the opposite one."""

import asyncio
import contextlib
import signal

import aiohttp
import discord
import structlog

from bot.chat.client import Client, CommandNotes
from bot.chat.cogs.pomodoro import Pomodoro
from bot.chat.desk import Desk
from bot.chat.gate import Gate
from bot.chat.sender import Sender
from bot.engine.clock import Clock, SystemClock
from bot.engine.outbox import Outbox
from bot.engine.pace import Pace
from bot.engine.roster import Roster
from bot.service.delivery import Delivery
from bot.service.notes import Notes
from bot.service.timers import Limits, Timers
from bot.settings import Settings
from bot.store.database import Database
from bot.store.schema import migrate

_log = structlog.get_logger(__name__)

# Seconds for what is being done when the stop comes; together with the threads' farewell below ten.
_ANSWERS, _DELIVERIES, _GOODBYE = 2.0, 3.0, 2.0
# Seconds between tries to log in while Discord cannot be reached.
_LOGIN_WAITS = (1.0, 2.0, 5.0, 10.0, 30.0)


class StartupError(Exception):
    """The bot cannot run with these settings; says why in one line."""


class App:
    """One running bot. ``run`` returns when ``stop`` was called; ``ready`` is set once it hears people."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._stopping = asyncio.Event()
        self.ready = asyncio.Event()

    def stop(self) -> None:
        """Ask the bot to stop; asking twice is the same as asking once."""
        self._stopping.set()

    async def run(self) -> None:
        """Run until stopped. Raises ``StartupError`` and ``DatabaseUnavailable``."""
        database = Database(self._settings.database_url)
        try:
            await migrate(database)
            client = await self._log_in(database)
            if client is not None:
                await self._serve(client, database)
        finally:
            await database.close()

    async def _serve(self, client: Client, database: Database) -> None:
        settings = self._settings
        timers = Timers(database, self._clock, Limits(settings.max_timers_per_user, settings.max_timers_per_guild))
        roster = Roster(timers, self._clock, settings.max_countdown_threads)
        outbox = Outbox(Delivery(database), Sender(client, self._clock), self._clock)
        timers.attach(roster, outbox)
        desk = Desk(Gate(self._clock, settings.commands_per_10s))
        await client.add_cog(Pomodoro(timers, desk, self._clock, settings.command_prefix))
        try:
            # What is due is announced by REST: it does not wait for the gateway.
            await outbox.open()
            await roster.open()
            await client.sync_commands()
            await self._until_stopped(client)
        finally:
            _log.info("stopping")
            await desk.close(_ANSWERS)
            await roster.close()
            await outbox.close(_DELIVERIES)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_GOODBYE):
                    await client.close()
            _log.info("stopped")

    async def _until_stopped(self, client: Client) -> None:
        connected = asyncio.create_task(client.connect(), name="gateway")
        ready = asyncio.create_task(self._tell_when_ready(client), name="ready")
        stopped = asyncio.create_task(self._stopping.wait(), name="stop")
        try:
            await asyncio.wait((connected, stopped), return_when=asyncio.FIRST_COMPLETED)
            if connected.done():
                connected.result()
        except discord.PrivilegedIntentsRequired as error:
            raise StartupError(
                "Discord refused the Message Content intent: switch it on in the developer portal (Bot, Privileged "
                "Gateway Intents), or set MESSAGE_CONTENT=false to hear only mentions and slash commands."
            ) from error
        except discord.ConnectionClosed as error:
            raise StartupError(f"Discord closed the connection for good (code {error.code}).") from error
        finally:
            ready.cancel()
            stopped.cancel()
            # The gateway is left before the parts behind it close, so that nothing new comes in.
            connected.cancel()
            await asyncio.gather(connected, ready, stopped, return_exceptions=True)

    async def _tell_when_ready(self, client: Client) -> None:
        await client.wait_until_ready()
        _log.info("ready", guilds=len(client.guilds))
        self.ready.set()

    async def _log_in(self, database: Database) -> Client | None:
        """Log in, for as long as Discord cannot be reached; None where the stop came first."""
        token = self._settings.discord_token.get_secret_value()
        for tries in range(1_000_000):
            client = self._client(database)
            try:
                await client.login(token)
            except discord.LoginFailure as error:
                await client.close()
                raise StartupError(
                    "Discord does not know this DISCORD_TOKEN: copy it anew from the portal."
                ) from error
            except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
                await client.close()
                wait = _LOGIN_WAITS[min(tries, len(_LOGIN_WAITS) - 1)]
                _log.warning("discord_unreachable", error=type(error).__name__, next_try_in=wait)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._stopping.wait()
                if self._stopping.is_set():
                    return None
            else:
                return client
        return None

    def _client(self, database: Database) -> Client:
        settings = self._settings
        notes = Notes(database)
        return Client(
            api_url=settings.discord_api_url,
            prefix=settings.command_prefix,
            message_content=settings.message_content,
            pace=Pace(self._clock),
            notes=CommandNotes(notes.read, notes.keep),
        )


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
