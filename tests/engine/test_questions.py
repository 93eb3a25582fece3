"""Questions on rows of either database: stored once, answered by their asker, deleted after a day."""

import pytest

from bot.domain.errors import NotSaved, NotYours, TooLate
from bot.domain.timers.timer import Actor
from bot.service import housekeeping as housekeeping_module
from bot.service.housekeeping import Housekeeping
from bot.service.privacy import Privacy
from bot.service.questions import Questions
from bot.service.sessions import Sessions
from bot.store import guilds
from bot.store.database import Database
from tests.clock import ManualClock
from tests.engine.trouble import Power

ANN, BEN = Actor(7, 3, 30), Actor(8, 3, 30)
LINES = ["pomodoro cancel #1", "pomodoro cancel #2"]
DAY = 24 * 3600


@pytest.fixture
def questions(database: Database, clock: ManualClock) -> Questions:
    return Questions(database, clock)


async def test_kept_once(questions: Questions) -> None:
    """The same request leads to one question, whatever its content; another request to another question."""
    number = await questions.save(ANN, "message:5", 4, LINES)
    assert await questions.save(ANN, "message:5", 4, LINES) == number
    assert await questions.save(ANN, "message:6", None, LINES) != number
    question = await questions.to_answer(ANN, number)
    assert (question.lines, question.about_id, question.asked_by) == (LINES, 4, 5)
    assert question.key == f"question{number}:5"


async def test_who_and_when(questions: Questions, clock: ManualClock) -> None:
    """It can be answered by its asker alone, once, and within a day."""
    number = await questions.save(ANN, "message:5", None, LINES)
    with pytest.raises(NotYours):
        await questions.to_answer(BEN, number)
    with pytest.raises(TooLate, match="too old"):
        await questions.to_answer(ANN, number + 1)
    clock.advance(DAY - 1)
    await questions.to_answer(ANN, number)
    clock.advance(1)
    with pytest.raises(TooLate, match="too old"):
        await questions.to_answer(ANN, number)
    other = await questions.save(ANN, "message:6", None, LINES)
    await questions.answered(other)
    with pytest.raises(TooLate, match="already answered that"):
        await questions.to_answer(ANN, other)


@pytest.mark.parametrize("at_once", [2, 500])
async def test_tidied(
    questions: Questions,
    database: Database,
    clock: ManualClock,
    at_once: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Housekeeping deletes questions after a day, even if timers are kept forever, and nothing younger.

    However few rows are deleted at once, all of them go.
    """
    monkeypatch.setattr(housekeeping_module, "_AT_ONCE", at_once)
    housekeeping = Housekeeping(database, Privacy(database, Sessions(database, clock, 0), clock), clock, 0, 0)
    old = [await questions.save(ANN, f"message:{number}", None, LINES) for number in range(1, 4)]
    clock.advance(DAY / 2)
    young = await questions.save(ANN, "message:9", None, LINES)
    await housekeeping.tidy()
    assert (await questions.to_answer(ANN, old[0])).id == old[0]
    clock.advance(DAY / 2 + 1)
    await housekeeping.tidy()
    new = [await questions.save(ANN, f"message:{number}", None, LINES) for number in range(1, 4)]
    assert not {*new} & {*old}
    assert (await questions.to_answer(ANN, young)).id == young


async def test_a_server_that_was_left(questions: Questions, database: Database) -> None:
    """With a server's data its questions are deleted, and no other's."""
    here = await questions.save(ANN, "message:5", None, LINES)
    elsewhere = await questions.save(Actor(7, 4, 40), "message:6", None, LINES)
    async with database.write() as connection:
        await guilds.forget(connection, 3)
    with pytest.raises(TooLate):
        await questions.to_answer(ANN, here)
    await questions.to_answer(ANN, elsewhere)


async def test_no_database(questions: Questions, database: Database) -> None:
    """Without a database no question is stored, and an answer that could not be recorded is no failure."""
    number = await questions.save(ANN, "message:5", None, LINES)
    power = Power()
    power.supply(database)
    power.refusing = 3
    with pytest.raises(NotSaved):
        await questions.save(ANN, "message:6", None, LINES)
    with pytest.raises(NotSaved):
        await questions.to_answer(ANN, number)
    await questions.answered(number)
    assert (await questions.to_answer(ANN, number)).answered_at is None
    assert power.refused == 3
