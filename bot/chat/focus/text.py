"""The texts of a session's cards and messages, in Discord's markdown, with user input escaped."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.chat import text
from bot.domain.focus.participant import Effort, Notify, Outcome, Participant
from bot.domain.focus.plan import Part, Phase
from bot.domain.focus.session import Ending, Session
from bot.domain.time.duration import spoken
from bot.domain.timers.timer import State

# A message's components hold 4,000 characters. People and their tasks take at most this many of them, even with
# every typed character escaped, and leave room for the rest.
_ROOM = 3_200
# The most people with a line of their own, and the most characters of a task on it.
_LINES, _TASK = 15, 100
_TITLE = 80
# The most phases with a mark each; in a longer plan a mark stands for several.
_MARKS = 20
_PICTURE = {Part.FOCUS: "🍅", Part.SHORT: "☕️", Part.LONG: "🌴"}
_OUTCOME = {Outcome.DONE: "✓ ", Outcome.PARTLY: "◐ ", Outcome.NOT_YET: "✗ "}
_ENDING = {
    Ending.FINISHED: "🎉 That was it, well done",
    Ending.STOPPED: "⏹️ The session was stopped",
    Ending.EMPTY: "👋 Everybody has left",
    Ending.IDLE: "💤 Nobody was there any more",
}


def name(session: Session, at: int, between: str = " ") -> str:
    """Name a phase by its place in the plan: ``Focus 2 of 4``."""
    phase = session.plan.phases[at]
    label = text.harmless(phase.label[:1].upper() + phase.label[1:])
    rounds = session.plan.rounds
    return f"{label}{between}{session.plan.round_of(at)} of {rounds}" if phase.is_focus and rounds > 1 else label


def title(session: Session) -> str:
    """Say what is going on, after an emoji for it."""
    phase = session.phase
    if session.is_over:
        return _ENDING[session.ending or Ending.STOPPED]
    if phase is None:
        return "🚪 Doors are open"
    named = name(session, session.at, " · ")
    if session.waiting:
        return f"✋ {named} is next"
    return f"{'⏸️' if session.timer.state is State.PAUSED else _PICTURE[phase.part]} {named}"


def status(session: Session) -> str:
    """Say when the phase ends, or how much of it is left."""
    if session.phase and session.waiting:
        return f"{spoken(session.phase.length)}, as soon as somebody presses **{starts(session.phase)}**"
    if session.ends_at is None:
        return f"Paused with {spoken(session.timer.remaining or timedelta())} left"
    verb = "Ends" if session.phase else f"{name(session, 0)} begins"
    return f"{verb} {text.relative(session.ends_at)} · {text.clock_time(session.ends_at)}"


def starts(phase: Phase) -> str:
    """Return the label of the button that begins a phase."""
    return "Start focus" if phase.is_focus else "Start break"


def bar(session: Session) -> str:
    """Draw the plan, one mark per phase: a seedling for focus to come, in bloom while it runs, then a tomato."""
    phases, at = session.plan.phases, session.stage
    if len(phases) > _MARKS:
        over = max(at, 0) * _MARKS // len(phases)
        return ("🍅" * over + "🌼" * (session.phase is not None)).ljust(_MARKS, "🌱")
    return " ".join(_mark(phase, number - at) for number, phase in enumerate(phases))


def _mark(phase: Phase, ahead: int) -> str:
    if phase.is_focus:
        return "🌼" if ahead == 0 else "🍅" if ahead < 0 else "🌱"
    return _PICTURE[phase.part] if ahead == 0 else "·"


def coming(session: Session) -> str:
    """Say which phase is next, and how long it is."""
    following = max(session.at, 0) + (session.phase is not None)
    if following >= len(session.plan.phases):
        return "Then it is done"
    return f"Next: {name(session, following)}, {spoken(session.plan.phases[following].length)}"


def about(session: Session) -> str:
    """Show the session's number, title and voice channel, and its options while it runs."""
    parts = [f"#{session.timer.id}", shortened(session.timer.name, _TITLE)]
    if session.voice_id:
        parts.append(f"<#{session.voice_id}>")
    if not session.is_over:
        parts.append(f"{spoken(session.plan.total)} in all")
        parts += ["each phase waits for a press"] * (not session.auto)
        parts += ["warns a minute before the end"] * session.warn
    return " · ".join(parts)


def card_url(session: Session) -> str | None:
    """Return the URL of a session's newest card; None until that is sent."""
    timer = session.timer
    if timer.card_id is None:
        return None
    return f"https://discord.com/channels/{timer.guild_id or '@me'}/{timer.channel_id}/{timer.card_id}"


