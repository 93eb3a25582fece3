"""The texts of a session's cards and messages, in Discord's markdown, with user input escaped."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.chat import text
from bot.domain.focus.ending import Ending
from bot.domain.focus.participant import Effort, Notification, Participant, PhaseOutcome
from bot.domain.focus.plan import UNNAMED, Part, Phase
from bot.domain.focus.session import Session
from bot.domain.time.duration import in_full, spoken
from bot.domain.timers.timer import State
from bot.messages.catalogue import N_, Template, gettext, ngettext

# A message's components hold 4,000 characters. People and their tasks take at most this many of them, even with
# every typed character escaped, and leave room for the rest.
_ROOM = 2_900
# The most people with a line of their own, and the most characters of a task on it.
_LINES, _TASK = 15, 100
_TITLE = 80
# The most people named in the question whether they were there.
_ASKED = 5
# The most phases with a mark each; in a longer plan a mark stands for several.
_MARKS = 20
_PICTURE = {Part.FOCUS: "🍅", Part.SHORT: "☕️", Part.LONG: "🌴", Part.WARM_UP: "🤸"}
_OUTCOME = {PhaseOutcome.DONE: "✓ ", PhaseOutcome.PARTLY: "◐ ", PhaseOutcome.NOT_YET: "✗ "}
_NONE: Mapping[int, PhaseOutcome] = MappingProxyType({})
_ENDING = {
    Ending.FINISHED: N_("🎉 All done – nice work!"),
    Ending.STOPPED: N_("⏹️ Session stopped"),
    Ending.EMPTY: N_("👋 Everyone's left"),
    Ending.IDLE: N_("💤 Ended – nobody was around"),
    Ending.STRANDED: N_("📭 Ended – I couldn't post in its channel any more"),
}
# The names of phases that nobody has labelled: a plan stores the part's value as their label.
_UNLABELLED = {
    Part.FOCUS: N_("Focus"),
    Part.SHORT: N_("Short break"),
    Part.LONG: N_("Long break"),
    Part.WARM_UP: N_("Warm-up"),
}
_STARTS = {
    Part.FOCUS: N_("Start focus"),
    Part.SHORT: N_("Start break"),
    Part.LONG: N_("Start break"),
    Part.WARM_UP: N_("Start warm-up"),
}
_ROUND = N_("{phase} {round} of {rounds}")
_ROUND_IN_TITLE = N_("{phase} · {round} of {rounds}")
# How late it is announced, and the same with the reason that the bot was away.
_BEGAN = N_("-# started {late} ago"), N_("-# started {late} ago, while I was offline")
_WAS_READY = N_("-# was ready {late} ago"), N_("-# was ready {late} ago, while I was offline")
_ENDED = N_("-# ended {late} ago"), N_("-# ended {late} ago, while I was offline")


def name(session: Session, at: int, counted: Template = _ROUND) -> str:
    """Name a phase by its place in the plan: ``Focus 2 of 4``."""
    phase, rounds = session.plan.phases[at], session.plan.rounds
    label = _label(phase)
    if not phase.is_focus or rounds == 1:
        return label
    return gettext(counted, phase=label, round=session.plan.round_of(at), rounds=rounds)


def _label(phase: Phase) -> str:
    if phase.label == phase.part.value:
        return gettext(_UNLABELLED[phase.part])
    return text.escape(phase.label[:1].upper() + phase.label[1:])


def title(session: Session) -> str:
    """Return the headline of a session, with an emoji for its state."""
    phase = session.phase
    if session.is_over:
        return gettext(_ENDING[session.ending or Ending.STOPPED])
    if phase is None:
        return gettext("🚪 Starting soon – come on in")
    named = name(session, session.at, _ROUND_IN_TITLE)
    if session.waiting:
        return gettext("✋ Up next: {phase}", phase=named)
    return f"{'⏸️' if session.timer.state is State.PAUSED else _PICTURE[phase.part]} {named}"


def status(session: Session) -> str:
    """Say when the phase ends, or how much of it is left."""
    if session.phase and session.waiting:
        return gettext(
            "{length}, once somebody presses **{button}**",
            length=spoken(session.phase.length),
            button=starts(session.phase),
        )
    if session.ends_at is None:
        return gettext("Paused with {left} left", left=_paused_left(session))
    lasting = session.phase.length if session.phase else session.plan.total
    at = {"when": text.relative(session.ends_at), "time": text.clock_time(session.ends_at, lasting)}
    if session.phase:
        return gettext("Ends {when} · {time}", **at)
    return gettext("Starts {when} · {time} with {phase}", phase=name(session, 0), **at)


def left(session: Session) -> str:
    """Say how much of the phase, or of the time until the first, is left, where the clock is stopped."""
    if session.phase is None:
        return gettext("{left} left until it starts", left=_paused_left(session))
    return gettext("{left} left in {phase}", left=_paused_left(session), phase=name(session, session.at))


def _paused_left(session: Session) -> str:
    return text.paused_left(session.timer.remaining or timedelta())


def starts(phase: Phase) -> str:
    """Return the label of the button that begins a phase."""
    return gettext(_STARTS[phase.part])


def bar(session: Session) -> str:
    """Draw the plan, one mark per phase: a seedling for focus to come, in bloom while it runs, then a tomato."""
    phases, at = session.plan.phases, session.stage
    if len(phases) > _MARKS:
        over = max(at, 0) * _MARKS // len(phases)
        return ("🍅" * over + "🌼" * (session.phase is not None)).ljust(_MARKS, "🌱")
    return " ".join(_mark(phase, number - at) for number, phase in enumerate(phases))


def _mark(phase: Phase, ahead: int) -> str:
    if phase.is_focus:
        if ahead == 0:
            return "🌼"
        return "🍅" if ahead < 0 else "🌱"
    return _PICTURE[phase.part] if ahead == 0 else "·"


def coming(session: Session) -> str:
    """Say which phase is next, and how long it is."""
    following = max(session.at, 0) + (session.phase is not None)
    if following >= len(session.plan.phases):
        return gettext("Last phase")
    length = spoken(session.plan.phases[following].length)
    return gettext("Next: {phase}, {length}", phase=name(session, following), length=length)


def about(session: Session) -> str:
    """Show a session's number, its title if it has one, its voice channel, and its options while it runs."""
    named = session.timer.name
    parts = [f"#{session.timer.id}", *([] if named == UNNAMED else [text.shortened(named, _TITLE)])]
    if session.voice_id:
        parts.append(f"<#{session.voice_id}>")
    if not session.is_over:
        parts.append(gettext("{length} in total", length=spoken(session.plan.total)))
        parts += [gettext("phases start by hand")] * (not session.auto)
        parts += [gettext("1-minute warning")] * session.warn
    return " · ".join(parts)


