from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, strategies as st

from bot.domain.outbox_message import bundles, fits
from bot.domain.timers.timer import State, Timer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def timer(number: int, channel_id: int, name: str) -> Timer:
    return Timer(
        id=number, version=1, state=State.DONE, owner_id=7, guild_id=3, channel_id=channel_id, name=name,
        length=timedelta(minutes=5), started_at=NOON, due_at=NOON,
    )  # fmt: skip


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 80)), max_size=150))
def test_bundles(drawn: list[tuple[int, int]]) -> None:
    """Every timer is in one bundle of its channel, in order; none is too large, and no two could be merged."""
    timers = [timer(number, channel, "x" * length) for number, (channel, length) in enumerate(drawn)]
    shared = bundles(timers)
    assert sorted(timer.id for bundle in shared for timer in bundle) == [timer.id for timer in timers]
    for channel in {timer.channel_id for timer in timers}:
        here = [bundle for bundle in shared if bundle[0].channel_id == channel]
        assert all(timer.channel_id == channel for bundle in here for timer in bundle)
        in_order = [timer.id for bundle in here for timer in bundle]
        assert in_order == sorted(in_order)
        assert all(fits(bundle) for bundle in here)
        assert not any(fits([*timers, next_one[0]]) for timers, next_one in pairwise(here))


def test_a_hundred_in_a_channel() -> None:
    """A hundred timers with ordinary names are announced in three messages."""
    assert len(bundles([timer(number, 30, f"tea {number}") for number in range(100)])) <= 3