def question(session: Session) -> str | None:
    """Ask whether anybody is there; None if no focus phase is left for the session to end with."""
    left = (at for at in range(session.at, len(session.plan.phases)) if session.plan.phases[at].is_focus)
    last = next(left, None)
    if last is None:
        return None
    return f"**Still there?** If nobody answers, the session ends with {name(session, last)}."


def called(session: Session) -> list[int]:
    """Return the ids of those to ping at a change of phase: present, not resting, and wanting it."""
    return [person.user_id for person in session.present if not person.resting and person.notify is Notify.PING]


def mentions(user_ids: Sequence[int]) -> str:
    """Mention people by their ids."""
    return " ".join(f"<@{user_id}>" for user_id in user_ids)


def people(session: Session) -> str:
    """List who is in it, and what each is doing."""
    return _roll(
        session, [(person.user_id, _head(session, person), person.task or "") for person in session.present]
    )


def _head(session: Session, person: Participant) -> str:
    crown = " 👑" if person.user_id == session.timer.owner_id else ""
    return f"<@{person.user_id}>{crown}{' ⏸️' if person.resting else ''}"


def results(session: Session, efforts: Sequence[Effort]) -> str:
    """List how long each person focused, on what, and how it went; the longest first."""
    of: dict[int, list[Effort]] = {person.user_id: [] for person in session.present}
    for effort in sorted(efforts, key=lambda effort: effort.phase):
        of.setdefault(effort.user_id, []).append(effort)
    spent = {user_id: sum((effort.focused for effort in theirs), timedelta()) for user_id, theirs in of.items()}
    longest_first = sorted(of, key=lambda user_id: spent[user_id], reverse=True)
    heads = {user_id: f"<@{user_id}> · **{spoken(spent[user_id])}**" for user_id in longest_first}
    return _roll(session, [(user_id, head, _tasks(of[user_id])) for user_id, head in heads.items()])


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
        return "Nobody has focused this time."
    count = len({effort.user_id for effort in efforts})
    who = "1 person" if count == 1 else f"{count} people"
    return f"{who} focused for **{spoken(spent)}**{'' if count == 1 else ' in all'}"


def _roll(session: Session, entries: Sequence[tuple[int, str, str]]) -> str:
    """Return a line per person; ``entries`` are (id, start of the line, what they typed).

    Those beyond ``_LINES`` are counted, and mentioned only if they are called.
    """
    shown, others = entries[:_LINES], [user_id for user_id, *_ in entries[_LINES:]]
    unseen = mentions([user_id for user_id in called(session) if user_id in others])
    more = f"-# and {len(others)} more {unseen}".rstrip() if others else ""
    room = _ROOM - len(more) - sum(len(head) for _, head, _ in shown)
    most = min(_TASK, room // max(len(shown), 1))
    lines = [f"{head} · {shortened(typed, most)}" if typed else head for _, head, typed in shown]
    return "\n".join([*lines, more] if more else lines)


def shortened(raw: str, most: int) -> str:
    """Escape what people typed, on one line, and cut it to ``most`` characters."""
    flat = " ".join(raw.split())
    if len(escaped := text.harmless(flat)) <= most:
        return escaped
    kept = flat[: most - 1]
    while len(escaped := text.harmless(kept)) > most - 1:
        kept = kept[:-1]
    return f"{escaped}…"


def late(session: Session, now: datetime, awake_since: datetime) -> str:
    """Say how late a new phase, or the end, is announced, and why; empty if on time."""
    since = session.timer.ended_at or session.began_at
    if now - since < text.LATE:
        return ""
    why = ", while I was away" if since < awake_since else ""
    verb = "ended" if session.is_over else "was ready" if session.waiting else "began"
    return f"-# {verb} {spoken(now - since)} ago{why}"


def warning(session: Session, now: datetime) -> str:
    """Warn that a phase is nearly over, mentioning those who want it."""
    left = timedelta(seconds=round(session.left(now).total_seconds()))
    return f"{spoken(left)} left of {name(session, session.at)} {mentions(called(session))}"


def direct(session: Session) -> str:
    """Tell one person what has begun, where, and until when."""
    headline = f"{title(session)} · <#{session.timer.channel_id}>"
    return headline if session.is_over else f"{headline}\n{status(session)}"


def gone(session: Session, stage: int) -> str:
    """Say that a phase is over, where its announcement comes too late."""
    known = 0 <= stage < len(session.plan.phases)
    return f"-# {name(session, stage) if known else 'That'} is over."


def closed(session: Session, jump_url: str | None) -> str:
    """Point from an earlier card to where the session goes on."""
    if jump_url is None:
        return "-# This is over."
    if session.is_over:
        return f"-# The session is over: [how it went]({jump_url})"
    return f"-# This phase is over: [the session goes on here]({jump_url})"
