"""Answers to commands about a session."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from bot.chat.focus import text as focus_text
from bot.chat.text import command, escape, fitting, relative, shortened
from bot.domain.focus import command as focus_command, plan
from bot.domain.focus.command import Command
from bot.domain.focus.participant import Notification, find
from bot.domain.focus.plan import Plan
from bot.domain.focus.session import Session
from bot.domain.time.duration import in_full, spoken
from bot.domain.timers import lookup
from bot.domain.timers.timer import Actor
from bot.messages.catalogue import N_, Template, gettext, ngettext
from bot.service.presets import KnownPlans

_PLAN = 120
_TOLD = {
    Notification.PING: N_("OK, I'll ping you when the phase changes."),
    Notification.SILENT: N_("OK, I won't ping you."),
    Notification.DM: N_("OK, I'll DM you when the phase changes."),
}
_DONE: Mapping[focus_command.Kind, Template] = {
    focus_command.FocusVerb.STOP: N_("Session ended."),
    focus_command.FocusVerb.PAUSE: N_("Paused for everyone. {status}."),
    focus_command.FocusVerb.LEAVE: N_("You've left. Your time so far still counts."),
    focus_command.Join: N_("You're in! {title}. {status}."),
    focus_command.FocusVerb.REST: N_("You're on a break; the others carry on. `{back}` when you return."),
    focus_command.FocusVerb.BACK: N_("Welcome back! Your time counts again. {title}. {status}."),
    focus_command.ExtendPhase: N_("Extended by {length}. {title}. {status}."),
    focus_command.EditSession: N_("The plan is now {plan}. {title}. {status}."),
}
_STANDS = N_("{title}. {status}.")
_STANDS_APART = N_("{title}. {status}.\nPress Join to come in.")
# Commands whose answer holds for a session that is over too.
_ENDS: set[Command] = {focus_command.FocusVerb.STOP, focus_command.FocusVerb.LEAVE}


def done(asked: Command, session: Session, prefix: str) -> str:
    """Confirm a command, with the state of the session."""
    match asked:
        case focus_command.Task(task):
            return gettext("Got it: {task}", task=escape(task))
        case focus_command.Notify(how):
            return gettext(_TOLD[how])
        case focus_command.Host(user_id):
            return gettext("<@{user_id}> is the host now.", user_id=user_id)
    if session.is_over and asked not in _ENDS:
        return focus_text.title(session)
    return gettext(
        _DONE.get(focus_command.kind_of(asked), _STANDS),
        title=focus_text.title(session),
        status=focus_text.left(session) if asked is focus_command.FocusVerb.PAUSE else focus_text.status(session),
        plan=_plan_text(str(session.plan)),
        length=in_full(asked.by) if isinstance(asked, focus_command.ExtendPhase) else "",
        back=command("focus back", prefix),
    )


def voice_auto(*, is_on: bool) -> str:
    """Confirm whether entering a session's voice channel joins the person."""
    if is_on:
        return gettext(
            "OK – you'll join a session by entering its voice channel, and leave it by leaving the channel."
        )
    return gettext("OK – you'll only be in a session once you press Join.")


def choices(session: Session, actor: Actor) -> str:
    """Introduce what a person may do in a session."""
    is_in = find(session.present, actor.user_id) is not None
    stands = _STANDS if is_in or lookup.may_command(actor, session.timer) else _STANDS_APART
    return gettext(stands, title=focus_text.title(session), status=focus_text.status(session))


def confirmed(focused: timedelta, *, was_there: bool) -> str:
    """Confirm whether a person's unconfirmed rounds count."""
    if was_there:
        return gettext("Great – that's {length} more for you.", length=spoken(focused))
    return gettext("Thanks for telling me – those {length} won't count.", length=spoken(focused))


def status(session: Session, seated: str) -> str:
    """Say how a session stands, who else is ``seated`` in its voice channel, and where its card is."""
    host = gettext("hosted by <@{user_id}>", user_id=session.timer.owner_id)
    lines = [
        f"**{focus_text.title(session)}**",
        focus_text.status(session),
        focus_text.bar(session),
        focus_text.coming(session),
        f"-# {' · '.join([_people(session), host, *_card(session)])}",
        *([seated] if seated else []),
    ]
    return "\n".join(lines)


def listing(sessions: Sequence[Session]) -> str:
    """List the sessions of a server."""
    lines = [_line(session) for session in sessions]
    return fitting(lines) if lines else gettext("There are no sessions running in this server.")


def presets(known: KnownPlans) -> str:
    """List the plans that a person can name."""
    built_in = {name: str(phases) for name, phases in plan.BUILT_IN.items()}
    groups = (
        (gettext("Everyone's"), built_in),
        (gettext("Yours"), known.own),
        (gettext("This server's"), known.of_server),
    )
    return fitting([line for title, plans in groups if plans for line in _group(title, plans)])


def kept(name: str, kept_plan: Plan, prefix: str) -> str:
    """Confirm that a plan was saved."""
    start = command(f"focus start {name}", prefix)
    return gettext(
        "Saved as {name}: {plan}\nStart it with `{command}`.",
        name=escape(name),
        plan=_plan_text(str(kept_plan)),
        command=start,
    )


def _group(title: str, plans: Mapping[str, str]) -> Iterable[str]:
    yield f"**{title}**"
    for name, text in plans.items():
        length = spoken(plan.parse(text).total)
        yield f"- {escape(name)} · {_plan_text(text)} · {length}"


def _plan_text(text: str) -> str:
    return shortened(text, _PLAN)


def _line(session: Session) -> str:
    ends = [gettext("ends {when}", when=relative(session.ends_at))] if session.ends_at else []
    parts = [f"<#{session.timer.channel_id}>", focus_text.title(session), *ends, _people(session), *_card(session)]
    return " · ".join(parts)


def _people(session: Session) -> str:
    return ngettext("{number} person", "{number} people", len(session.present))


def _card(session: Session) -> list[str]:
    url = focus_text.card_url(session)
    return [gettext("[card]({url})", url=url)] if url else []
