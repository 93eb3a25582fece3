"""Answers to commands about a session."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.chat.focus import text as focus_text
from bot.chat.text import command, fitting, harmless, relative
from bot.domain.focus import command as focus_command
from bot.domain.focus import plan
from bot.domain.focus.command import Command
from bot.domain.focus.participant import Outcome
from bot.domain.focus.plan import Plan
from bot.domain.focus.session import Session
from bot.domain.time.duration import spoken
from bot.service.presets import Known

_PLAN = 120
_TOLD = {"ping": "I mention you", "silent": "I do not call you", "dm": "I write to you directly"}
_REVIEWED = {Outcome.DONE: "Done, well done", Outcome.PARTLY: "Partly done", Outcome.NOT_YET: "Not done yet"}


def done(command: Command, session: Session) -> str:
    """Confirm a command, with the state of the session."""
    stands = f"{focus_text.title(session)}. {focus_text.status(session)}."
    confirm = _DONE.get(type(command))
    return confirm(command, session, stands) if confirm else stands


def reviewed(outcome: Outcome) -> str:
    """Confirm somebody's review of a phase."""
    return f"{_REVIEWED[outcome]}: noted."


def status(session: Session) -> str:
    """Say how a session stands, and where its card is."""
    lines = [
        f"**{focus_text.title(session)}**",
        focus_text.status(session),
        focus_text.bar(session),
        focus_text.coming(session),
        f"-# {_people(session)} · hosted by <@{session.timer.owner_id}>{_card(session)}",
    ]
    return "\n".join(lines)


def listing(sessions: Sequence[Session]) -> str:
    """List the sessions of a server."""
    lines = [
        f"<#{session.timer.channel_id}> · {focus_text.title(session)}"
        f"{f' · ends {relative(session.ends_at)}' if session.ends_at else ''} · {_people(session)}{_card(session)}"
        for session in sessions
    ]
    return fitting(lines) if lines else "No session is going on in this server."


def presets(known: Known) -> str:
    """List the plans that somebody can name."""
    built_in = {name: str(of) for name, of in plan.BUILT_IN.items()}
    groups = {"Everyone's": built_in, "Yours": known.own, "This server's": known.of_server}
    return fitting([line for title, plans in groups.items() if plans for line in _group(title, plans)])


def kept(name: str, of: Plan, prefix: str) -> str:
    """Confirm that a plan was saved."""
    return f"Kept {harmless(name)}: {_shown(str(of))}\nStart it with `{command(f'focus start {name}', prefix)}`."


def forgotten(name: str) -> str:
    """Confirm that a plan was forgotten."""
    return f"Forgot the plan {harmless(name)}."


def introduction(prefix: str) -> str:
    """Show example commands."""
    examples = (
        "start",
        "start deep",
        "start focus 50 short 10 rounds 3",
        "start 10m warm-up, 3x(40m focus, 8m break), 30m lunch",
        "start classic in 10m voice #Study",
        "join write the report",
        "rest",
        "edit short 10 rounds 5",
        "status",
        "stop",
    )
    typed = "\n".join(command(f"focus {example}", prefix) for example in examples)
    return f"We keep time together: join, and I call you at each change of phase.\n```\n{typed}\n```"


def _group(title: str, plans: Mapping[str, str]) -> Iterable[str]:
    yield f"**{title}**"
    for name, text in plans.items():
        length = spoken(plan.parse(text).total)
        yield f"- {harmless(name)} · {_shown(text)} · {length}"


def _shown(text: str) -> str:
    return focus_text.shortened(text, _PLAN)


def _people(session: Session) -> str:
    count = len(session.present)
    return "1 person" if count == 1 else f"{count} people"


def _card(session: Session) -> str:
    url = focus_text.card_url(session)
    return f" · [card]({url})" if url else ""


_DONE: dict[type[Command], Callable[[Any, Session, str], str]] = {
    focus_command.Stop: lambda *_: "The session is over.",
    focus_command.Pause: lambda _, session, __: f"Paused for all. {focus_text.status(session)}.",
    focus_command.Leave: lambda *_: "You have left the session; what you did counts.",
    focus_command.Join: lambda _, __, stands: f"You are in. {stands}",
    focus_command.Rest: lambda *_: "You are paused; the others go on. With `back` your time counts again.",
    focus_command.Back: lambda _, __, stands: f"Your time counts again. {stands}",
    focus_command.Task: lambda task, *_: f"Your task: {harmless(task.text)}",
    focus_command.Notify: lambda notify, *_: f"At each change of phase {_TOLD[notify.how]}.",
    focus_command.Host: lambda host, *_: f"<@{host.user_id}> hosts the session now.",
    focus_command.Edit: lambda _, session, stands: f"The plan is now {_shown(str(session.plan))}. {stands}",
}
