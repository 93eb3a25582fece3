import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.outbox_message import Kind, OutboxMessage, fits
from bot.domain.timers.timer import State, Timer
from bot.engine.channel_queue import ChannelQueue
from tests.clock import ManualClock


def message(
    clock: ManualClock, number: int, kind: Kind = Kind.ANNOUNCEMENT, due_in: float = 0.0, name: str = "tea"
) -> OutboxMessage:
    now = clock.now()
    timer = Timer(
        id=number % 10, version=1, state=State.DONE, owner_id=7, guild_id=3, channel_id=30, name=name,
        length=timedelta(minutes=5), started_at=now, due_at=now + timedelta(seconds=due_in),
    )  # fmt: skip
    return OutboxMessage(f"nonce{number}", kind, 30, (timer,))


def test_what_waits_goes_in_one_message(clock: ManualClock) -> None:
    """Waiting messages are merged, except those an earlier process may have tried: these stay unchanged."""
    queue = ChannelQueue(clock)
    old = message(clock, 1)
    new = [message(clock, number) for number in (2, 3)]
    queue.put(old, is_new=False)
    for queued in new:
        queue.put(queued, is_new=True)
    assert queue.choose() == [old]
    assert queue.choose() == new
    assert not queue


def test_what_discord_has_never_seen(clock: ManualClock) -> None:
    """A message that an earlier process is found not to have sent counts as new and is merged."""
    queue = ChannelQueue(clock)
    old, sent, new = (message(clock, number) for number in (1, 2, 3))
    queue.put(replace(old, tried_at=clock.now()), is_new=False)
    queue.put(sent, is_new=False)
    queue.put(new, is_new=True)
    queue.sort_out(sent={sent.nonce}, untried={old.nonce})
    assert queue.choose() == [old, new]


def test_nothing_overtakes(clock: ManualClock) -> None:
    """A message too large to merge begins the next one: nothing later goes before it."""
    queue = ChannelQueue(clock)
    first, long, last = (message(clock, number, name="x" * size) for number, size in enumerate((1000, 1000, 10)))
    for waiting in (first, long, last):
        queue.put(waiting, is_new=True)
    assert queue.choose() == [first]
    assert queue.choose() == [long, last]


def test_as_many_as_a_message_holds(clock: ManualClock) -> None:
    """However much waits, no message exceeds Discord's limit, and none is nearly empty."""
    queue = ChannelQueue(clock)
    for number in range(12):
        queue.put(message(clock, number, name="x" * 300), is_new=True)
    messages = []
    while queue:
        messages.append([timer for chosen in queue.choose() for timer in chosen.timers])
    assert all(map(fits, messages))
    assert not any(fits(first + second[:1]) for first, second in itertools.pairwise(messages))


def test_edits_of_one_card(clock: ManualClock) -> None:
    """The newest waiting edit of a card replaces the earlier ones; those of another card wait their turn."""
    queue = ChannelQueue(clock)
    first, other, newest = (message(clock, number, Kind.CARD) for number in (1, 2, 11))
    for queued in (first, other, newest):
        queue.put(queued, is_new=True)
    assert queue.choose() == [first, newest]
    assert queue.choose() == [other]


def test_phases_that_wait(clock: ManualClock) -> None:
    """Only the newest waiting phase of a session is announced, unless the first may have been sent already."""
    for was_tried in (False, True):
        queue = ChannelQueue(clock)
        first, newest = (message(clock, number, Kind.PHASE) for number in (1, 11))
        queue.put(first, is_new=not was_tried)
        queue.put(newest, is_new=True)
        assert queue.choose() == ([first] if was_tried else [first, newest])


