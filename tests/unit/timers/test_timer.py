from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import AmbiguousTimer, BadDuration, NotYours, TooLate, UnknownReminder, UnknownTimer
from bot.domain.timers.lookup import look, pick, pick_reminder
from bot.domain.timers.timer import Actor, State, Timer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
M = timedelta(minutes=1)
TEA = Timer(
    id=1, version=1, state=State.RUNNING, owner_id=7, guild_id=3, channel_id=30, name="tea", length=5 * M,
    started_at=NOON, due_at=NOON + 5 * M,
)  # fmt: skip
ANN, BEN = Actor(7, 3, 30), Actor(8, 3, 30)
MIA = Actor(9, 3, 30, can_manage=True)


def test_pause_and_resume() -> None:
    """A pause keeps what is left, and a resume counts on from it."""
    paused = TEA.pause(NOON + 2 * M)
    assert (paused.state, paused.due_at, paused.remaining) == (State.PAUSED, None, 3 * M)
    resumed = paused.resume(NOON + 60 * M)
    assert (resumed.state, resumed.due_at, resumed.remaining) == (State.RUNNING, NOON + 63 * M, None)
    assert [TEA.version, paused.version, resumed.version] == [1, 2, 3]


def test_extend() -> None:
    """An extension moves the end, of a paused timer too, but never to more than 24 hours from now."""
    assert TEA.extend(5 * M, NOON + M).due_at == NOON + 10 * M
    assert TEA.pause(NOON).extend(5 * M, NOON).remaining == 10 * M
    with pytest.raises(BadDuration):
        TEA.extend(timedelta(hours=24), NOON)


@pytest.mark.parametrize("move", ["pause", "extend", "cancel", "resume"])
@pytest.mark.parametrize("ended", [State.DONE, State.CANCELLED])
def test_over_is_over(move: str, ended: State) -> None:
    """A timer that is over cannot be moved, and says whether that was just now or a while ago."""
    over = replace(TEA, state=ended, ended_at=NOON)
    by = (M,) if move == "extend" else ()
    with pytest.raises(TooLate, match="It has just (finished|been cancelled)"):
        getattr(over, move)(*by, NOON + timedelta(seconds=1))
    with pytest.raises(TooLate, match="5 min ago"):
        getattr(over, move)(*by, NOON + 5 * M)


def test_at_the_deadline() -> None:
    """A timer whose time has come can no longer be paused or extended, even before it is marked done."""
    with pytest.raises(TooLate, match="just finished"):
        TEA.pause(NOON + 5 * M)
    with pytest.raises(TooLate, match="just finished"):
        TEA.extend(M, NOON + 5 * M)


def test_lookup_by_name_and_number() -> None:
    """A timer is found by name, number or, where it is the only one of one's own, by nothing."""
    five = replace(TEA, id=5, name="1")
    assert pick("TEA", [TEA, five], ANN, "cancel") is TEA
    assert pick("#1", [TEA, five], ANN, "cancel") is TEA
    assert pick("1", [TEA, five], ANN, "cancel") is five
    assert pick(None, [TEA], ANN, "cancel") is TEA


def test_lookup_by_words() -> None:
    """A reminder is found by all its words, or by how they begin; of long ones two hundred characters tell."""
    words = "call mum about the cake " * 20
    cake, tea = replace(TEA, name=words), replace(TEA, id=2)
    for which in (words, words.upper(), "Call  mum", f"{words[:300]} and so on"):
        assert pick_reminder(which, [cake, tea], "cancel") is cake
    with pytest.raises(UnknownReminder):
        pick_reminder("call dad", [cake, tea], "cancel")


def test_lookup_refuses() -> None:
    """An unknown and an ambiguous timer are refused with what to say instead."""
    with pytest.raises(UnknownTimer, match="coffee"):
        pick("coffee", [TEA], ANN, "cancel")
    with pytest.raises(UnknownTimer):
        pick(None, [TEA], BEN, "cancel")
    with pytest.raises(AmbiguousTimer, match="#1, #2") as refused:
        pick("tea", [TEA, replace(TEA, id=2)], ANN, "pause")
    assert refused.value.example == "pomodoro pause #1"


def test_whose() -> None:
    """Others may look at a timer; only its owner and a moderator of that channel may command it."""
    assert look("tea", [TEA], BEN, "time") is TEA
    assert pick("tea", [TEA], MIA, "cancel") is TEA
    with pytest.raises(NotYours):
        pick("tea", [TEA], BEN, "cancel")
    with pytest.raises(NotYours):
        pick("tea", [TEA], replace(MIA, channel_id=31), "cancel")
    mine = replace(TEA, id=2, owner_id=BEN.user_id)
    assert pick("tea", [TEA, mine], BEN, "cancel") is mine
