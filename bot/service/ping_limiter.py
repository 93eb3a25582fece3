"""The ping limiter: nobody makes the bot ping another person more than once a minute."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.mentions import LARGEST_ID
from bot.domain.outbox_message import PERSONAL, OutboxMessage
from bot.domain.shard import WHOLE, ShardRange
from bot.domain.timers.timer import Purpose
from bot.engine.clock import Clock
from bot.store import outbox as outbox_rows, reminders as reminder_rows, sessions as session_rows
from bot.store.database import Database

LONGEST_APART = timedelta(minutes=1)
# How many of the newest outbox messages are looked at for pings of an earlier process, and how late each may have
# been sent; clocks may differ by as much.
_NEWEST, _LAG = 2_000, timedelta(seconds=5)
# Ids of messages count milliseconds from here. Source: https://discord.com/developers/docs/reference#snowflakes
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
# How many pings are kept before the expired ones are dropped.
_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class _Ping:
    """When a ping was due and, in monotonic seconds, rendered; its message, by nonce, may be rendered again."""

    due_at: datetime
    rendered_at: float
    nonce: str


class PingLimiter:
    """Remembers recent pings by cause; those due, or rendered, at least ``apart`` do not suppress each other."""

    def __init__(self, clock: Clock, apart: timedelta = LONGEST_APART) -> None:
        self._clock = clock
        self._apart = min(apart, LONGEST_APART)
        # The last ping, by the id of its cause, a person or a session, and that of the person pinged.
        self._last: dict[tuple[int, int], _Ping] = {}

    async def load(self, database: Database, shards: ShardRange = WHOLE) -> None:
        """Learn whom an earlier process may just have pinged, from what it sent."""
        now = self._clock.now()
        # From 2084 on no id is as late, whatever the clock says.
        since = min(round((now - self._apart - _EPOCH) / timedelta(milliseconds=1)) << 22, LARGEST_ID)
        async with database.read() as connection:
            for message in await outbox_rows.sent_since(connection, since, _NEWEST, shards):
                sent_at = _EPOCH + timedelta(milliseconds=(message.message_id or 0) >> 22)
                if sent_at <= now + _LAG:
                    rendered_at = self._clock.monotonic() - (now - sent_at).total_seconds()
                    ping = _Ping(sent_at - _LAG, rendered_at, message.nonce)
                    self._last |= dict.fromkeys(await _pings(connection, message), ping)

    def allowed(self, causes: Collection[int], user_ids: Iterable[int], due_at: datetime, nonce: str) -> list[int]:
        """Return which of these people a message may ping now, and count them as pinged.

        ``causes`` are the ids of the person and the session behind it; none of them may have just pinged the same
        person. People may ping themselves as often as they like.
        """
        ping = _Ping(due_at, self._clock.monotonic(), nonce)
        allowed = [
            user_id
            for user_id in user_ids
            if all(cause == user_id or self._is_apart(self._last.get((cause, user_id)), ping) for cause in causes)
        ]
        self._prune(ping.rendered_at)
        self._last |= {(cause, user_id): ping for user_id in allowed for cause in causes}
        return allowed

    def _is_apart(self, last: _Ping | None, ping: _Ping) -> bool:
        return (
            last is None
            or last.nonce == ping.nonce
            or ping.due_at - last.due_at >= self._apart
            or ping.rendered_at - last.rendered_at >= self._apart.total_seconds()
        )

    def _prune(self, now: float) -> None:
        if len(self._last) >= _KEPT:
            since = now - self._apart.total_seconds()
            self._last = {who: ping for who, ping in self._last.items() if ping.rendered_at > since}


async def _pings(connection: AsyncConnection, message: OutboxMessage) -> list[tuple[int, int]]:
    """Return the causes of a message, each with whom it may have pinged."""
    timer = message.timers[0]
    if timer.purpose is Purpose.SESSION:
        session = await session_rows.by_id(connection, timer.id)
        present = [person.user_id for person in session.present] if session else []
        pinged = [message.place_id] if message.kind in PERSONAL else present
        return [(cause, user_id) for cause in (timer.id, timer.owner_id) for user_id in pinged]
    if timer.purpose is Purpose.REMINDER:
        reminders = await reminder_rows.by_ids(connection, [timer.id for timer in message.timers])
        return [(reminder.answers_for_it, reminder.called_id) for reminder in reminders.values() if reminder.calls]
    return []