def test_what_goes_by_itself(clock: ManualClock) -> None:
    """An announcement is not merged with messages of another kind, nor with any that are not yet due."""
    queue = ChannelQueue(clock)
    first, warning, early = message(clock, 1), message(clock, 2, Kind.WARNING), message(clock, 3, due_in=0.008)
    for waiting in (first, warning, early):
        queue.put(waiting, is_new=True)
    assert queue.choose() == [first]
    assert queue.choose() == [warning]
    assert queue.closed_for() == pytest.approx(1)
    clock.advance(1)
    assert queue.choose() == [early]


def test_coming(clock: ManualClock) -> None:
    """A message is coming if it is alone in the queue and will be due in a moment."""
    queue = ChannelQueue(clock)
    assert queue.coming() is None
    early, second = message(clock, 1, due_in=0.008), message(clock, 2, due_in=0.008)
    queue.put(early, is_new=True)
    assert queue.coming() == early
    queue.hold()
    assert queue.coming() is None
    clock.advance(1)
    assert queue.coming() is None  # it is due
    queue.choose()
    queue.put(replace(early, not_before=clock.now() + timedelta(seconds=0.008)), is_new=True)
    assert queue.coming()
    queue.put(second, is_new=True)
    assert queue.coming() is None


def test_the_backlog_waits(clock: ManualClock) -> None:
    """A message due now goes before the long overdue ones; then the backlog follows."""
    queue = ChannelQueue(clock)
    old, now, early = (message(clock, number, due_in=due_in) for number, due_in in enumerate((-3600, 0, 0.008)))
    for waiting in (old, now, early):
        queue.put(waiting, is_new=True)
    assert queue.choose() == [now]
    assert queue.choose() == [old]
    assert queue.choose() == [early]


def test_overdue_messages(clock: ManualClock) -> None:
    """An overdue message goes at once."""
    queue = ChannelQueue(clock)
    queue.put(message(clock, 1, due_in=-3600), is_new=True)
    assert queue.closed_for() == 0


def test_two_at_once_and_then_one_a_second(clock: ManualClock) -> None:
    """Two messages go to a place at once, further ones a second apart; after a pause, two again."""
    queue = ChannelQueue(clock)
    waits = []
    for number in range(4):
        queue.put(message(clock, number), is_new=True)
        waits.append(queue.closed_for())
        clock.advance(waits[-1])
        queue.choose()
    assert waits == [0, 0, 1, 1]
    clock.advance(10)
    queue.put(message(clock, 5), is_new=True)
    assert queue.closed_for() == 0


def test_not_before_it_is_due(clock: ManualClock) -> None:
    """A message committed slightly ahead of its time waits for it."""
    queue = ChannelQueue(clock)
    queue.put(message(clock, 1, due_in=0.008), is_new=True)
    assert queue.closed_for() == 0.008


def test_the_wall_clock_is_set_back(clock: ManualClock) -> None:
    """Setting the wall clock back holds back neither a finished timer's message nor those queued behind it."""
    queue = ChannelQueue(clock)
    queue.put(message(clock, 1), is_new=True)
    clock.set_wall(-3600)
    assert queue.closed_for() == 0


def test_a_card_goes_ahead(clock: ManualClock) -> None:
    """A card's edit does not wait until its timer is due, as the announcement does."""
    queues = {kind: ChannelQueue(clock) for kind in (Kind.CARD, Kind.ANNOUNCEMENT)}
    for kind, queue in queues.items():
        queue.put(message(clock, 1, kind, due_in=0.015), is_new=True)
    assert queues[Kind.CARD].closed_for() == 0
    assert queues[Kind.ANNOUNCEMENT].closed_for() == pytest.approx(0.015)


def test_a_phase_waits_for_its_time(clock: ManualClock) -> None:
    """A phase that a countdown finishes slightly early is announced at the moment it begins."""
    queue = ChannelQueue(clock)
    begins = clock.now() + timedelta(seconds=0.015)
    queue.put(replace(message(clock, 1, Kind.PHASE), not_before=begins), is_new=True)
    assert queue.closed_for() == pytest.approx(0.015)
    clock.advance(0.015)
    assert queue.closed_for() == 0
