"""The outbox: delivers each message once, with a queue per place, retrying until Discord has taken it."""

import asyncio
import contextlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot.domain.outbox_message import ANNOUNCEMENTS, EDITS, OutboxMessage
from bot.domain.timers.timer import State
from bot.engine.channel_queue import DIGESTS, FORGET_AFTER, ChannelQueue, Key, is_late, key_of
from bot.engine.clock import Clock
from bot.engine.delivery import Barred, Failure, Sender, Undeliverable, Unsendable
from bot.engine.earlier_tries import EarlierTries
from bot.engine.nonce import is_forgotten, repeatable
from bot.engine.observer import NOBODY, Observer, answered_at
from bot.engine.outbox_store import OutboxStore, Recorder
from bot.engine.rate_limiter import RateLimiter, Urgency, urgency
from bot.engine.supervisor import supervise
from bot.engine.unsent import Unsent
from bot.engine.withdrawal import Withdrawn, withdrawable
from bot.messages.catalogue import N_

_log = structlog.get_logger(__name__)

# Seconds in which a cancelled task ends, unless it waits for the database.
_FAREWELL = 0.2
# How many messages are rendered ahead at a time: the others of a burst wait for the rate limiter anyway.
_PREPARED = 8


class Outbox:
    """Delivers messages: one announcement and one card at a time in each place, for as long as it takes."""

    def __init__(
        self,
        store: OutboxStore,
        sender: Sender,
        clock: Clock,
        rate_limiter: RateLimiter,
        observer: Observer = NOBODY,
    ) -> None:
        self._store = store
        self._recorder = Recorder(clock)
        self._sender = sender
        self._earlier_tries = EarlierTries(sender, observer, self._recorder)
        self._clock = clock
        self._rate_limiter = rate_limiter
        self._observer = observer
        self._unsent = Unsent(clock)
        self._queues: dict[Key, ChannelQueue] = {}
        self._tasks: dict[ChannelQueue, asyncio.Task[None]] = {}
        self._digests = asyncio.Semaphore(DIGESTS)
        # Messages that wait outside their queue for a retry.
        self._aside: set[asyncio.Task[None]] = set()
        self._preparing = 0
        # The number of messages set aside until the next start.
        self.given_up = 0

    @property
    def depth(self) -> int:
        """The number of messages waiting or in flight."""
        return len(self._unsent)

    @property
    def oldest(self) -> float:
        """The seconds that the oldest of them has waited; 0 if there is none."""
        return self._unsent.oldest

    async def open(self) -> None:
        """Load what an earlier process had not sent. It may have tried them, so they are kept as they are."""
        now = self._clock.now()
        for message in await self._store.pending():
            tried_at = message.first_try
            if message.kind not in EDITS and is_forgotten(tried_at, now):
                self._earlier_tries.look_up_first(message)
            self._put(replace(message, tried_at=tried_at), is_new=False)

    def put(self, messages: Iterable[OutboxMessage]) -> None:
        """Deliver these, whose rows are committed."""
        for message in messages:
            self._put(message, is_new=True)

    def receive(self, nonce: str, message_id: int) -> None:
        """Note that the gateway reported a message with this nonce: Discord's response may be lost."""
        self._unsent.receive(nonce, message_id)

    async def close(self, within: float) -> None:
        """Deliver what waits, for at most this many seconds. The rest stays in the database for the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=within)
        self._recorder.closed = True
        tasks = [*self._tasks.values(), *self._aside]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_FAREWELL)

    def _put(self, message: OutboxMessage, *, is_new: bool) -> None:
        if self._recorder.closed:
            return
        self._unsent.add(message)
        self._queue_of(message).put(message, is_new=is_new)

    def _queue_of(self, message: OutboxMessage) -> ChannelQueue:
        """Return the queue of a message, and start serving it."""
        key = key_of(message)
        queue = self._queues.setdefault(key, ChannelQueue(self._clock))
        if queue not in self._tasks:
            serving = supervise("queue", lambda: self._serve(key, queue), self._clock)
            self._tasks[queue] = asyncio.create_task(serving, name=f"queue-{key[0]}")
        return queue

    async def _serve(self, key: Key, queue: ChannelQueue) -> None:
        _, how_urgent = key
        urgency.set(how_urgent)
        while queue:
            if how_urgent is Urgency.ANNOUNCEMENT:
                await self._prepare(queue)
            while wait := queue.closed_for():
                await self._clock.sleep(wait)
            async with self._digests if how_urgent is Urgency.DIGEST else contextlib.nullcontext():
                for message, message_id in await self._earlier_tries.sort_out(key, queue):
                    await self._sent([message], message_id)
                if queue and not queue.closed_for():
                    await self._serve_next(queue)
        del self._tasks[queue]
        asyncio.get_running_loop().call_later(FORGET_AFTER, self._drop_if_idle, key, queue)

    async def _prepare(self, queue: ChannelQueue) -> None:
        """Render a message that is almost due, unless it will have to wait for other requests."""
        coming = queue.coming()
        if coming is None or self._rate_limiter.waiting or self._preparing >= _PREPARED:
            return
        self._preparing += 1
        try:
            await self._sender.prepare(coming)
        except Exception as error:  # noqa: BLE001 - its delivery fails in the same way, and that is recorded
            self._recorder.end_if_closed(error)
        finally:
            self._preparing -= 1

    async def _serve_next(self, queue: ChannelQueue) -> None:
        # Reserve first and choose later: what arrives meanwhile goes into the same message.
        await self._rate_limiter.reserve()
        chosen = queue.choose()
        try:
            await self._deliver(queue, chosen)
        except Exception as error:  # noqa: BLE001 - logged; one message's failure ends no queue
            self._recorder.end_if_closed(error)
            # The rows stay as they are, for the next start; the queue continues.
            _log.exception("delivery_abandoned", timer_id=chosen[-1].timers[0].id)
            self.given_up += 1
            self._unsent.forget(chosen)

    def _drop_if_idle(self, key: Key, queue: ChannelQueue) -> None:
        if queue not in self._tasks and self._queues.get(key) is queue:
            del self._queues[key]

    async def _deliver(self, queue: ChannelQueue, chosen: Sequence[OutboxMessage]) -> None:
        """Try to send it, and record the outcome. A failed message goes back to its queue."""
        if self._unsent.may_be_gone(chosen):
            left = await self._recorder.record(chosen[-1], lambda: self._store.still_pending(chosen))
            self._unsent.note_left(chosen, left)
            if not left:
                return
            chosen = left
        messages = chosen
        if len(chosen) > 1 and chosen[0].merges_with(chosen[1]):
            messages = [await self._recorder.record(chosen[0], lambda: self._store.merge(chosen))]
            self._unsent.forget(chosen[1:])
        newest = messages[-1]
        answered_at.set(None)
        now = self._clock.now()
        try:
            with withdrawable(lambda: self._must_be_wanted(newest)):
                message_id = await self._say(newest, now, earlier_try=chosen[-1].tried_at)
        except Withdrawn:
            await self._deliver(queue, messages)  # what is left of it
            return
        except Undeliverable as refused:
            if isinstance(refused, Unsendable | Barred) and len(newest.timers) > 1:
                await self._split(newest)
                return
            await self._refused(messages, str(refused))
        except Exception as error:  # noqa: BLE001 - sorted by its kind, and logged there
            self._recorder.end_if_closed(error)
            await self._failed(queue, messages, error, now)
            return
        else:
            if newest.kind in ANNOUNCEMENTS and message_id is not None:
                self._report_lateness(newest, answered_at.get() or self._clock.now())
            await self._sent(messages, message_id)
        queue.reached()

    async def _must_be_wanted(self, message: OutboxMessage) -> None:
        if self._unsent.may_be_gone([message]) and list(await self._store.still_pending([message])) != [message]:
            raise Withdrawn

    async def _say(self, message: OutboxMessage, now: datetime, earlier_try: datetime | None) -> int | None:
        """Send it, unless it was sent: a retry that is too late for its nonce is looked up first."""
        if message_id := self._unsent.message_id(message):
            return message_id
        if message.kind in EDITS:
            return await self._sender.deliver(message)
        since = message.tried_at
        if since and is_forgotten(since, now):
            if message_id := await self._earlier_tries.message_id(message, since):
                return message_id
            since = None
        elif since is None and is_late(message, now):
            # A later process assumes that an unmarked message was tried in its first minute, if at all.
            await self._recorder.record(message, lambda: self._store.mark_tried(message, now))
        try:
            with repeatable(since):
                return await self._sender.deliver(message)
        except Undeliverable:
            # It will be delivered in another way, unless a try whose answer was lost has sent it after all.
            if earlier_try and (message_id := await self._earlier_tries.message_id(message, earlier_try)):
                return message_id
            raise

    async def _sent(self, messages: Sequence[OutboxMessage], message_id: int | None) -> None:
        self.put(await self._recorder.record(messages[-1], lambda: self._store.sent(messages, message_id)))
        self._unsent.forget(messages)

    async def _refused(self, messages: Sequence[OutboxMessage], reason: str) -> None:
        newest = messages[-1]
        _log.warning("undeliverable", kind=newest.kind, timer_id=newest.timers[0].id, reason=reason)
        self.put(await self._recorder.record(newest, lambda: self._store.undeliverable(messages, reason)))
        self._unsent.forget(messages)

    async def _split(self, message: OutboxMessage) -> None:
        """Split a message into one per timer, so that one that cannot be sent does not block the others."""
        for single in await self._recorder.record(message, lambda: self._store.split(message)):
            self._put(single, is_new=False)
        self._unsent.forget([message])

    async def _failed(
        self, queue: ChannelQueue, messages: Sequence[OutboxMessage], error: Exception, tried_at: datetime
    ) -> None:
        """Retry later, as often as this kind of failure allows; others may go first meanwhile."""
        newest, failure = messages[-1], Failure.of(error)
        is_edit = newest.kind in EDITS
        attempts = self._unsent.attempts(newest)
        attempts.failed(failure)
        about = {"kind": newest.kind, "timer_id": newest.timers[0].id, "error": type(error).__name__}
        reason = str(error)
        if failure is Failure.OURS:
            incident = secrets.token_hex(3)
            reason = N_("something went wrong on my end") + f" ({incident})"
            _log.error("delivery_failed", **about, incident=incident, exc_info=error)
            if len(newest.timers) > 1:
                await self._split(newest)
                return
        else:
            _log.warning("delivery_retried", **about)
        if is_edit or failure is not Failure.OURS:
            queue.hold()
        if attempts.is_over(failure, is_edit=is_edit):
            is_refused = is_edit and failure is Failure.UNRECOGNISED
            await (self._refused if is_refused else self._give_up)(messages, reason)
            return
        if newest.tried_at is None and not is_edit and failure is not Failure.OURS:
            await self._recorder.record(newest, lambda: self._store.mark_tried(newest, tried_at))
            messages = [*messages[:-1], replace(newest, tried_at=tried_at)]
        others_pass = attempts.lets_others_pass(failure) and (queue or failure is not Failure.PASSING)
        if is_edit or not others_pass:
            queue.put_back(messages)
            return
        returning = asyncio.create_task(self._return(messages, attempts.wait(failure)), name="delivery-aside")
        self._aside.add(returning)
        returning.add_done_callback(self._aside.discard)

    async def _give_up(self, messages: Sequence[OutboxMessage], reason: str) -> None:
        newest = messages[-1]
        _log.error("delivery_given_up", kind=newest.kind, timer_id=newest.timers[0].id, reason=reason)
        self.given_up += 1
        await self._recorder.record(newest, lambda: self._store.set_aside(messages, reason))
        self._unsent.forget(messages)

    async def _return(self, messages: Sequence[OutboxMessage], wait: float) -> None:
        await self._clock.sleep(wait)
        self._queue_of(messages[-1]).put_back(messages)

    def _report_lateness(self, message: OutboxMessage, at: datetime) -> None:
        for timer in message.timers:
            if timer.state is State.DONE and timer.due_at:
                self._observer.announced(timer.purpose, (at - timer.due_at).total_seconds())
