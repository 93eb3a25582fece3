"""The container: all the parts of one running bot, put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.chat.focus.destinations import Destinations
from bot.chat.focus.earlier_cards import EarlierCards
from bot.chat.focus.renderer import FocusRenderer
from bot.chat.reminders.renderer import ReminderRenderer
from bot.chat.runtime.client import Client
from bot.chat.runtime.gateway_members import GatewayMembers
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.sender import DiscordSender, Renderer
from bot.chat.services import FocusServices, Services
from bot.chat.stats.digest import DigestRenderer
from bot.chat.timers.renderer import TimerRenderer
from bot.cogs import add_cogs
from bot.domain.shard import ShardRange
from bot.domain.timers.timer import Purpose
from bot.engine.clock import Clock
from bot.engine.observer import Observer
from bot.engine.outbox import Outbox
from bot.engine.rate_limiter import RateLimiter
from bot.engine.scheduler import Scheduler
from bot.service.authority import Authority
from bot.service.channel_timers import ChannelTimers
from bot.service.corrections import Corrections
from bot.service.departures import Departures
from bot.service.digests import Digests
from bot.service.due_timers import CompletionHandler, DueTimers
from bot.service.focus_log import FocusLog
from bot.service.housekeeping import Housekeeping
from bot.service.lookahead import Lookahead
from bot.service.members import Members
from bot.service.picture_cache import PictureCache
from bot.service.ping_limiter import PingLimiter
from bot.service.preferences import Preferences
from bot.service.presence import Presence
from bot.service.presets import Presets
from bot.service.privacy import Privacy
from bot.service.questions import Questions
from bot.service.reminders import Reminders
from bot.service.rules import ServerRules
from bot.service.sessions import Sessions
from bot.service.stored_outbox import Refusals, StoredOutbox
from bot.service.stranding import Stranding
from bot.service.timers import Limits, Timers
from bot.service.undelivered import Undelivered
from bot.service.voice import Voice
from bot.settings import Settings
from bot.store.database import Database
from bot.threads import Threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """The parts with a life cycle, see ``bot.app``."""

    scheduler: Scheduler
    outbox: Outbox
    runner: RequestRunner
    services: Services
    housekeeping: Housekeeping
    lookahead: Lookahead


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
    shards: ShardRange,
    rules: ServerRules,
    observer: Observer,
    threads: Threads,
) -> Container:
    """Build the parts on a migrated database, and add the commands to a client that is logged in."""
    members = GatewayMembers(client, clock)
    authority = Authority(members)
    services = _services(settings, database, client, clock, shards, rules, threads, members, authority)
    pings = PingLimiter(clock, services.shortest_phase)
    await pings.load(database, shards)
    features = _features(services, members, authority, pings)

    handlers = {purpose: feature.handler for purpose, feature in features.items()}
    due_timers = DueTimers(database, clock, handlers, shards)
    scheduler = Scheduler(due_timers, clock, settings.max_countdown_threads, shards, threads)
    refusals = {purpose: feature.refusals for purpose, feature in features.items() if feature.refusals}
    renderers = {purpose: feature.renderer for purpose, feature in features.items()}
    sender = DiscordSender(client, renderers, rate_limiter.breaker.invalid_requests, clock)
    outbox = Outbox(StoredOutbox(database, refusals, clock, shards), sender, clock, rate_limiter, observer)

    async def on_receipt(nonce: str, message_id: int) -> None:
        outbox.receive(nonce, message_id)

    client.add_listener(on_receipt)
    services.attach(scheduler, outbox)
    due_timers.attach(scheduler, outbox)
    runner = RequestRunner(services, rate_limiter.breaker, settings.commands_per_10s)
    await add_cogs(services, runner)
    return Container(
        scheduler=scheduler,
        outbox=outbox,
        runner=runner,
        services=services,
        housekeeping=Housekeeping(
            database, services.privacy, clock, settings.keep_finished_days, settings.keep_left_guild_days
        ),
        lookahead=Lookahead(database, members, clock, shards),
    )


def _services(
    settings: Settings,
    database: Database,
    client: Client,
    clock: Clock,
    shards: ShardRange,
    rules: ServerRules,
    threads: Threads,
    members: Members,
    authority: Authority,
) -> Services:
    shortest_phase = timedelta(seconds=settings.shortest_phase_seconds)
    limits = Limits(settings.max_timers_per_user, settings.max_timers_per_guild)
    counts_from = timedelta(minutes=settings.pomodoro_counts_minutes)
    timers = Timers(database, clock, limits, rules, counts_from, authority)
    sessions = Sessions(database, clock, settings.focus_idle_rounds, shards, shortest_phase)
    reminders = Reminders(database, clock, settings.max_reminders_per_user, authority)
    focus = FocusServices(
        client=client,
        sessions=sessions,
        voice=Voice(database, sessions, members),
        presence=Presence(database, clock, sessions),
        departures=Departures(database, sessions, members, clock),
        stranding=Stranding(database, sessions),
        destinations=Destinations(client, members, sessions.live, rules),
        earlier_cards=EarlierCards(client, sessions.live),
    )
    return Services(
        client=client,
        clock=clock,
        threads=threads,
        keep_days=settings.keep_finished_days,
        keep_left_guild_days=settings.keep_left_guild_days,
        counts_from=settings.pomodoro_counts_minutes,
        shortest_phase=shortest_phase,
        timers=timers,
        focus=focus,
        reminders=reminders,
        digests=Digests(database, clock),
        channel_timers=ChannelTimers(database, timers, sessions, reminders),
        log=FocusLog(database, clock, members),
        corrections=Corrections(database, clock),
        picture_cache=PictureCache(clock, threads=threads),
        preferences=Preferences(database),
        presets=Presets(database, shortest_phase),
        privacy=Privacy(database, sessions, clock, shards, rules, threads),
        questions=Questions(database, clock),
        rules=rules,
        undelivered=Undelivered(database, clock),
    )


def _features(
    services: Services, members: Members, authority: Authority, pings: PingLimiter
) -> Mapping[Purpose, Feature]:
    clock, log, cache, focus = services.clock, services.log, services.picture_cache, services.focus
    reminders, digests = services.reminders, services.digests
    timer_renderer = TimerRenderer(log, members, clock)
    focus_renderer = FocusRenderer(focus, log, pings, members, cache, clock)
    reminder_renderer = ReminderRenderer(reminders, authority, pings, clock)
    digest_renderer = DigestRenderer(log, members, services.rules, cache, clock)
    return complete(
        {
            Purpose.POMODORO: Feature(services.timers, timer_renderer),
            Purpose.SESSION: Feature(focus.sessions, focus_renderer, focus.stranding),
            Purpose.REMINDER: Feature(reminders, reminder_renderer, reminders),
            Purpose.DIGEST: Feature(digests, digest_renderer),
        }
    )


def complete(features: Mapping[Purpose, Feature]) -> Mapping[Purpose, Feature]:
    """Return the features. Raise ``LookupError`` if a purpose has none: its timers would never end."""
    if missing := set(Purpose) - features.keys():
        raise LookupError(f"no feature for {', '.join(sorted(missing))}")
    return features
