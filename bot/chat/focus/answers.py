"""Answers to commands about a session."""

from collections.abc import Iterable, Mapping, Sequence

from bot.chat.focus import text as focus_text
from bot.chat.text import command, fitting, harmless, relative
from bot.domain.focus import command as focus_command
from bot.domain.focus import plan
from bot.domain.focus.command import Command
from bot.domain.focus.participant import Outcome
from bot.domain.focus.plan import Plan
from bot.domain.focus.session import Session
from bot.domain.time.duration import spoken
from bot.messages.catalogue import N_, Template, gettext, ngettext
from bot.service.presets import Known

_PLAN = 120
_TOLD = {
    "ping": N_("At each change of phase I mention you."),
    "silent": N_("At each change of phase I do not call you."),
    "dm": N_("At each change of phase I write to you directly."),
}
_REVIEWED = {
    Outcome.DONE: N_("Done, well done: noted."),
    Outcome.PARTLY: N_("Partly done: noted."),
    Outcome.NOT_YET: N_("Not done yet: noted."),
}
_DONE: Mapping[focus_command.Kind, Template] = {
    focus_command.Verb.STOP: N_("The session is over."),
    focus_command.Verb.PAUSE: N_("Paused for all. {status}."),
    focus_command.Verb.LEAVE: N_("You have left the session; what you did counts."),
    focus_command.Join: N_("You are in. {title}. {status}."),
    focus_command.Verb.REST: N_("You are paused; the others go on. With `back` your time counts again."),
    focus_command.Verb.BACK: N_("Your time counts again. {title}. {status}."),
    focus_command.Edit: N_("The plan is now {plan}. {title}. {status}."),
}
_STANDS = N_("{title}. {status}.")
# Commands whose answer says that the session is over, or does not matter to it.
_ENDS: set[Command] = {focus_command.Verb.STOP, focus_command.Verb.LEAVE}


def done(command: Command, session: Session) -> str:
    """Confirm a command, with the state of the session."""
    match command:
        case focus_command.Task(task):
            return gettext("Your task: {task}", task=harmless(task))
        case focus_command.Notify(how):
            return gettext(_TOLD[how])
        case focus_command.Host(user_id):
            return gettext("<@{user_id}> hosts the session now.", user_id=user_id)
    if session.is_over and command not in _ENDS:
        return gettext("{title}.", title=focus_text.title(session))
    return gettext(
        _DONE.get(focus_command.kind_of(command), _STANDS),
        title=focus_text.title(session),
        status=focus_text.status(session),
        plan=_shown(str(session.plan)),
    )


def reviewed(outcome: Outcome) -> str:
    """Confirm somebody's review of a phase."""
    return gettext(_REVIEWED[outcome])


def status(session: Session) -> str:
    """Say how a session stands, and where its card is."""
    host = gettext("hosted by <@{user_id}>", user_id=session.timer.owner_id)
    lines = [
        f"**{focus_text.title(session)}**",
        focus_text.status(session),
        focus_text.bar(session),
        focus_text.coming(session),
        f"-# {' · '.join([_people(session), host, *_card(session)])}",
    ]
    return "\n".join(lines)


def listing(sessions: Sequence[Session]) -> str:
    """List the sessions of a server."""
    lines = [_line(session) for session in sessions]
    return fitting(lines) if lines else gettext("No session is going on in this server.")


def presets(known: Known) -> str:
    """List the plans that somebody can name."""
    built_in = {name: str(of) for name, of in plan.BUILT_IN.items()}
    groups = (
        (gettext("Everyone's"), built_in),
        (gettext("Yours"), known.own),
        (gettext("This server's"), known.of_server),
    )
    return fitting([line for title, plans in groups if plans for line in _group(title, plans)])


def kept(name: str, of: Plan, prefix: str) -> str:
    """Confirm that a plan was saved."""
    start = command(f"focus start {name}", prefix)
    return gettext(
        "Kept {name}: {plan}\nStart it with `{command}`.", name=harmless(name), plan=_shown(str(of)), command=start
    )


def forgotten(name: str) -> str:
    """Confirm that a plan was forgotten."""
    return gettext("Forgot the plan {name}.", name=harmless(name))


def _group(title: str, plans: Mapping[str, str]) -> Iterable[str]:
    yield f"**{title}**"
    for name, text in plans.items():
        length = spoken(plan.parse(text).total)
        yield f"- {harmless(name)} · {_shown(text)} · {length}"


def _shown(text: str) -> str:
    return focus_text.shortened(text, _PLAN)


def _line(session: Session) -> str:
    ends = [gettext("ends {when}", when=relative(session.ends_at))] if session.ends_at else []
    parts = [f"<#{session.timer.channel_id}>", focus_text.title(session), *ends, _people(session), *_card(session)]
    return " · ".join(parts)


def _people(session: Session) -> str:
    return ngettext("{number} person", "{number} people", len(session.present))


def _card(session: Session) -> list[str]:
    """Link to the session's card, once that is sent."""
    url = focus_text.card_url(session)
    return [gettext("[card]({url})", url=url)] if url else []
