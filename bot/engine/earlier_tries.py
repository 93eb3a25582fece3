"""Earlier tries: looks up whether a try whose answer was lost sent its message after all."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from bot.domain.outbox_message import OutboxMessage
from bot.engine.delivery import Sender, Undeliverable
from bot.engine.observer import Observer

_log = structlog.get_logger(__name__)

# The most timers named in a log line.
_LOGGED = 10


class EarlierTries:
    """Reads a channel's history; where the bot may not, messages may be sent twice, which is reported."""

    def __init__(self, sender: Sender, observer: Observer) -> None:
        self._sender = sender
        self._observer = observer

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
