from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import BadDuration, NotYours, TooLate, UnknownReminder, UnknownTimer
from bot.domain.question import Question
from bot.domain.timers.command import ActOnTimers, TimerVerb
from bot.domain.timers.lookup import look, pick, pick_all, pick_reminder
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
    """A pause keeps the time left, and a resume continues from it."""
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


def test_shorten() -> None:
    """An extension is undone, of a paused timer too, but not if the timer would be over without it."""
    extended = TEA.extend(5 * M, NOON)
    shortened = extended.shorten(5 * M, NOON + M)
    assert (shortened.due_at, shortened.extended, shortened.version) == (TEA.due_at, timedelta(), 3)
    assert extended.pause(NOON).shorten(5 * M, NOON).remaining == 5 * M
    with pytest.raises(TooLate, match="over by now"):
        extended.shorten(5 * M, NOON + 5 * M)


def test_lengthen() -> None:
    """The length that a bare number meant counts from the start, excluding pauses and extensions, once."""
    tea = replace(TEA, offer=20 * M)
    longer = tea.lengthen(20 * M, NOON + M)
    assert (longer.due_at, longer.length, longer.extended, longer.offer) == (
        NOON + 20 * M,
        20 * M,
        timedelta(),
        None,
    )
    assert tea.pause(NOON + 2 * M).lengthen(20 * M, NOON + 30 * M).remaining == 18 * M
    assert tea.extend(M, NOON).offer is None
    with pytest.raises(TooLate):
        tea.lengthen(20 * M, NOON + 5 * M)


def test_rename() -> None:
    """Another name changes nothing else."""
    assert TEA.rename("green tea", NOON) == replace(TEA, name="green tea", version=2)


def test_revive() -> None:
    """A cancelled timer continues as it was, running or paused; one that is not cancelled does not."""
    assert TEA.cancel(NOON + M).revive() == replace(TEA, version=3)
    paused = TEA.pause(NOON + M)
    assert paused.cancel(NOON + 2 * M).revive() == replace(paused, version=4)
    with pytest.raises(TooLate):
        TEA.finish(NOON + 5 * M).revive()


def test_lookup_by_what_fits() -> None:
    """Without a name, a verb means the only timer that it applies to; so does *it*."""
    paused = replace(TEA, id=2, name="rice").pause(NOON)
    assert pick(None, [TEA, paused], ANN, "resume") is paused
    assert pick("it", [TEA, paused], ANN, "pause") is TEA
    assert pick(None, [TEA], ANN, "resume") is TEA  # which says itself that it is running
    with pytest.raises(TooLate, match="None of your timers is paused"):
        pick(None, [TEA, replace(TEA, id=3)], ANN, "resume")
    with pytest.raises(TooLate, match="already paused"):
        pick(None, [paused, replace(paused, id=3)], ANN, "pause")
    named_it = replace(TEA, id=4, name="it")
    assert pick("it", [TEA, named_it], ANN, "cancel") is named_it


def test_lookup_of_several() -> None:
    """Several are selected by their names, unless a timer has exactly that name; *all* are one's own only."""
    rice, bens = replace(TEA, id=2, name="rice"), replace(TEA, id=3, owner_id=BEN.user_id)
    act = ActOnTimers(TimerVerb.CANCEL, "tea and rice", ("tea", "rice"))
    assert pick_all(act, [TEA, rice], ANN) == [TEA, rice]
    both = replace(TEA, id=4, name="Tea and rice")
    assert pick_all(act, [TEA, rice, both], ANN) == [both]
    assert pick_all(ActOnTimers(TimerVerb.CANCEL, "#1 #1", ("#1", "#1")), [TEA], ANN) == [TEA]
    everything = ActOnTimers(TimerVerb.CANCEL, None, every=True)
    assert pick_all(everything, [TEA, rice, bens], ANN) == [TEA, rice]
    with pytest.raises(UnknownTimer):
        pick_all(everything, [bens], ANN)
    with pytest.raises(UnknownTimer):
        pick_all(ActOnTimers(TimerVerb.CANCEL, "tea and eggs", ("tea", "eggs")), [TEA], ANN)


