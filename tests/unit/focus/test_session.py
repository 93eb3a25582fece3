from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import BadDuration, NotYours, TooLate, TooMany, UnknownSession
from bot.domain.focus import plan
from bot.domain.focus.ending import Ending
from bot.domain.focus.session import MOST_PEOPLE, Session
from bot.domain.stats.log import efforts
from bot.domain.timers.timer import Actor, Purpose, State, Timer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
M, S, NONE = timedelta(minutes=1), timedelta(seconds=1), timedelta()
ANN, BEN, EVE = Actor(7, 3, 30), Actor(8, 3, 30), Actor(9, 3, 30)
MIA = Actor(10, 3, 30, can_manage=True)
TWO_ROUNDS = "25m, 5m break, 25m, 15m long break"


def doors(text: str = TWO_ROUNDS, *, auto: bool = True, warn: bool = False) -> Session:
    """Ann's session, whose first phase begins at noon."""
    timer = Timer(
        id=1, version=1, state=State.RUNNING, owner_id=7, guild_id=3, channel_id=30, name="focus", length=25 * M,
        started_at=NOON - M, due_at=NOON, purpose=Purpose.SESSION,
    )  # fmt: skip
    opened = Session(timer, plan.parse(text), began_at=NOON - M, auto=auto, warn=warn)
    return opened.join(7, NOON - M)


def begun(text: str = TWO_ROUNDS, *, auto: bool = True, warn: bool = False) -> Session:
    return doors(text, auto=auto, warn=warn).tick(NOON).reacted(7)


def idle(rounds: int, session: Session) -> Session:
    """Limit the rounds without activity."""
    return replace(session, most_idle=rounds)


def counted(session: Session) -> dict[tuple[int, int], timedelta]:
    """Return how long each focused in each past phase; none may be counted twice."""
    kept = {(effort.user_id, effort.phase): effort.focused for effort in efforts(session.done)}
    assert len(kept) == len(efforts(session.done))
    return kept


class TestTime:
    def test_doors(self) -> None:
        """While the doors are open nothing counts; the first phase begins as planned, however late."""
        assert (doors().phase, doors().person(7).since) == (None, None)
        session = idle(3, doors()).tick(NOON + 3 * S)
        assert (session.at, session.began_at, session.ends_at) == (0, NOON, NOON + 25 * M)
        assert session.person(7).since == NOON

    def test_no_drift(self) -> None:
        """Each phase begins where the one before was due to end, though every end is noticed slightly late."""
        session, ends = begun(), []
        while session.ends_at:
            ends.append(session.ends_at - NOON)
            session = session.tick(session.ends_at + 7 * S)
        assert ends == [25 * M, 30 * M, 55 * M, 70 * M]
        assert (session.ending, session.timer.state, session.timer.ended_at) == (
            Ending.FINISHED,
            State.DONE,
            NOON + 70 * M,
        )

    def test_catching_up(self) -> None:
        """After an absence the session is where it would be by now, and all focus is logged once."""
        session = idle(3, begun()).join(8, NOON + 10 * M).tick(NOON + 57 * M)
        assert (session.at, session.began_at, session.ends_at) == (3, NOON + 55 * M, NOON + 70 * M)
        assert counted(session) == {(7, 0): 25 * M, (8, 0): 15 * M, (7, 2): 25 * M, (8, 2): 25 * M}
        assert idle(3, begun()).tick(NOON + 500 * M).ending is Ending.FINISHED

    def test_warning(self) -> None:
        """If wanted, the timer is due a minute before the end, which stays where it was."""
        session = begun(warn=True)
        assert (session.timer.due_at, session.ends_at) == (NOON + 24 * M, NOON + 25 * M)
        warned = session.tick(NOON + 24 * M)
        assert (warned.at, warned.timer.due_at, warned.ends_at) == (0, NOON + 25 * M, NOON + 25 * M)
        assert warned.tick(NOON + 25 * M).at == 1

    @pytest.mark.parametrize(
        ("text", "now", "due"),
        [("119s, 25m", NOON, 119 * S), ("2m, 25m", NOON, M), ("1m, 25m", NOON + M + 24 * M, 26 * M)],
    )
    def test_no_warning(self, text: str, now: datetime, due: timedelta) -> None:
        """A phase of less than two minutes has no warning, nor is there one whose time has passed."""
        assert doors(text, warn=True).tick(now).timer.due_at == NOON + due

    def test_warning_moves_with_the_end(self) -> None:
        """Moving the end moves the warning: by a pause, or an extension, even after the warning."""
        paused = begun(warn=True).pause(ANN, NOON + 20 * M)
        assert paused.resume(ANN, NOON + 40 * M).timer.due_at == NOON + 44 * M
        assert begun(warn=True).extend(ANN, 5 * M, NOON).timer.due_at == NOON + 29 * M
        warned = begun(warn=True).tick(NOON + 24 * M)
        assert warned.extend(ANN, 5 * M, NOON + 24 * M).timer.due_at == NOON + 29 * M
        last_seconds = warned.pause(ANN, NOON + 24 * M + 30 * S).resume(ANN, NOON + 30 * M)
        assert last_seconds.timer.due_at == last_seconds.ends_at == NOON + 30 * M + 30 * S

    def test_the_wall_clock_steps_back(self) -> None:
        """Nobody's focus is negative when the wall clock is set back."""
        session = begun().join(8, NOON + 10 * M).leave(8, NOON + 5 * M).pause(ANN, NOON - 60 * M)
        assert {person.focused for person in session.people} == {NONE}