def card_url(session: Session) -> str | None:
    """Return the URL of a session's newest card; None until that is sent."""
    timer = session.timer
    return text.message_url(timer.guild_id, timer.channel_id, timer.card_id) if timer.card_id else None


def question(session: Session) -> str | None:
    """Ask whether anybody is there; None if no focus phase is left for the session to end with."""
    left = (at for at in range(session.at, len(session.plan.phases)) if session.plan.phases[at].is_focus)
    last = next(left, None)
    if last is None:
        return None
    return gettext(
        "**Still there?** If nobody answers, I'll end the session after {phase}.", phase=name(session, last)
    )


def unconfirmed(times: Mapping[int, timedelta]) -> str:
    """Ask people who gave no sign for some rounds whether they were there."""
    first = list(times)[:_ASKED]
    listed = ", ".join(f"<@{user_id}> ({spoken(times[user_id])})" for user_id in first)
    if len(times) > len(first):
        return gettext(
            "**Were you still there?** {people} and {count} more: you have seven days to confirm, "
            "so that it counts.",
            people=listed,
            count=len(times) - len(first),
        )
    return gettext(
        "**Were you still there?** {people}: you have seven days to confirm, so that it counts.", people=listed
    )


def called(session: Session) -> list[int]:
    """Return the ids of those to ping at a change of phase: present, not resting, and wanting it."""
    return [
        person.user_id for person in session.present if not person.resting and person.notify is Notification.PING
    ]


def mentions(user_ids: Sequence[int]) -> str:
    """Mention people by their ids."""
    return " ".join(f"<@{user_id}>" for user_id in user_ids)


