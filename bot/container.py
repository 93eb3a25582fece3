"""The container: all the parts of one running bot, put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.chat.focus.earlier_cards import EarlierCards
from bot.chat.focus.elsewhere import Elsewhere
from bot.chat.focus.recap_picture import RecapPictures
from bot.chat.focus.renderer import FocusRenderer
from bot.chat.focus.services import FocusServices
from bot.chat.reminders.renderer import ReminderRenderer
from bot.chat.runtime.client import Client
from bot.chat.runtime.gateway_members import GatewayMembers
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.sender import DiscordSender, Renderer
from bot.chat.runtime.sight import Sight
from bot.chat.stats.digest import DigestRenderer
from bot.chat.timers.renderer import TimerRenderer
from bot.cogs import Services, add_cogs
from bot.domain.shard import ShardRange
from bot.domain.timers.timer import Purpose
from bot.engine.clock import Clock
from bot.engine.observer import Observer
from bot.engine.outbox import Outbox
from bot.engine.rate_limiter import RateLimiter
from bot.engine.scheduler import Scheduler
from bot.service.authority import Authority
from bot.service.calls import Calls
from bot.service.departures import Departures
from bot.service.digests import Digests
from bot.service.due_timers import CompletionHandler, DueTimers
from bot.service.focus_log import FocusLog
from bot.service.housekeeping import Housekeeping
from bot.service.limits import Limits
from bot.service.lookahead import Lookahead
from bot.service.my_day import MyDay
from bot.service.picture_cache import PictureCache
from bot.service.preferences import Preferences
from bot.service.presence import Presence
from bot.service.privacy import Privacy
from bot.service.reminders import Reminders
from bot.service.rules import ServerRules
from bot.service.sessions import Sessions
from bot.service.stored_outbox import Refusals, StoredOutbox
from bot.service.stranding import Stranding
from bot.service.timers import Timers
from bot.service.unheard import Unheard
from bot.service.voice import Voice
from bot.settings import Settings
from bot.store.database import Database
from bot.threads import Threads


@dataclass(frozen=True, slots=True)
class Container:
    """The parts with a life cycle, see ``bot.app``."""

    scheduler: Scheduler
    outbox: Outbox
    runner: RequestRunner
    picture_cache: PictureCache
    housekeeping: Housekeeping
    lookahead: Lookahead
    departures: Departures


@dataclass(frozen=True, slots=True)
class Feature:
    """The parts that handle one purpose of timers; ``refusals`` only where a refused message has consequences."""

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
    observer: Observer,
    threads: Threads,
) -> Container:
    """Build the parts on a migrated database, and add the commands to a client that is logged in."""
    limits = Limits(settings.max_timers_per_user, settings.max_timers_per_guild)
    shortest_phase = timedelta(seconds=settings.shortest_phase_seconds)
    sessions = Sessions(database, clock, settings.focus_idle_rounds, share, shortest_phase)
    calls = Calls(clock, shortest_phase)
    await calls.load(database, share)
    members = GatewayMembers(client, clock)
    authority = Authority(members)
    counts_from = timedelta(minutes=settings.pomodoro_counts_minutes)
    timers = Timers(database, clock, limits, rules, counts_from, authority)
    focus = FocusServices(
        sessions,
        Voice(database, sessions, members),
        Presence(database, clock, sessions),
        Departures(database, sessions, members, clock),
        Stranding(database, sessions),
        Elsewhere(client, members, sessions.watch, rules),
        client,
        EarlierCards(client, sessions.watch),
    )
    reminders = Reminders(database, clock, settings.max_reminders_per_user, authority)
    digests = Digests(database, clock)
    log, picture_cache = FocusLog(database, clock, members), PictureCache(clock, threads=threads)
    focus_renderer = FocusRenderer(focus, log, calls, RecapPictures(members, picture_cache), clock)
    features = complete(
        {
            Purpose.POMODORO: Feature(
                timers, TimerRenderer(MyDay(log, Preferences(database)), Sight(client, members), clock)
            ),
            Purpose.SESSION: Feature(sessions, focus_renderer, focus.stranding),
            Purpose.REMINDER: Feature(reminders, ReminderRenderer(reminders, authority, calls, clock), reminders),
            Purpose.DIGEST: Feature(digests, DigestRenderer(log, members, rules, picture_cache, clock)),
        }
    )
    privacy = Privacy(database, sessions, clock, share, rules, threads)
    handlers = {purpose: feature.handler for purpose, feature in features.items()}
    due_timers = DueTimers(database, clock, handlers, share)
    scheduler = Scheduler(due_timers, clock, settings.max_countdown_threads, share, threads)
    refusals = {purpose: feature.refusals for purpose, feature in features.items() if feature.refusals}
    store = StoredOutbox(database, refusals, clock, share)
    renderers = {purpose: feature.renderer for purpose, feature in features.items()}
    sender = DiscordSender(client, renderers, rate_limiter.breaker.invalid_requests)
    outbox = Outbox(store, sender, clock, rate_limiter, observer)

    async def on_receipt(nonce: str, message_id: int) -> None:
        outbox.receive(nonce, message_id)

    client.add_listener(on_receipt)
    for part in (due_timers, timers, sessions, reminders, digests):
        part.attach(scheduler, outbox)
    privacy.attach(scheduler)
    unheard = Unheard(database, clock, scheduler, outbox)
    services = Services(timers, focus, reminders, digests, log, picture_cache, privacy, rules, unheard)
    runner = await add_cogs(client, services, database, clock, rate_limiter.breaker, settings, threads)
    housekeeping = Housekeeping(
        database, privacy, clock, settings.keep_finished_days, settings.keep_left_guild_days
    )
    lookahead = Lookahead(database, members, clock, share)
    return Container(scheduler, outbox, runner, picture_cache, housekeeping, lookahead, focus.departures)


def complete(features: Mapping[Purpose, Feature]) -> Mapping[Purpose, Feature]:
    """Return the features. Raise ``LookupError`` where a purpose has none: its timers would never end."""
    if missing := set(Purpose) - features.keys():
        raise LookupError(f"no feature for {', '.join(sorted(missing))}")
    return features