@pytest.mark.parametrize("move", ["pause", "extend", "cancel", "resume"])
@pytest.mark.parametrize("ended", [State.DONE, State.CANCELLED])
def test_over_is_over(move: str, ended: State) -> None:
    """A finished timer cannot be changed; the refusal says whether it ended just now or a while ago."""
    over = replace(TEA, state=ended, ended_at=NOON)
    by = (M,) if move == "extend" else ()
    with pytest.raises(TooLate, match="just (finished|cancelled)"):
        getattr(over, move)(*by, NOON + timedelta(seconds=1))
    with pytest.raises(TooLate, match="5 min ago"):
        getattr(over, move)(*by, NOON + 5 * M)


def test_at_the_deadline() -> None:
    """A timer at its deadline can no longer be paused or extended, even before it is marked done."""
    with pytest.raises(TooLate, match="just finished"):
        TEA.pause(NOON + 5 * M)
    with pytest.raises(TooLate, match="just finished"):
        TEA.extend(M, NOON + 5 * M)


def test_lookup_by_name_and_number() -> None:
    """A timer is found by name, number or, if it is one's only one, without either."""
    five = replace(TEA, id=5, name="1")
    assert pick("TEA", [TEA, five], ANN, "cancel") is TEA
    assert pick("#1", [TEA, five], ANN, "cancel") is TEA
    assert pick("1", [TEA, five], ANN, "cancel") is five
    assert pick(None, [TEA], ANN, "cancel") is TEA


@pytest.mark.parametrize("words", ["my tea timer", "the Tea", "with tea", "tea pomodoro"])
def test_lookup_by_a_name_among_words(words: str) -> None:
    """A name is also found among other words, unless all of them together are a name."""
    assert pick(words, [TEA], ANN, "cancel") is TEA
    whole = replace(TEA, id=5, name=words)
    assert pick(words, [TEA, whole], ANN, "cancel") is whole


def test_lookup_by_words() -> None:
    """A reminder is found by all its words, or the first ones; the first two hundred characters count."""
    words = "call mum about the cake " * 20
    cake, tea = replace(TEA, name=words), replace(TEA, id=2)
    for reference in (words, words.upper(), "Call  mum", f"{words[:300]} and so on"):
        assert pick_reminder(reference, [cake, tea], "cancel") is cake
    with pytest.raises(UnknownReminder):
        pick_reminder("call dad", [cake, tea], "cancel")


def test_lookup_by_state() -> None:
    """Without a name, only reminders in a fitting state are meant: paused ones to resume, running ones to pause."""
    tea, cake, pie = TEA, replace(TEA, id=2), replace(TEA, id=3).pause(NOON)
    assert pick_reminder(None, [tea, cake, pie], "resume") is pie
    with pytest.raises(Question) as asked:
        pick_reminder(None, [tea, cake, pie], "pause")
    assert [choice.line for choice in asked.value.choices] == ["remind pause #1", "remind pause #2"]
    with pytest.raises(TooLate, match="None of your reminders is paused"):
        pick_reminder(None, [tea, cake], "resume")
    with pytest.raises(TooLate, match="All your reminders are already paused"):
        pick_reminder(None, [pie, cake.pause(NOON)], "pause")


def test_lookup_refuses() -> None:
    """An unknown timer is refused; several matches are asked about, with the whole command for each."""
    with pytest.raises(UnknownTimer, match="coffee"):
        pick("coffee", [TEA], ANN, "cancel")
    with pytest.raises(UnknownTimer):
        pick(None, [TEA], BEN, "cancel")
    with pytest.raises(Question, match="Which one") as raised:
        pick("tea", [TEA, replace(TEA, id=2)], ANN, "extend", "5m")
    assert [choice.line for choice in raised.value.choices] == ["pomodoro extend #1 5m", "pomodoro extend #2 5m"]


def test_whose() -> None:
    """Others may view a timer; only its owner and moderators of that channel may change it."""
    assert look("tea", [TEA], BEN, "time") is TEA
    assert pick("tea", [TEA], MIA, "cancel") is TEA
    with pytest.raises(NotYours):
        pick("tea", [TEA], BEN, "cancel")
    with pytest.raises(NotYours):
        pick("tea", [TEA], replace(MIA, channel_id=31), "cancel")
    mine = replace(TEA, id=2, owner_id=BEN.user_id)
    assert pick("tea", [TEA, mine], BEN, "cancel") is mine