class TestMinutes:
    def test_pause(self) -> None:
        """A joint pause stops the clock and everybody's counting; both resume together."""
        session = begun().pause(ANN, NOON + 10 * M)
        assert (session.ends_at, session.left(NOON + 99 * M)) == (None, 15 * M)
        session = session.resume(ANN, NOON + 60 * M)
        assert session.ends_at == NOON + 75 * M
        assert counted(session.tick(NOON + 75 * M)) == {(7, 0): 25 * M}

    def test_just_me(self) -> None:
        """A person resting is not counted while the session runs, nor after a joint pause."""
        session = begun().join(8, NOON).rest(8, NOON + 5 * M)
        session = session.pause(ANN, NOON + 10 * M).resume(ANN, NOON + 20 * M)
        session = session.back(8, NOON + 30 * M).tick(NOON + 35 * M)
        assert counted(session) == {(7, 0): 25 * M, (8, 0): 10 * M}

    def test_rest_goes_on_into_the_next_phase(self) -> None:
        """A person rests until they are back, also across phases, and is not resting after rejoining."""
        session = begun().join(8, NOON).rest(8, NOON + 5 * M).tick(NOON + 54 * M)
        assert session.person(8).since is None
        assert session.leave(8, NOON + 54 * M).join(8, NOON + 54 * M).person(8).since == NOON + 54 * M

    def test_coming_and_going(self) -> None:
        """A late joiner counts from then; a person who left and rejoins keeps what they had."""
        session = begun().join(8, NOON + 5 * M, "tea").leave(8, NOON + 10 * M)
        session = session.join(8, NOON + 20 * M).tick(NOON + 25 * M)
        assert counted(session) == {(7, 0): 25 * M, (8, 0): 10 * M}
        assert [effort.task for effort in efforts(session.done)] == [None, "tea"]

    def test_gone_for_good(self) -> None:
        """The focus of a person who left during a phase counts, in that phase only."""
        session = begun().join(8, NOON).leave(8, NOON + 10 * M).tick(NOON + 60 * M)
        assert counted(session) == {(7, 0): 25 * M, (8, 0): 10 * M, (7, 2): 25 * M}

    def test_breaks_count_for_nobody(self) -> None:
        """Time in a break is nobody's focus, whoever joins in it."""
        session = begun().tick(NOON + 25 * M).join(8, NOON + 26 * M)
        assert (session.person(7).since, session.person(8).since) == (None, None)
        assert counted(replace(session, done=()).skip(ANN, NOON + 27 * M)) == {}

    def test_seen_late(self) -> None:
        """A transition after the phase should have ended counts up to its end and no further."""
        assert begun().join(8, NOON).rest(8, NOON + 90 * M).person(8).focused == 25 * M
        assert begun().left(NOON + 90 * M) == NONE
        assert counted(begun().stop(ANN, NOON + 90 * M)) == {(7, 0): 25 * M}


