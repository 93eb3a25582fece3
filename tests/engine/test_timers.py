"""Timers as the service stores them: real rows on either database, and their consequences."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.errors import NotYours, TooLate, TooMany, UnknownTimer
from bot.domain.outbox_message import Kind
from bot.domain.timers.command import ExtendTimer
from bot.domain.timers.timer import State, Timer
from bot.service.timers import Limits, Timers
from bot.store.tables import focus_log
from tests.engine.conftest import ANN, Engine
from tests.engine.trouble import Power


async def test_as_many_as_are_allowed(engine: Engine) -> None:
    """A person may run a limited number of timers, and no more until one has ended."""
    timers = Timers(engine.database, engine.clock, Limits(2, 0))
    timers.attach(engine.scheduler, engine.outbox)
    for name in ("tea", "eggs"):
        await timers.start(ANN, name, timedelta(seconds=5), f"request:{name}")
    with pytest.raises(TooMany, match="already got 2 timers"):
        await timers.start(ANN, "milk", timedelta(seconds=5), "request:milk")
    engine.clock.advance(5)
    await engine.outbox.until_announced("tea", "eggs")
    assert await timers.start(ANN, "milk", timedelta(seconds=5), "request:milk")


async def test_again_is_for_its_owner(engine: Engine) -> None:
    """Only a timer's owner can start it again, whatever another's rights in that channel."""
    tea = await engine.start("tea", 5)
    engine.clock.advance(5)
    await engine.outbox.until(1)
    for other in (replace(ANN, user_id=8), replace(ANN, user_id=8, can_manage=True)):
        with pytest.raises(NotYours, match="can start this one again"):
            await engine.timers.again(other, tea.id)
    assert await engine.timers.live(ANN) == []
    again = await engine.timers.again(ANN, tea.id)
    assert (again.name, again.length) == (tea.name, tea.length)


async def test_a_card_that_comes_late(engine: Engine) -> None:
    """A card that arrives after its timer has changed is brought up to date; one in time is left as it is."""
    tea, eggs = await engine.start("tea", 5), await engine.start("eggs", 60)
    await engine.timers.set_card(eggs, 100)
    engine.clock.advance(5)
    await engine.outbox.until(1)
    assert engine.outbox.of(Kind.CARD) == []
    await engine.timers.set_card(tea, 101)
    (card,) = engine.outbox.of(Kind.CARD)
    assert [(timer.id, timer.state, timer.card_id) for timer in card.timers] == [(tea.id, State.DONE, 101)]


async def test_two_changes_at_once(engine: Engine) -> None:
    """Of two concurrent changes of a timer one succeeds, and the other is refused."""
    tea = await engine.start("tea", 60)
    longer = [engine.timers.change(ANN, tea, ExtendTimer(None, timedelta(seconds=seconds))) for seconds in (5, 50)]
    results = await asyncio.gather(*longer, return_exceptions=True)
    (late,) = [result for result in results if isinstance(result, TooLate)]
    (changed,) = [result for result in results if isinstance(result, Timer)]
    assert late.example == f"pomodoro time #{tea.id}"
    assert await engine.timers.by_id(tea.id) == changed


async def test_of_less_than_a_second(engine: Engine) -> None:
    """A timer of almost no length ends like any other, and leaves nothing in the focus log."""
    blink = await engine.start("blink", 0.5)
    engine.clock.advance(1)
    await engine.outbox.until(1)
    assert (await engine.timers.by_id(blink.id)).state is State.DONE
    async with engine.database.read() as connection:
        assert (await connection.execute(select(focus_log))).all() == []


async def test_a_timer_that_is_not_known(engine: Engine) -> None:
    """An unknown number is refused."""
    with pytest.raises(UnknownTimer):
        await engine.timers.by_id(1)


async def test_a_card_while_the_database_fails(engine: Engine) -> None:
    """A card that may not have been recorded shows the timer as it stands, and no error."""
    power = Power()
    power.supply(engine.database)
    tea = await engine.start("tea", 60)
    with power.refusing_own():
        await engine.timers.set_card(tea, 100)
    assert (await engine.timers.by_id(tea.id)).card_id is None
    await engine.timers.set_card(tea, 101)
    with power.losing_own():
        await engine.timers.show(tea.id)
    no_card = await engine.start("eggs", 60)
    await engine.timers.show(no_card.id)
    assert [card.timers[0].card_id for card in engine.outbox.of(Kind.CARD)] == [101]
