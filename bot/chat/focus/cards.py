"""The cards of a session: live, and as a recap once it is over, with the buttons under them."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.chat.components.button import Button
from bot.chat.focus import text
from bot.domain.focus.participant import Effort
from bot.domain.focus.plan import Part
from bot.domain.focus.session import Ending, Session
from bot.domain.timers.timer import State
from bot.messages.catalogue import N_, gettext

_COLOUR = {
    Part.FOCUS: discord.Colour(0xE5533D),
    Part.SHORT: discord.Colour(0x3FA45B),
    Part.LONG: discord.Colour(0x2E9CCA),
}
_STYLE = discord.ButtonStyle
_BUTTONS = {
    "join": (N_("Join"), _STYLE.success),
    "leave": (N_("Leave"), _STYLE.secondary),
    "task": (N_("My task"), _STYLE.secondary),
    "me": (N_("Just me ⏯"), _STYLE.secondary),
    "pause": (N_("Pause"), _STYLE.secondary),
    "resume": (N_("Resume"), _STYLE.success),
    "start": (N_("Start"), _STYLE.success),
    "skip": (N_("Skip"), _STYLE.secondary),
    "extend": (N_("+5 min"), _STYLE.secondary),
    "stop": (N_("Stop"), _STYLE.danger),
    "here": (N_("Still here"), _STYLE.success),
    "done": (N_("Done"), _STYLE.success),
    "partly": (N_("Partly"), _STYLE.secondary),
    "not_yet": (N_("Not yet"), _STYLE.secondary),
}
_DOORS, _PAUSED = discord.Colour(0x5865F2), discord.Colour(0xE0A526)
_FINISHED, _ENDED = discord.Colour(0x3FA45B), discord.Colour(0x80848E)


def newest(session: Session, efforts: Sequence[Effort], late: str = "", goals: str = "") -> ui.LayoutView:
    """Show a session as it stands: its live card, or its recap. ``late`` goes below the title.

    It mentions everybody who is called at a change of phase, so it announces the phase as well.
    """
    return recap(session, efforts, late, goals) if session.is_over else live(session, late)


def live(session: Session, late: str = "") -> ui.LayoutView:
    """Show a running session; it needs no edits to count down, since Discord's clients do that."""
    timer_id, stage = session.timer.id, session.stage
    box = ui.Container[ui.LayoutView](accent_colour=_colour(session))
    box.add_item(ui.TextDisplay(_lines(f"### {text.title(session)}", text.status(session), late)))
    box.add_item(ui.TextDisplay(text.bar(session)))
    box.add_item(ui.Separator())
    box.add_item(ui.TextDisplay(text.people(session)))
    box.add_item(ui.TextDisplay(_lines(f"-# {text.coming(session)}", f"-# {text.about(session)}")))
    box.add_item(ui.ActionRow(*(_button(act, timer_id, stage) for act in ("join", "leave", "task", "me"))))
    box.add_item(ui.ActionRow(*_clock_buttons(session)))
    if session.asked and (question := text.question(session)):
        box.add_item(ui.TextDisplay(question))
        box.add_item(ui.ActionRow(_button("here", timer_id, stage)))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    before = session.at - 1
    if before >= 0 and session.plan.phases[before].is_focus:
        _add_review(view, session, before)
    return view


def recap(session: Session, efforts: Sequence[Effort], late: str = "", goals: str = "") -> ui.LayoutView:
    """Show the recap of a session, and today's progress of those who share their ``goals``."""
    colour = _FINISHED if session.ending is Ending.FINISHED else _ENDED
    box = ui.Container[ui.LayoutView](accent_colour=colour)
    box.add_item(ui.TextDisplay(_lines(f"### {text.title(session)}", text.total(efforts), late)))
    if results := text.results(session, efforts):
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(results))
    if goals:
        box.add_item(ui.TextDisplay(goals))
    box.add_item(ui.TextDisplay(f"-# {text.about(session)}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    if efforts:
        _add_review(view, session, max(effort.phase for effort in efforts))
    return view


def _colour(session: Session) -> discord.Colour:
    if session.timer.state is State.PAUSED:
        return _PAUSED
    return _COLOUR[session.phase.part] if session.phase else _DOORS


def _clock_buttons(session: Session) -> list[Button]:
    timer_id, stage, phase = session.timer.id, session.stage, session.phase
    if phase and session.waiting:
        first = _button("start", timer_id, stage, text.starts(phase))
    else:
        first = _button("resume" if session.timer.state is State.PAUSED else "pause", timer_id, stage)
    skip = _button("skip", timer_id, stage, None if phase else gettext("Start now"))
    return [first, skip, _button("extend", timer_id, stage), _button("stop", timer_id, stage)]


def _add_review(view: ui.LayoutView, session: Session, phase: int) -> None:
    """Ask how a focus phase went."""
    view.add_item(ui.TextDisplay(gettext("How did **{phase}** go?", phase=text.name(session, phase))))
    answers = ("done", "partly", "not_yet")
    view.add_item(ui.ActionRow(*(_button(answer, session.timer.id, phase) for answer in answers)))


def _button(action: str, timer_id: int, stage: int, label: str | None = None) -> Button:
    """Make a button with the session's stage when it was shown, by which a button on an old card is recognised.

    For ``done``, ``partly`` and ``not_yet`` that is the phase under review.
    """
    usual, style = _BUTTONS[action]
    return Button("focus", action, timer_id, stage, label=label or gettext(usual), style=style)


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