class TestTheClock:
    def test_skip(self) -> None:
        """A skipped phase ends now, with its focus so far; the next is counted from now."""
        session = begun().skip(ANN, NOON + 10 * M)
        assert (session.at, session.ends_at, counted(session)) == (1, NOON + 15 * M, {(7, 0): 10 * M})
        session = session.pause(ANN, NOON + 11 * M).skip(ANN, NOON + 12 * M)
        assert (session.at, session.ends_at) == (2, NOON + 37 * M)
        session = session.skip(ANN, NOON + 13 * M).skip(ANN, NOON + 14 * M)
        assert (session.ending, session.stage) == (Ending.FINISHED, 4)

    def test_extend(self) -> None:
        """An extension moves the end of this phase, or what is left of it in a pause, up to 12 hours."""
        assert begun().extend(ANN, 5 * M, NOON + M).ends_at == NOON + 30 * M
        assert begun().pause(ANN, NOON + M).extend(ANN, 5 * M, NOON + 9 * M).timer.remaining == 29 * M
        with pytest.raises(BadDuration, match="12 hours"):
            begun().extend(ANN, 12 * 60 * M, NOON)

    def test_edit(self) -> None:
        """The current phase takes its new length, counted from its beginning; that may end it."""
        session = begun().edit(ANN, plan.parse("50m, 10m break"), NOON + 20 * M)
        assert session.ends_at == NOON + 50 * M
        session = begun().edit(ANN, plan.parse("10m, 10m break"), NOON + 20 * M)
        assert session.ends_at == NOON + 20 * M
        assert session.tick(NOON + 20 * M).ends_at == NOON + 30 * M
        paused = begun().pause(ANN, NOON + 20 * M).edit(ANN, plan.parse("50m, 10m break"), NOON + 30 * M)
        assert paused.timer.remaining == 30 * M

    def test_edit_of_later_phases(self) -> None:
        """A change of later phases leaves the clock alone, also before the first phase."""
        later = plan.parse("25m, 10m break, 50m")
        assert begun().edit(ANN, later, NOON + M).timer == begun().timer
        assert doors().edit(ANN, later, NOON - S).timer == doors().timer

    def test_pause_and_resume_out_of_turn(self) -> None:
        """A running session cannot be resumed, nor a paused one paused."""
        with pytest.raises(TooLate, match="already running"):
            begun().resume(ANN, NOON)
        with pytest.raises(TooLate, match="already paused"):
            begun().pause(ANN, NOON).pause(ANN, NOON)

    def test_waiting(self) -> None:
        """Where phases start by hand, the next waits for a press, and counts from that."""
        session = idle(3, begun(auto=False)).join(8, NOON).tick(NOON + 25 * M)
        assert (session.at, session.waiting, session.ends_at) == (1, True, None)
        session = session.tick(NOON + 90 * M).resume(BEN, NOON + 90 * M)
        assert (session.waiting, session.began_at, session.ends_at) == (False, NOON + 90 * M, NOON + 95 * M)
        session = session.tick(NOON + 95 * M).resume(ANN, NOON + 100 * M).tick(NOON + 125 * M)
        assert counted(session) == {(7, 0): 25 * M, (8, 0): 25 * M, (7, 2): 25 * M, (8, 2): 25 * M}

    def test_who_may_begin_a_waiting_phase(self) -> None:
        """Any participant can begin a waiting phase, and nobody else."""
        session = idle(3, begun(auto=False)).tick(NOON + 25 * M)
        with pytest.raises(UnknownSession):
            session.resume(BEN, NOON + 30 * M)
        assert session.skip(ANN, NOON + 30 * M).waiting


