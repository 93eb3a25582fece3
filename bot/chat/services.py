"""The services that all requests are carried out with."""

from dataclasses import dataclass
from datetime import timedelta

from bot.chat.focus.destinations import Destinations
from bot.chat.focus.earlier_cards import EarlierCards
from bot.chat.runtime.client import Client
from bot.engine.clock import Clock
from bot.service.channel_timers import ChannelTimers
from bot.service.corrections import Corrections
from bot.service.departures import Departures
from bot.service.digests import Digests
from bot.service.focus_log import FocusLog
from bot.service.picture_cache import PictureCache
from bot.service.preferences import Preferences
from bot.service.presence import Presence
from bot.service.presets import Presets
from bot.service.privacy import Privacy
from bot.service.questions import Questions
from bot.service.reminders import Reminders
from bot.service.rules import ServerRules
from bot.service.sessions import Sessions
from bot.service.stranding import Stranding
from bot.service.timer_service import Countdowns, Deliveries
from bot.service.timers import Timers
from bot.service.undelivered import Undelivered
from bot.service.voice import Voice
from bot.threads import Threads


@dataclass(frozen=True, slots=True, kw_only=True)
class FocusServices:
    """Sessions, who is there, and where they are held."""

    sessions: Sessions
    voice: Voice
    presence: Presence
    departures: Departures
    stranding: Stranding
    destinations: Destinations
    client: Client
    earlier_cards: EarlierCards


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services and settings that requests are carried out with.

    The operator keeps finished timers for ``keep_days``, and a server's data for ``keep_left_guild_days`` after the
    bot was removed; a pomodoro counts from ``counts_from`` minutes on, where a server does not say.
    """

    client: Client
    clock: Clock
    threads: Threads
    keep_days: int
    keep_left_guild_days: int
    counts_from: int
    shortest_phase: timedelta
    timers: Timers
    focus: FocusServices
    reminders: Reminders
    digests: Digests
    channel_timers: ChannelTimers
    log: FocusLog
    corrections: Corrections
    picture_cache: PictureCache
    preferences: Preferences
    presets: Presets
    privacy: Privacy
    questions: Questions
    rules: ServerRules
    undelivered: Undelivered

    def attach(self, scheduler: Countdowns, outbox: Deliveries) -> None:
        """Set the scheduler and the outbox of those that change timers; needed before the first request."""
        sessions = self.focus.sessions
        for part in (self.timers, sessions, self.reminders, self.digests, self.privacy, self.undelivered):
            part.attach(scheduler, outbox)
