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
from bot.service.limits import Limits
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
from bot.service.timers import Timers
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
    shards: ShardRange,
    rules: ServerRules,
    observer: Observer,
    threads: Threads,
) -> Container:
    """Build the parts on a migrated database, and add the commands to a client that is logged in."""
    limits = Limits(settings.max_timers_per_user, settings.max_timers_per_guild)
    shortest_phase = timedelta(seconds=settings.shortest_phase_seconds)
    counts_from = timedelta(minutes=settings.pomodoro_counts_minutes)
    pings = PingLimiter(clock, shortest_phase)
    await pings.load(database, shards)
    members = GatewayMembers(client, clock)
    authority = Authority(members)
    log, picture_cache = FocusLog(database, clock, members), PictureCache(clock, threads=threads)
    timers = Timers(database, clock, limits, rules, counts_from, authority)
    sessions = Sessions(database, clock, settings.focus_idle_rounds, shards, shortest_phase)
    focus = _focus_services(database, client, sessions, members, rules, clock)
    reminders = Reminders(database, clock, settings.max_reminders_per_user, authority)
    digests = Digests(database, clock)
    privacy = Privacy(database, sessions, clock, shards, rules, threads)
    focus_renderer = FocusRenderer(focus, log, pings, members, picture_cache, clock)
    features = complete(
        {
            Purpose.POMODORO: Feature(timers, TimerRenderer(log, members, clock)),
            Purpose.SESSION: Feature(sessions, focus_renderer, focus.stranding),
            Purpose.REMINDER: Feature(reminders, ReminderRenderer(reminders, authority, pings, clock), reminders),
            Purpose.DIGEST: Feature(digests, DigestRenderer(log, members, rules, picture_cache, clock)),
        }
    )
    handlers = {purpose: feature.handler for purpose, feature in features.items()}
    due_timers = DueTimers(database, clock, handlers, shards)
    scheduler = Scheduler(due_timers, clock, settings.max_countdown_threads, shards, threads)
    refusals = {purpose: feature.refusals for purpose, feature in features.items() if feature.refusals}
    store = StoredOutbox(database, refusals, clock, shards)
    renderers = {purpose: feature.renderer for purpose, feature in features.items()}
    sender = DiscordSender(client, renderers, rate_limiter.breaker.invalid_requests, clock)
    outbox = Outbox(store, sender, clock, rate_limiter, observer)

    async def on_receipt(nonce: str, message_id: int) -> None:
        outbox.receive(nonce, message_id)

    client.add_listener(on_receipt)
    for part in (due_timers, timers, sessions, reminders, digests, privacy):
        part.attach(scheduler, outbox)
    services = Services(
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
        digests=digests,
        channel_timers=ChannelTimers(database, timers, sessions, reminders),
        log=log,
        corrections=Corrections(database, clock),
        picture_cache=picture_cache,
        preferences=Preferences(database),
        presets=Presets(database, shortest_phase),
        privacy=privacy,
        questions=Questions(database, clock),
        rules=rules,
        undelivered=Undelivered(database, clock, scheduler, outbox),
    )
    runner = RequestRunner(services, rate_limiter.breaker, settings.commands_per_10s)
    await add_cogs(services, runner)
    return Container(
        scheduler=scheduler,
        outbox=outbox,
        runner=runner,
        picture_cache=picture_cache,
        housekeeping=Housekeeping(
            database, privacy, clock, settings.keep_finished_days, settings.keep_left_guild_days
        ),
        lookahead=Lookahead(database, members, clock, shards),
        departures=focus.departures,
    )


def _focus_services(
    database: Database, client: Client, sessions: Sessions, members: Members, rules: ServerRules, clock: Clock
) -> FocusServices:
    return FocusServices(
        client=client,
        sessions=sessions,
        voice=Voice(database, sessions, members),
        presence=Presence(database, clock, sessions),
        departures=Departures(database, sessions, members, clock),
        stranding=Stranding(database, sessions),
        destinations=Destinations(client, members, sessions.live, rules),
        earlier_cards=EarlierCards(client, sessions.live),
    )


def complete(features: Mapping[Purpose, Feature]) -> Mapping[Purpose, Feature]:
    """Return the features. Raise ``LookupError`` if a purpose has none: its timers would never end."""
    if missing := set(Purpose) - features.keys():
        raise LookupError(f"no feature for {', '.join(sorted(missing))}")
    return features