class TestPeople:
    MOVES: tuple[Callable[[Session, Actor], Session], ...] = (
        lambda session, actor: session.pause(actor, NOON + M),
        lambda session, actor: session.pause(ANN, NOON + M).resume(actor, NOON + M),
        lambda session, actor: session.skip(actor, NOON + M),
        lambda session, actor: session.extend(actor, M, NOON + M),
        lambda session, actor: session.edit(actor, session.plan, NOON + M),
        lambda session, actor: session.hand_over(actor, 7),
        lambda session, actor: session.stop(actor, NOON + M),
    )

    @pytest.mark.parametrize("move", MOVES)
    def test_who_leads(self, move: Callable[[Session, Actor], Session]) -> None:
        """Only the host and the channel's moderators control the clock."""
        session = begun().join(8, NOON)
        move(session, ANN)
        move(session, MIA)
        for other in (BEN, EVE, replace(MIA, channel_id=31)):
            with pytest.raises(NotYours) as refused:
                move(session, other)
            assert (refused.value.example == "focus rest") == (other == BEN)  # others cannot rest

    @pytest.mark.parametrize("move", MOVES)
    def test_over_is_over(self, move: Callable[[Session, Actor], Session]) -> None:
        """A session that is over never changes."""
        over = begun().join(8, NOON).stop(ANN, NOON + M)
        with pytest.raises(TooLate, match="has ended"):
            move(over, ANN)
        for go in (over.leave, over.rest, over.back, over.join):
            with pytest.raises(TooLate, match="has ended"):
                go(8, NOON + M)
        assert over.reacted() is over.tick(NOON + 90 * M) is over

    def test_hosts(self) -> None:
        """A leaving host hands over to the longest present participant; a host chooses only from those present."""
        session = begun().join(9, NOON + S).join(8, NOON + 2 * S)
        assert session.leave(7, NOON + M).timer.owner_id == 9
        assert session.leave(9, NOON + M).leave(7, NOON + M).timer.owner_id == 8
        assert session.hand_over(ANN, 8).timer.owner_id == 8
        with pytest.raises(UnknownSession):
            session.leave(8, NOON + M).hand_over(ANN, 8)

    def test_empty(self) -> None:
        """When the last participant leaves, the session ends, with their focus."""
        session = begun().leave(7, NOON + 10 * M)
        assert (session.ending, session.timer.state) == (Ending.EMPTY, State.CANCELLED)
        assert counted(session) == {(7, 0): 10 * M}
        assert doors().leave(7, NOON - S).ending is Ending.EMPTY

    def test_in_and_out_of_turn(self) -> None:
        """Nobody can join twice, leave without being in, rest twice, or be back without having rested."""
        session = begun()
        with pytest.raises(TooLate):
            session.join(7, NOON)
        with pytest.raises(TooLate):
            session.rest(7, NOON).rest(7, NOON)
        with pytest.raises(TooLate):
            session.back(7, NOON)
        for move in (session.leave, session.rest, session.back):
            with pytest.raises(UnknownSession):
                move(8, NOON)

    def test_full(self) -> None:
        """No more people can join than one message can mention, until one leaves."""
        session = begun()
        for user_id in range(100, 100 + MOST_PEOPLE - 1):
            session = session.join(user_id, NOON)
        with pytest.raises(TooMany):
            session.join(8, NOON)
        assert session.leave(100, NOON).join(8, NOON).person(8)

    def test_by_voice(self) -> None:
        """Entering by voice joins; a person who was in before, resting or not, stays as they were."""
        session = begun().join(8, NOON, "tea").rest(8, NOON + M).join(8, NOON + 2 * M, by_voice=True)
        assert session.person(8) == replace(begun().join(8, NOON, "tea").rest(8, NOON + M).person(8), by_voice=True)
        assert session.join(9, NOON + 2 * M, by_voice=True).person(9).since == NOON + 2 * M

    def test_order(self) -> None:
        """Participants are in the order they joined, by id at the same moment; rejoining keeps their place."""
        session = begun().join(9, NOON + M).join(8, NOON + M).leave(7, NOON + 2 * M).join(7, NOON + 3 * M)
        assert [person.user_id for person in session.people] == [7, 8, 9]


