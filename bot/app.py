"""The app: builds the parts, starts them in order, and stops them in the opposite one."""

import asyncio
import contextlib
import signal

import structlog

from bot.chat.client import Client, CommandNotes
from bot.chat.cogs.focus import Focus as FocusCog
from bot.chat.cogs.pomodoro import Pomodoro
from bot.chat.cogs.remind import Remind as RemindCog
from bot.chat.cogs.voice import Voice
from bot.chat.connection import log_in, stay_connected
from bot.chat.desk import Desk
from bot.chat.focus import Focus
from bot.chat.focus_words import FocusWords
from bot.chat.gate import Gate
from bot.chat.remind import Remind
from bot.chat.reminder_presses import ReminderPresses
from bot.chat.reminder_words import ReminderWords
from bot.chat.sender import Sender, Words
from bot.chat.timer_words import TimerWords
from bot.chat.wire import trace
from bot.domain.timer import Purpose
from bot.engine.breaker import Breaker
from bot.engine.clock import Clock, SystemClock
from bot.engine.outbox import Outbox
from bot.engine.pace import Pace
from bot.engine.roster import Roster
from bot.service.agenda import Agenda, Ending
from bot.service.delivery import Delivery
from bot.service.housekeeping import Housekeeping
from bot.service.notes import Notes
from bot.service.preferences import Preferences
from bot.service.presets import Presets
from bot.service.reminders import Reminders
from bot.service.sessions import Sessions
from bot.service.timers import Limits, Timers
from bot.settings import Settings
from bot.store.database import Database
from bot.store.schema import migrate

_log = structlog.get_logger(__name__)

# Seconds for what is being done when the stop comes; together with the threads' farewell below ten.
_ANSWERS, _DELIVERIES, _GOODBYE = 1.5, 2.5, 2.0


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
        """Run until stopped. Raises ``RefusedByDiscord`` and ``DatabaseUnavailable``."""
        stopped = asyncio.create_task(self._stopping.wait(), name="stop")
        running = asyncio.create_task(self._run(), name="run")
        try:
            await asyncio.wait((running, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    async def _run(self) -> None:
        database = Database(self._settings.database_url)
        try:
            await migrate(database)
            await self._serve(database)
        finally:
            await database.close()

    async def _serve(self, database: Database) -> None:
        settings, clock = self._settings, self._clock
        breaker = Breaker(clock)
        pace = Pace(clock, breaker)
        notes = Notes(database)

        def make_client() -> Client:
            return Client(
                api_url=settings.discord_api_url,
                prefix=settings.command_prefix,
                message_content=settings.message_content,
                clock=clock,
                trace=trace(clock, pace, breaker),
                notes=CommandNotes(notes.read, notes.keep),
            )

        client = await log_in(make_client, settings.discord_token.get_secret_value(), clock)
        timers = Timers(database, clock, Limits(settings.max_timers_per_user, settings.max_timers_per_guild))
        sessions = Sessions(database, clock, settings.focus_idle_rounds)
        reminders = Reminders(database, clock, settings.max_reminders_per_user)
        endings: dict[Purpose, Ending] = {
            Purpose.POMODORO: timers,
            Purpose.SESSION: sessions,
            Purpose.REMINDER: reminders,
        }
        agenda = Agenda(database, clock, endings)
        roster = Roster(agenda, clock, settings.max_countdown_threads)
        words: dict[Purpose, Words] = {
            Purpose.POMODORO: TimerWords(clock),
            Purpose.SESSION: FocusWords(sessions, clock),
            Purpose.REMINDER: ReminderWords(reminders, clock),
        }
        outbox = Outbox(Delivery(database, {Purpose.REMINDER: reminders}), Sender(client, words), clock, pace)
        for part in (agenda, timers, sessions, reminders):
            part.attach(roster, outbox)
        desk = Desk(Gate(clock, settings.commands_per_10s))
        presets = Presets(database)
        preferences = Preferences(database)
        prefix = settings.command_prefix
        await client.add_cog(Pomodoro(timers, desk, clock, prefix))
        await client.add_cog(FocusCog(Focus(sessions, presets, preferences, clock), presets, desk, prefix))
        remind = Remind(reminders, preferences, clock)
        presses = ReminderPresses(remind, reminders, preferences, clock)
        remind_cog = RemindCog(remind, presses, desk, clock, prefix)
        await client.add_cog(remind_cog)
        client.tree.add_command(remind_cog.menu)
        await client.add_cog(Voice(client, sessions))
        housekeeping = Housekeeping(database, clock, settings.keep_finished_days)
        beside = [
            asyncio.create_task(self._tell_when_ready(client), name="ready"),
            asyncio.create_task(housekeeping.run(), name="housekeeping"),
        ]
        try:
            # What is due is announced by REST: it does not wait for the gateway.
            await outbox.open()
            await roster.open()
            await client.sync_commands()
            await stay_connected(client, clock)
        finally:
            # The gateway has been left by now, so that nothing new comes in while the parts behind it close.
            _log.info("stopping")
            for task in beside:
                task.cancel()
            await desk.close(_ANSWERS)
            await roster.close()
            await outbox.close(_DELIVERIES)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_GOODBYE):
                    await client.close()
            _log.info("stopped")

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
