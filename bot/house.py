"""The house: all the parts of one running bot, put together."""

from dataclasses import dataclass

from bot.chat.client import Client
from bot.chat.cogs.focus import Focus as FocusCog
from bot.chat.cogs.pomodoro import Pomodoro
from bot.chat.cogs.privacy import Privacy as PrivacyCog
from bot.chat.cogs.remind import Remind as RemindCog
from bot.chat.cogs.settings import Settings as SettingsCog
from bot.chat.cogs.stats import Stats as StatsCog
from bot.chat.cogs.voice import Voice
from bot.chat.desk import Desk
from bot.chat.digest import Digests, DigestWords
from bot.chat.focus import Focus
from bot.chat.focus_words import FocusWords
from bot.chat.gate import Gate
from bot.chat.private import Private
from bot.chat.remind import Remind
from bot.chat.reminder_presses import ReminderPresses
from bot.chat.reminder_words import ReminderWords
from bot.chat.sender import Sender, Words
from bot.chat.stats import Stats
from bot.chat.timer_words import TimerWords
from bot.domain.shard import Share
from bot.domain.timer import Purpose
from bot.engine.clock import Clock
from bot.engine.observer import NOBODY, Observer
from bot.engine.outbox import Outbox
from bot.engine.pace import Pace
from bot.engine.roster import Roster
from bot.service.agenda import Agenda, Ending
from bot.service.delivery import Delivery
from bot.service.focus_log import FocusLog
from bot.service.gallery import Gallery
from bot.service.housekeeping import Housekeeping
from bot.service.preferences import Preferences
from bot.service.presets import Presets
from bot.service.privacy import Privacy
from bot.service.reminders import Reminders
from bot.service.rules import ServerRules
from bot.service.sessions import Sessions
from bot.service.timers import Limits, Timers
from bot.settings import Settings
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class House:
    """The parts that are opened and closed, see ``bot.app``."""

    roster: Roster
    outbox: Outbox
    desk: Desk
    gallery: Gallery
    housekeeping: Housekeeping


async def build(
    settings: Settings,
    database: Database,
    client: Client,
    clock: Clock,
    pace: Pace,
    share: Share,
    rules: ServerRules,
    observer: Observer = NOBODY,
) -> House:
    """Build the parts on a database that is up to date, and give a client that is logged in its commands."""
    timers = Timers(database, clock, Limits(settings.max_timers_per_user, settings.max_timers_per_guild), rules)
    sessions = Sessions(database, clock, settings.focus_idle_rounds)
    reminders = Reminders(database, clock, settings.max_reminders_per_user)
    endings: dict[Purpose, Ending] = {
        Purpose.POMODORO: timers,
        Purpose.SESSION: sessions,
        Purpose.REMINDER: reminders,
        Purpose.DIGEST: reminders,
    }
    log, gallery = FocusLog(database, clock), Gallery(clock)
    privacy = Privacy(database, sessions, clock, share)
    agenda = Agenda(database, clock, endings, share)
    roster = Roster(agenda, clock, settings.max_countdown_threads, share)
    words: dict[Purpose, Words] = {
        Purpose.POMODORO: TimerWords(clock),
        Purpose.SESSION: FocusWords(sessions, log, clock),
        Purpose.REMINDER: ReminderWords(reminders, clock),
        Purpose.DIGEST: DigestWords(log, gallery, clock),
    }
    delivery = Delivery(database, {Purpose.REMINDER: reminders}, share)
    outbox = Outbox(delivery, Sender(client, words), clock, pace, observer)
    for part in (agenda, timers, sessions, reminders):
        part.attach(roster, outbox)
    privacy.attach(roster)
    desk = Desk(Gate(clock, settings.commands_per_10s), rules)
    presets = Presets(database)
    preferences = Preferences(database)
    await client.add_cog(Pomodoro(timers, desk, clock))
    await client.add_cog(FocusCog(Focus(sessions, presets, preferences, rules, clock), presets, desk))
    remind = Remind(reminders, preferences, clock)
    presses = ReminderPresses(remind, reminders, preferences, clock)
    remind_cog = RemindCog(remind, presses, desk, clock)
    await client.add_cog(remind_cog)
    client.tree.add_command(remind_cog.menu)
    stats = Stats(log, Digests(reminders, preferences, clock), preferences, gallery, clock)
    await client.add_cog(StatsCog(stats, desk))
    kept = settings.keep_finished_days, settings.keep_left_guild_days
    private = Private(privacy, preferences, *kept)
    await client.add_cog(PrivacyCog(private, privacy, client, desk))
    await client.add_cog(SettingsCog(rules, desk))
    await client.add_cog(Voice(client, sessions))
    housekeeping = Housekeeping(database, privacy, clock, *kept)
    return House(roster, outbox, desk, gallery, housekeeping)