class TestIdle:
    FIVE_ROUNDS = "5x(25m, 5m break)"

    def test_asked_and_given_up(self) -> None:
        """After a number of rounds without activity people are asked, and after one more it ends."""
        session, asked_at = idle(2, begun(self.FIVE_ROUNDS)), []
        while session.ends_at:
            session = session.tick(session.ends_at)
            asked_at.append(session.asked)
        # The start is a sign in the first round: the second and third are quiet, the fourth is the last.
        assert asked_at == [False, False, False, False, True, True, False]
        assert (session.ending, session.timer.ended_at) == (Ending.IDLE, NOON + 115 * M)
        assert (len(counted(session)), len(session.unsure)) == (3, 1)

    def test_a_sign(self) -> None:
        """Activity in a round resets the count, and removes the question."""
        session = idle(1, begun(self.FIVE_ROUNDS)).tick(NOON + 25 * M).tick(NOON + 30 * M)
        assert not session.reacted().tick(NOON + 55 * M).asked
        questioned = session.tick(NOON + 55 * M)
        assert questioned.asked
        session = questioned.reacted().tick(NOON + 60 * M).tick(NOON + 85 * M)
        assert session.asked
        assert not session.is_over

    def test_skips_are_signs(self) -> None:
        """Skipping is activity: no number of skips brings up the question."""
        session = idle(2, begun(self.FIVE_ROUNDS))
        for seconds in range(8):
            session = session.reacted().skip(ANN, NOON + seconds * S)
            assert not session.asked
        assert not session.tick(NOON + 8 * S + 25 * M).asked

    def test_voice(self) -> None:
        """Being in the linked voice channel is not activity: they are asked like anybody."""
        session = idle(1, begun(self.FIVE_ROUNDS)).join(8, NOON, by_voice=True)
        while session.ends_at:
            session = session.tick(session.ends_at)
        assert session.ending is Ending.IDLE

    def test_the_bot_was_away(self) -> None:
        """Rounds during the bot's absence never end a session for inactivity."""
        session = idle(1, begun(self.FIVE_ROUNDS)).tick(NOON + 140 * M)
        assert (session.at, session.is_over) == (8, False)

    def test_endless_patience(self) -> None:
        """Without an idle limit, nobody is asked."""
        session = begun(self.FIVE_ROUNDS)
        while session.ends_at:
            session = session.tick(session.ends_at)
            assert not session.asked
        assert session.ending is Ending.FINISHED


class TestPresence:
    PLAN = "5x(25m, 5m break)"

    def test_rounds_without_a_sign(self) -> None:
        """The allowed number of rounds in a row counts without activity; further ones wait for confirmation."""
        session = idle(2, begun(self.PLAN))
        while session.ends_at:
            session = session.tick(session.ends_at).reacted()
        assert {entry.phase for entry in session.done} == {0, 2, 4}
        assert [(entry.user_id, entry.phase, entry.focused) for entry in session.unsure] == [
            (7, 6, 25 * M),
            (7, 8, 25 * M),
        ]

    def test_nobody_vouches_for_another(self) -> None:
        """Activity counts only for its own person."""
        session = idle(1, begun(self.PLAN)).join(8, NOON)
        while session.ends_at:
            session = session.tick(session.ends_at).reacted(7)
        assert {entry.user_id for entry in session.unsure} == {8}
        assert {entry.phase for entry in session.done if entry.user_id == 7} == {0, 2, 4, 6, 8}

    def test_a_sign_covers_the_rounds_after_it(self) -> None:
        """After activity rounds count again; those before it still wait for confirmation."""
        session = idle(1, begun(self.PLAN))
        for _ in range(6):
            session = session.tick(session.ends_at or NOON)
        session = session.reacted(7)
        while session.ends_at:
            session = session.tick(session.ends_at)
        assert [entry.phase for entry in session.unsure] == [4]

    def test_a_skip_confirms_nobody(self) -> None:
        """A round that the host skips counts for the host, not for inactive people."""
        session = idle(1, begun(self.PLAN)).join(8, NOON)
        for minute in range(5):
            session = session.reacted(7).skip(ANN, NOON + minute * M)
        session = session.reacted(7).stop(ANN, NOON + 10 * M)
        assert {entry.user_id for entry in session.unsure} == {8}

    def test_no_limit(self) -> None:
        """Where idle rounds are not limited, all count."""
        session = begun(self.PLAN)
        while session.ends_at:
            session = session.tick(session.ends_at)
        assert len(session.done) == 5
        assert session.unsure == ()
