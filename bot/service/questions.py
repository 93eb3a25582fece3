"""Questions: stored for a day, with the requests that their answers carry out."""

from collections.abc import Sequence

import structlog

from bot.domain.errors import NotSaved, NotYours, TooLate
from bot.domain.question import LIFETIME, OpenQuestion
from bot.domain.timers.timer import Actor
from bot.engine.clock import Clock, stored_now
from bot.messages.catalogue import N_
from bot.service.saving import reading, saved_once, saving
from bot.store import questions as rows
from bot.store.database import Database

_log = structlog.get_logger(__name__)


class Questions:
    """Stores questions until they are answered or too old."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def save(self, actor: Actor, request: str, about_id: int | None, lines: Sequence[str]) -> int:
        """Save a question and return its number. Idempotent by ``request``. Raises ``NotSaved``."""
        now = stored_now(self._clock)
        number, _ = await saved_once(
            self._database,
            lambda connection: rows.add(connection, actor, request, about_id, lines, now),
            lambda connection: rows.id_by_request(connection, request),
        )
        return number

    async def to_answer(self, actor: Actor, number: int) -> OpenQuestion:
        """Return a question that this person may answer now. Raises ``TooLate``, ``NotYours`` and ``NotSaved``."""
        async with reading(self._database) as connection:
            question = await rows.by_id(connection, number)
        if question is None or question.created_at <= self._clock.now() - LIFETIME:
            raise TooLate(N_("That question is too old to answer. Please ask me again."))
        if question.user_id != actor.user_id:
            raise NotYours(N_("That question was for somebody else. Ask me yourself."))
        if question.answered_at is not None:
            raise TooLate(N_("You've already answered that."))
        return question

    async def answered(self, number: int) -> None:
        """Record that a question was answered; a failure is harmless, as answers are idempotent."""
        try:
            async with saving(self._database) as connection:
                await rows.answered(connection, number, stored_now(self._clock))
        except NotSaved:
            _log.warning("answer_not_recorded", question=number)

    async def withdraw(self, requests: Sequence[str]) -> None:
        """Take no more answers to the questions that these requests led to: they were put in another way."""
        try:
            async with saving(self._database) as connection:
                await rows.withdraw(connection, requests, stored_now(self._clock))
        except NotSaved:
            _log.warning("questions_not_withdrawn")
