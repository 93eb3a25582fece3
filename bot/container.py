"""The container: all the parts of one running bot, put together."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.focus.commands import Focus as FocusCog
from bot.chat.focus.renderer import FocusRenderer
from bot.chat.focus.requests import Focus
from bot.chat.focus.voice_events import Voice
from bot.chat.help.commands import Help
from bot.chat.privacy.commands import Privacy as PrivacyCog
from bot.chat.privacy.requests import Private
from bot.chat.reminders.commands import Remind as RemindCog
from bot.chat.reminders.presses import ReminderPresses
from bot.chat.reminders.renderer import ReminderRenderer
from bot.chat.reminders.requests import Remind
from bot.chat.runtime.client import Client
from bot.chat.runtime.closed_doors import ClosedDoors
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.retrying import Retrying
from bot.chat.runtime.sender import Renderer, Sender
from bot.chat.runtime.user_rate_limiter import PER_COMMAND, UserRateLimiter
from bot.chat.settings.commands import Settings as SettingsCog
from bot.chat.stats.commands import Stats as StatsCog
from bot.chat.stats.digest import DigestRenderer, Digests
from bot.chat.stats.requests import Stats
from bot.chat.timers.commands import Pomodoro
from bot.chat.timers.renderer import TimerRenderer
from bot.domain.shard import ShardRange
from bot.domain.timers.timer import Purpose
from bot.engine.clock import Clock
from bot.engine.observer import NOBODY, Observer
from bot.engine.outbox import Outbox
from bot.engine.rate_limiter import RateLimiter
from bot.engine.scheduler import Scheduler
from bot.service.due_timers import CompletionHandler, DueTimers
from bot.service.focus_log import FocusLog
from bot.service.housekeeping import Housekeeping
from bot.service.picture_cache import PictureCache
from bot.service.preferences import Preferences
from bot.service.presets import Presets
from bot.service.privacy import Privacy
from bot.service.reminders import Reminders
from bot.service.rules import ServerRules
from bot.service.sessions import Sessions
from bot.service.stored_outbox import Refusals, StoredOutbox
from bot.service.timers import Limits, Timers
from bot.service.unheard import Unheard
from bot.settings import Settings
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Container:
    """The parts with a life cycle, see ``bot.app``."""

    scheduler: Scheduler
    outbox: Outbox
    runner: RequestRunner
    picture_cache: PictureCache
    housekeeping: Housekeeping


@dataclass(frozen=True, slots=True)
class Feature:
    """All that one purpose of a timer needs; ``refusals`` only where a refused direct message has consequences."""

    handler: CompletionHandler
    renderer: Renderer
    refusals: Refusals | None = None


async def build(
    settings: Settings,
    database: Database,
    client: Client,
    clock: Clock,
    rate_limiter: RateLimiter,
    share: ShardRange,
    rules: ServerRules,
    observer: Observer = NOBODY,
) -> Container:
    """Build the parts on a migrated database, and add the commands to a client that is logged in."""
    timers = Timers(database, clock, Limits(settings.max_timers_per_user, settings.max_timers_per_guild), rules)
    sessions = Sessions(database, clock, settings.focus_idle_rounds)
    reminders = Reminders(database, clock, settings.max_reminders_per_user)
    log, picture_cache = FocusLog(database, clock), PictureCache(clock)
    features = complete(
        {
            Purpose.POMODORO: Feature(timers, TimerRenderer(clock)),
            Purpose.SESSION: Feature(sessions, FocusRenderer(sessions, log, clock)),
            Purpose.REMINDER: Feature(reminders, ReminderRenderer(reminders, clock), reminders),
            Purpose.DIGEST: Feature(reminders, DigestRenderer(reminders, log, picture_cache, clock)),
        }
    )
    privacy = Privacy(database, sessions, clock, share, rules)
    handlers = {purpose: feature.handler for purpose, feature in features.items()}
    due_timers = DueTimers(database, clock, handlers, share)
    scheduler = Scheduler(due_timers, clock, settings.max_countdown_threads, share)
    refusals = {purpose: feature.refusals for purpose, feature in features.items() if feature.refusals}
    store = StoredOutbox(database, refusals, clock, share)
    renderers = {purpose: feature.renderer for purpose, feature in features.items()}
    sender = Sender(client, renderers, rate_limiter.breaker.invalid_requests)
    outbox = Outbox(store, sender, clock, rate_limiter, observer)

    async def on_receipt(nonce: str, message_id: int) -> None:
        outbox.receive(nonce, message_id)

    client.add_listener(on_receipt)
    unheard = Unheard(database, clock)
    for part in (due_timers, timers, sessions, unheard):
        part.attach(scheduler, outbox)
    for counted in (reminders, privacy):
        counted.attach(scheduler)
    user_limiter, suggestions = (
        UserRateLimiter(clock, settings.commands_per_10s * times) for times in (1, PER_COMMAND)
    )
    runner = RequestRunner(user_limiter, suggestions, rules, ClosedDoors(clock), rate_limiter.breaker)
    presets = Presets(database)
    preferences = Preferences(database)
    retrying = Retrying(unheard)
    await client.add_cog(Pomodoro(timers, unheard, retrying, runner, clock))
    await client.add_cog(FocusCog(Focus(sessions, presets, preferences, rules, clock), presets, runner))
    remind = Remind(reminders, unheard, preferences, clock)
    presses = ReminderPresses(remind, reminders, preferences, retrying, clock)
    remind_cog = RemindCog(remind, presses, runner, clock)
    await client.add_cog(remind_cog)
    client.tree.add_command(remind_cog.menu)
    stats = Stats(log, Digests(reminders, preferences, clock), preferences, picture_cache, clock)
    await client.add_cog(StatsCog(stats, runner))
    kept = settings.keep_finished_days, settings.keep_left_guild_days
    private = Private(privacy, preferences, *kept)
    await client.add_cog(PrivacyCog(private, privacy, client, runner))
    await client.add_cog(SettingsCog(rules, runner))
    await client.add_cog(Help(runner))
    await client.add_cog(Voice(sessions))
    housekeeping = Housekeeping(database, privacy, clock, *kept)
    return Container(scheduler, outbox, runner, picture_cache, housekeeping)


def complete(features: Mapping[Purpose, Feature]) -> Mapping[Purpose, Feature]:
    """Return the features. Raise ``LookupError`` where a purpose has none: its timers would never end."""
    if missing := set(Purpose) - features.keys():
        raise LookupError(f"no feature for {', '.join(sorted(missing))}")
    return features
