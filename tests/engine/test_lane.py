from datetime import timedelta

import pytest

from bot.domain.parcel import Kind, Parcel
from bot.domain.timer import State, Timer
from bot.engine.lane import Lane
from tests.clock import ManualClock


def parcel(clock: ManualClock, number: int, kind: Kind = Kind.ANNOUNCEMENT, due_in: float = 0.0) -> Parcel:
    now = clock.now()
    timer = Timer(
        id=number % 10, version=1, state=State.DONE, owner_id=7, guild_id=3, channel_id=30, name="tea",
        length=timedelta(minutes=5), started_at=now, due_at=now + timedelta(seconds=due_in),
    )  # fmt: skip
    return Parcel(f"nonce{number}", kind, 30, (timer,))


def test_what_waits_goes_in_one_message(clock: ManualClock) -> None:
    """What waits together goes together, but for what an earlier process may have tried: that goes as it is."""
    lane = Lane(clock)
    old = parcel(clock, 1)
    new = [parcel(clock, number) for number in (2, 3)]
    lane.put(old, is_new=False)
    for one in new:
        lane.put(one, is_new=True)
    assert lane.choose() == [old]
    assert lane.choose() == new
    assert not lane.waiting


def test_edits_of_one_card(clock: ManualClock) -> None:
    """All waiting edits of a card are made by the newest; those of another card wait for their turn."""
    lane = Lane(clock)
    first, other, newest = (parcel(clock, number, Kind.CARD) for number in (1, 2, 11))
    for one in (first, other, newest):
        lane.put(one, is_new=True)
    assert lane.choose() == [first, newest]
    assert lane.choose() == [other]


def test_two_at_once_and_then_one_a_second(clock: ManualClock) -> None:
    """Two messages go to a place at once, and further ones a second apart; after a rest it is two again."""
    lane = Lane(clock)
    waits = []
    for number in range(4):
        lane.put(parcel(clock, number), is_new=True)
        waits.append(lane.closed_for())
        clock.advance(waits[-1])
        lane.choose()
    assert waits == [0, 0, 1, 1]
    clock.advance(10)
    lane.put(parcel(clock, 5), is_new=True)
    assert lane.closed_for() == 0


def test_not_before_it_is_due(clock: ManualClock) -> None:
    """What was committed a little ahead of its time waits for it."""
    lane = Lane(clock)
    lane.put(parcel(clock, 1, due_in=0.008), is_new=True)
    assert lane.closed_for() == 0.008


def test_the_wall_clock_is_set_back(clock: ManualClock) -> None:
    """What is over is not held back, nor what waits behind it, where the wall clock is set back afterwards."""
    lane = Lane(clock)
    lane.put(parcel(clock, 1), is_new=True)
    clock.set_wall(-3600)
    assert lane.closed_for() == 0


def test_a_card_goes_ahead(clock: ManualClock) -> None:
    """The new look of a card does not wait until its timer is due, as the announcement does."""
    lanes = {kind: Lane(clock) for kind in (Kind.CARD, Kind.ANNOUNCEMENT)}
    for kind, lane in lanes.items():
        lane.put(parcel(clock, 1, kind, due_in=0.015), is_new=True)
    assert lanes[Kind.CARD].closed_for() == 0
    assert lanes[Kind.ANNOUNCEMENT].closed_for() == pytest.approx(0.015)
