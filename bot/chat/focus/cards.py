"""The cards of a session: live, and as a recap once it is over, with the buttons under them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

import discord
from discord import ui

from bot.chat.components.button import Button, plain
from bot.chat.focus import direct_text, text
from bot.chat.runtime.upload import Upload
from bot.domain.focus.ending import Ending
from bot.domain.focus.participant import Effort, find
from bot.domain.focus.plan import Part
from bot.domain.focus.session import Session
from bot.domain.timers import lookup
from bot.domain.timers.timer import Actor, State
from bot.messages.catalogue import N_, gettext

_COLOUR = {
    Part.FOCUS: discord.Colour(0xE5533D),
    Part.SHORT: discord.Colour(0x3FA45B),
    Part.LONG: discord.Colour(0x2E9CCA),
    Part.WARM_UP: discord.Colour(0xE0A526),
}
_STYLE = discord.ButtonStyle
_BUTTONS = {
    "join": (N_("Join"), _STYLE.success),
    "more": ("⋯", _STYLE.secondary),
    "leave": (N_("Leave"), _STYLE.secondary),
    "task": (N_("My task"), _STYLE.secondary),
    "me": (N_("Pause just me"), _STYLE.secondary),
    "pause": (N_("Pause"), _STYLE.secondary),
    "resume": (N_("Resume"), _STYLE.success),
    "start": (N_("Start"), _STYLE.success),
    "skip": (N_("Skip"), _STYLE.secondary),
    "extend": (N_("+5 min"), _STYLE.secondary),
    "stop": (N_("Stop"), _STYLE.danger),
    "here": (N_("Still here"), _STYLE.success),
    "was_here": (N_("Yes"), _STYLE.success),
    "was_away": (N_("No"), _STYLE.secondary),
    "done": (N_("Done"), _STYLE.success),
    "partly": (N_("Partly"), _STYLE.secondary),
    "not_yet": (N_("Not yet"), _STYLE.secondary),
}
# Less focus than this is not asked about.
_WORTH_ASKING = timedelta(minutes=1)
_NOBODY: Mapping[int, timedelta] = MappingProxyType({})
_DOORS, _PAUSED = discord.Colour(0x5865F2), discord.Colour(0xE0A526)
_FINISHED, _ENDED = discord.Colour(0x3FA45B), discord.Colour(0x80848E)


def newest(
    session: Session,
    efforts: Sequence[Effort],
    late: str = "",
    goals: str = "",
    unconfirmed: Mapping[int, timedelta] = _NOBODY,
    seated: str = "",
    picture: Upload | None = None,
) -> ui.LayoutView:
    """Show a session as it stands: its live card, or its recap. ``late`` goes below the title.

    It mentions everybody who is called at a change of phase, so it announces the phase as well. ``unconfirmed`` is
    the time that people have yet to confirm, ``seated`` says who is in its voice channel only, and ``picture`` is
    the recap's.
    """
    if session.is_over:
        view = recap(session, efforts, late, goals, picture)
    else:
        view = live(session, efforts, late, seated=seated)
    if unconfirmed:
        ask_whether_there(view, session, unconfirmed)
    return view


def ask_whether_there(view: ui.LayoutView, session: Session, unconfirmed: Mapping[int, timedelta]) -> None:
    """Add the question whether people were there to a message."""
    view.add_item(ui.TextDisplay(text.unconfirmed(unconfirmed)))
    view.add_item(
        ui.ActionRow(*(_button(act, session.timer.id, session.stage) for act in ("was_here", "was_away")))
    )


def live(session: Session, efforts: Sequence[Effort] = (), late: str = "", *, seated: str = "") -> ui.LayoutView:
    """Show a running session; it needs no edits to count down, since Discord's clients do that."""
    timer_id, stage = session.timer.id, session.stage
    box = ui.Container[ui.LayoutView](accent_colour=_colour(session))
    box.add_item(ui.TextDisplay(_lines(f"### {text.title(session)}", text.status(session), late)))
    box.add_item(ui.TextDisplay(text.bar(session)))
    box.add_item(ui.Separator())
    reviewed = _reviewed(session, session.at - 1, efforts)
    rated = [effort for effort in efforts if reviewed and effort.phase == session.at - 1]
    outcomes = {effort.user_id: effort.outcome for effort in rated if effort.outcome}
    box.add_item(ui.TextDisplay(_lines(text.people(session, outcomes), seated)))
    box.add_item(ui.TextDisplay(_lines(f"-# {text.coming(session)}", f"-# {text.about(session)}")))
    if reviewed:
        _ask_how_it_went(box, session, session.at - 1)
    actions = (*_go_on_button(session), *(_button(act, timer_id, stage) for act in ("join", "task", "more")))
    box.add_item(ui.ActionRow(*actions))
    if session.asked and (question := text.question(session)):
        box.add_item(ui.TextDisplay(question))
        box.add_item(ui.ActionRow(_button("here", timer_id, stage)))
    return ui.LayoutView(timeout=None).add_item(box)


