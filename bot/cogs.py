"""The cogs: what people can ask for, given to the client."""

from dataclasses import dataclass
from datetime import timedelta

from bot.chat.channels.commands import ChannelCommands
from bot.chat.channels.requests import ChannelRequests
from bot.chat.focus.channel_events import ChannelEvents
from bot.chat.focus.commands import FocusCommands
from bot.chat.focus.presses import FocusPresses
from bot.chat.focus.requests import FocusRequests
from bot.chat.focus.services import FocusServices
from bot.chat.focus.voice_events import VoiceEvents
from bot.chat.help.commands import Help
from bot.chat.help.greeting import Greeting
from bot.chat.privacy.commands import PrivacyCommands
from bot.chat.privacy.requests import PrivacyRequests
from bot.chat.reminders.commands import ReminderCommands
from bot.chat.reminders.presses import ReminderPresses
from bot.chat.reminders.requests import ReminderRequests
from bot.chat.runtime.answers import Answers
from bot.chat.runtime.client import Client
from bot.chat.runtime.closed_doors import ClosedDoors
from bot.chat.runtime.misread import MisreadMessages
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.user_rate_limiter import PER_COMMAND, UserRateLimiter
from bot.chat.settings.commands import SettingsCommands
from bot.chat.stats.commands import StatsCommands
from bot.chat.stats.correction_requests import CorrectionRequests
from bot.chat.stats.digest import DigestRequests
from bot.chat.stats.requests import StatsRequests
from bot.chat.timers.commands import PomodoroCommands
from bot.chat.timers.kitchen import KitchenCommands
from bot.chat.timers.requests import TimerRequests
from bot.engine.circuit_breaker import Breaker
from bot.engine.clock import Clock
from bot.service.channel_timers import ChannelTimers
from bot.service.corrections import Corrections
from bot.service.digests import Digests
from bot.service.focus_log import FocusLog
from bot.service.picture_cache import PictureCache
from bot.service.preferences import Preferences
from bot.service.presets import Presets
from bot.service.privacy import Privacy
from bot.service.questions import Questions
from bot.service.reminders import Reminders
from bot.service.rules import ServerRules
from bot.service.timers import Timers
from bot.service.unheard import Unheard
from bot.settings import Settings
from bot.store.database import Database
from bot.threads import Threads


@dataclass(frozen=True, slots=True)
class Services:
    """What the commands of all features carry out."""

    timers: Timers
    focus: FocusServices
    reminders: Reminders
    digests: Digests
    log: FocusLog
    picture_cache: PictureCache
    privacy: Privacy
    rules: ServerRules
    unheard: Unheard


async def add_cogs(
    client: Client,
    services: Services,
    database: Database,
    clock: Clock,
    breaker: Breaker,
    settings: Settings,
    threads: Threads,
) -> RequestRunner:
    """Add the commands to a client that is logged in; return what serves them."""
    focus, rules = services.focus, services.rules
    preferences, questions = Preferences(database), Questions(database, clock)
    user_limiter, suggestions = (
        UserRateLimiter(clock, settings.commands_per_10s * times) for times in (1, PER_COMMAND)
    )
    misread = MisreadMessages(clock)
    doors, gone = ClosedDoors(clock), client.gone_channels
    runner = RequestRunner(user_limiter, suggestions, rules, doors, gone, breaker, questions, misread)
    shortest_phase = timedelta(seconds=settings.shortest_phase_seconds)
    presets = Presets(database, shortest_phase)
    timers = TimerRequests(services.timers, services.log, services.unheard, preferences, clock)
    focus_requests = FocusRequests(focus, presets, preferences, rules, clock)
    channels = ChannelRequests(ChannelTimers(database, services.timers, focus.sessions, services.reminders))
    reminders = ReminderRequests(services.reminders, services.unheard, preferences, channels, clock)
    presses = ReminderPresses(reminders, services.reminders, services.unheard, preferences, clock)
    reminder_commands = ReminderCommands(reminders, presses, runner, clock)
    digests = DigestRequests(services.digests, rules, clock)
    corrections = CorrectionRequests(Corrections(database, clock), preferences, clock)
    stats = StatsRequests(services.log, corrections, digests, preferences, rules, services.picture_cache, clock)
    kept = settings.keep_finished_days, settings.keep_left_guild_days
    private = PrivacyRequests(services.privacy, preferences, *kept, threads)
    for cog in (
        PomodoroCommands(timers, services.timers, runner, clock),
        KitchenCommands(timers, services.timers, runner, clock),
        FocusCommands(focus_requests, presets, runner),
        FocusPresses(focus, runner),
        focus.earlier_cards,
        reminder_commands,
        StatsCommands(stats, corrections, runner),
        PrivacyCommands(private, services.privacy, client, runner),
        SettingsCommands(rules, digests, settings.pomodoro_counts_minutes, shortest_phase, runner),
        ChannelCommands(channels, runner),
        Help(client, runner),
        Greeting(misread, runner),
        Answers(client, questions, misread, runner),
        VoiceEvents(focus.voice, focus.presence),
        ChannelEvents(focus.sessions, focus.presence, focus.stranding),
    ):
        await client.add_cog(cog)
    client.tree.add_command(reminder_commands.menu)
    return runner