def people(session: Session, outcomes: Mapping[int, PhaseOutcome] = _NONE) -> str:
    """List the participants, their tasks, and how they rated the phase before."""
    heads = [(person, _head(session, person, outcomes.get(person.user_id))) for person in session.present]
    return _by_person(session, [(person.user_id, head, person.task or "") for person, head in heads])


def _head(session: Session, person: Participant, outcome: PhaseOutcome | None) -> str:
    crown = " 👑" if person.user_id == session.timer.owner_id else ""
    mark = f" {_OUTCOME[outcome].strip()}" if outcome else ""
    return f"<@{person.user_id}>{crown}{' ⏸️' if person.resting else ''}{mark}"


def results(session: Session, efforts: Sequence[Effort]) -> str:
    """List how long each person focused, on what, and how it went; the longest first."""
    by_person: dict[int, list[Effort]] = {person.user_id: [] for person in session.present}
    for effort in sorted(efforts, key=lambda effort: effort.phase):
        by_person.setdefault(effort.user_id, []).append(effort)
    spent = {user_id: sum((effort.focused for effort in own), timedelta()) for user_id, own in by_person.items()}
    longest_first = sorted(by_person, key=lambda user_id: spent[user_id], reverse=True)
    heads = {user_id: f"<@{user_id}> · **{spoken(spent[user_id])}**" for user_id in longest_first}
    return _by_person(session, [(user_id, head, _tasks(by_person[user_id])) for user_id, head in heads.items()])


def _tasks(efforts: Sequence[Effort]) -> str:
    """List each task once, after the mark of its latest review."""
    outcomes: dict[str, str] = {}
    for effort in efforts:
        task = effort.task or ""
        mark = _OUTCOME[effort.outcome] if effort.outcome else outcomes.get(task, "")
        outcomes[task] = mark
    return ", ".join(entry for task, mark in outcomes.items() if (entry := f"{mark}{task}".strip()))


def total(efforts: Sequence[Effort]) -> str:
    """Say how long people have focused in all."""
    spent = sum((effort.focused for effort in efforts), timedelta())
    if not spent:
        return gettext("No focus time this session.")
    return ngettext(
        "{number} person focused for **{length}**",
        "{number} people focused for **{length}** in total",
        len({effort.user_id for effort in efforts}),
        length=spoken(spent),
    )


def _by_person(session: Session, entries: Sequence[tuple[int, str, str]]) -> str:
    """Return a line per person; ``entries`` are (id, start of the line, what they typed).

    Those beyond ``_LINES`` are counted, and mentioned only if they are called.
    """
    visible, others = entries[:_LINES], [user_id for user_id, *_ in entries[_LINES:]]
    unseen = mentions([user_id for user_id in called(session) if user_id in others])
    counted = gettext("-# and {count} more", count=len(others))
    more = f"{counted} {unseen}".rstrip() if others else ""
    room = _ROOM - len(more) - sum(len(head) for _, head, _ in visible)
    most = min(_TASK, room // max(len(visible), 1))
    lines = [f"{head} · {text.shortened(typed, most)}" if typed else head for _, head, typed in visible]
    return "\n".join([*lines, more] if more else lines)


def late(session: Session, now: datetime, awake_since: datetime) -> str:
    """Say how late a new phase, or the end, is announced, and why; empty if on time."""
    since = session.timer.ended_at or session.began_at
    begun = _WAS_READY if session.waiting else _BEGAN
    return text.late(since, now, awake_since, _ENDED if session.is_over else begun)


def warning(session: Session, now: datetime) -> str:
    """Warn that a phase is nearly over, mentioning those who want it."""
    left = timedelta(seconds=round(session.left(now).total_seconds()))
    warned = gettext("{left} left in {phase}", left=in_full(left), phase=name(session, session.at))
    return f"{warned} {mentions(called(session))}"


def gone(session: Session, stage: int) -> str:
    """Say that a phase is over, where its announcement comes too late."""
    if 0 <= stage < len(session.plan.phases):
        return gettext("-# {phase} is over.", phase=name(session, stage))
    return gettext("-# That's over.")


def closed(session: Session, jump_url: str | None) -> str:
    """Point from an earlier card to where the session goes on."""
    if jump_url is None:
        return gettext("-# This has ended.")
    if session.is_over:
        return gettext("-# Session over – [see how it went]({url})", url=jump_url)
    return gettext("-# Phase over – [carry on here]({url})", url=jump_url)