def recap(
    session: Session, efforts: Sequence[Effort], late: str = "", goals: str = "", picture: Upload | None = None
) -> ui.LayoutView:
    """Show the recap of a session, and today's progress of those who share their ``goals``."""
    colour = _FINISHED if session.ending is Ending.FINISHED else _ENDED
    box = ui.Container[ui.LayoutView](accent_colour=colour)
    box.add_item(ui.TextDisplay(_lines(f"### {text.title(session)}", text.total(efforts), late)))
    if results := text.results(session, efforts):
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(results))
    if picture:
        box.add_item(picture.gallery)
    if goals:
        box.add_item(ui.TextDisplay(goals))
    box.add_item(ui.TextDisplay(f"-# {text.about(session)}"))
    reviewed = [phase for phase in {effort.phase for effort in efforts} if _reviewed(session, phase, efforts)]
    if reviewed:
        _ask_how_it_went(box, session, max(reviewed))
    return ui.LayoutView(timeout=None).add_item(box)


def menu(session: Session, actor: Actor, words: str) -> ui.LayoutView:
    """Offer one person, ephemerally, everything that they may do in a session now, below some ``words``."""
    view = plain(words)
    if session.is_over:
        return view
    timer_id, stage = session.timer.id, session.stage
    if find(session.present, actor.user_id):
        view.add_item(ui.ActionRow(*(_button(act, timer_id, stage) for act in ("me", "leave"))))
    if lookup.may_command(actor, session.timer):
        view.add_item(ui.ActionRow(*_clock_buttons(session)))
    return view


def already_in(session: Session) -> ui.LayoutView:
    """Tell a person who joins again that they are in, with a button to leave."""
    return plain(gettext("You're already in."), _button("leave", session.timer.id, session.stage))


def hidden(session: Session) -> ui.LayoutView:
    """Tell a person who cannot see the channel about a new phase, with a button to leave."""
    return plain(direct_text.hidden(session), _button("leave", session.timer.id, session.stage))


def stranded(session: Session, destinations: Sequence[tuple[int, str]]) -> ui.LayoutView:
    """Tell the host that the session cannot go on where it is, with a button for each channel where it could."""
    timer_id = session.timer.id
    moves = [
        Button(
            "focus",
            "move",
            timer_id,
            channel_id,
            label=gettext("Carry on in #{channel}", channel=name),
            style=_STYLE.primary,
        )
        for channel_id, name in destinations
    ]
    stop = _button("stop", timer_id, session.stage)
    return plain(direct_text.stranded(session, session.timer.owner_id), *moves, stop)


def _colour(session: Session) -> discord.Colour:
    if session.timer.state is State.PAUSED:
        return _PAUSED
    return _COLOUR[session.phase.part] if session.phase else _DOORS


def _go_on_button(session: Session) -> list[Button]:
    """Return the button that restarts a session's clock; none while it runs."""
    timer_id, stage, phase = session.timer.id, session.stage, session.phase
    if phase and session.waiting:
        return [_button("start", timer_id, stage, text.starts(phase))]
    return [_button("resume", timer_id, stage)] if session.timer.state is State.PAUSED else []


def _clock_buttons(session: Session) -> list[Button]:
    timer_id, stage = session.timer.id, session.stage
    first = _go_on_button(session) or [_button("pause", timer_id, stage)]
    skip = _button("skip", timer_id, stage, None if session.phase else gettext("Start now"))
    return [*first, skip, _button("extend", timer_id, stage), _button("stop", timer_id, stage)]


def _reviewed(session: Session, phase: int, efforts: Sequence[Effort]) -> bool:
    """Return whether to ask how a phase went: not after a few seconds of focus, unless the phase was that short."""
    if not (0 <= phase < len(session.plan.phases) and session.plan.phases[phase].is_focus):
        return False
    least = min(_WORTH_ASKING, session.plan.phases[phase].length)
    return any(effort.phase == phase and effort.focused >= least for effort in efforts)


def _ask_how_it_went(box: ui.Container[ui.LayoutView], session: Session, phase: int) -> None:
    box.add_item(ui.TextDisplay(gettext("How did **{phase}** go?", phase=text.name(session, phase))))
    answers = ("done", "partly", "not_yet")
    box.add_item(ui.ActionRow(*(_button(answer, session.timer.id, phase) for answer in answers)))


def _button(action: str, timer_id: int, stage: int, label: str | None = None) -> Button:
    """Make a button that carries the session's stage, by which a press on an old card is recognised.

    For ``done``, ``partly`` and ``not_yet`` that is the phase under review.
    """
    usual, style = _BUTTONS[action]
    return Button("focus", action, timer_id, stage, label=label or gettext(usual), style=style)


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
