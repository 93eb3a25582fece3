"""Earlier tries: looks up whether a try whose answer was lost sent its message after all."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from bot.domain.outbox_message import OutboxMessage
from bot.engine.channel_queue import ChannelQueue, Key, key_of
from bot.engine.delivery import Failure, Sender, Undeliverable
from bot.engine.observer import Observer
from bot.engine.outbox_store import Recorder

_log = structlog.get_logger(__name__)

# The most timers named in a log line.
_LOGGED = 10


class EarlierTries:
    """Reads a channel's history; where the bot may not, messages may be sent twice, which is reported."""

    def __init__(self, sender: Sender, observer: Observer, recorder: Recorder) -> None:
        self._sender = sender
        self._observer = observer
        self._recorder = recorder
        # Messages of an earlier process, by queue, whose nonces Discord may have forgotten: they are looked up
        # first.
        self._doubtful: dict[Key, list[OutboxMessage]] = {}

    def look_up_first(self, message: OutboxMessage) -> None:
        """Look this message of an earlier process up before its queue is served."""
        self._doubtful.setdefault(key_of(message), []).append(message)

    async def sort_out(self, key: Key, queue: ChannelQueue) -> list[tuple[OutboxMessage, int]]:
        """Return which messages of a queue an earlier process had sent, with their ids; it never sends those.

        Those that were never tried count as new. Where Discord cannot be asked, the queue is held until the next
        try.
        """
        if not (doubtful := self._doubtful.get(key)):
            return []
        since = min(message.first_try for message in doubtful)
        known: Mapping[str, int] = {}
        try:
            known = await self.message_ids(doubtful, since)
        except Exception as error:  # noqa: BLE001 - tried again, or logged
            self._recorder.end_if_closed(error)
            if Failure.of(error) is not Failure.OURS:
                queue.hold()
                return []
            _log.exception("recall_failed", timer_id=doubtful[0].timers[0].id)
        del self._doubtful[key]
        queue.sort_out(sent=known, untried=[message.nonce for message in doubtful if message.tried_at is None])
        return [(message, known[message.nonce]) for message in doubtful if message.nonce in known]

    async def message_id(self, message: OutboxMessage, since: datetime) -> int | None:
        """Return the id under which it was sent; None if it is not in the history."""
        return (await self.message_ids([message], since)).get(message.nonce)

    async def message_ids(self, messages: Sequence[OutboxMessage], since: datetime) -> Mapping[str, int]:
        """Return the ids of sent messages of one place, by nonce. Raises what keeps Discord from being asked."""
        try:
            return await self._sender.recall(messages, since)
        except Undeliverable as unreadable:
            ids = [message.timers[0].id for message in messages[:_LOGGED]]
            _log.warning("maybe_sent_twice", messages=len(messages), timer_ids=ids, reason=str(unreadable))
            self._observer.maybe_twice(len(messages))
            return {}
