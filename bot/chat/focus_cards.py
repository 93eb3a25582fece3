"""The cards of a session: how it looks while it goes on and once it is over, and the buttons under it."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.chat import focus_text as text
from bot.chat.views.focus_button import FocusButton
from bot.domain.participant import Effort
from bot.domain.plan import Part
from bot.domain.session import Ending, Session
from bot.domain.timer import State

_COLOUR = {
    Part.FOCUS: discord.Colour(0xE5533D),
    Part.SHORT: discord.Colour(0x3FA45B),
    Part.LONG: discord.Colour(0x2E9CCA),
}
_DOORS, _PAUSED = discord.Colour(0x5865F2), discord.Colour(0xE0A526)
_FINISHED, _ENDED = discord.Colour(0x3FA45B), discord.Colour(0x80848E)


def newest(session: Session, efforts: Sequence[Effort], late: str = "") -> ui.LayoutView:
    """Show a session as it stands: its live card, or what has come of it. ``late`` is said below the title.

    Everybody whom a change of phase calls is mentioned on it, so that it announces the phase as well.
    """
    return recap(session, efforts, late) if session.is_over else live(session, late)


def live(session: Session, late: str = "") -> ui.LayoutView:
    """Show a session that goes on; it needs no edit to count down, for Discord's clients do."""
    timer_id, stage = session.timer.id, session.stage
    box = ui.Container[ui.LayoutView](accent_colour=_colour(session))
    box.add_item(ui.TextDisplay(_lines(f"### {text.title(session)}", text.status(session), late)))
    box.add_item(ui.TextDisplay(text.bar(session)))
    box.add_item(ui.Separator())
    box.add_item(ui.TextDisplay(text.people(session)))
    box.add_item(ui.TextDisplay(_lines(f"-# {text.coming(session)}", f"-# {text.about(session)}")))
    box.add_item(ui.ActionRow(*(FocusButton(act, timer_id, stage) for act in ("join", "leave", "task", "me"))))
    box.add_item(ui.ActionRow(*_clock_buttons(session)))
    if session.asked and (question := text.question(session)):
        box.add_item(ui.TextDisplay(question))
        box.add_item(ui.ActionRow(FocusButton("here", timer_id, stage)))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    before = session.at - 1
    if before >= 0 and session.plan.phases[before].is_focus:
        _add_review(view, session, before)
    return view


def recap(session: Session, efforts: Sequence[Effort], late: str = "") -> ui.LayoutView:
    """Show what has come of a session that is over."""
    colour = _FINISHED if session.ending is Ending.FINISHED else _ENDED
    box = ui.Container[ui.LayoutView](accent_colour=colour)
    box.add_item(ui.TextDisplay(_lines(f"### {text.title(session)}", text.total(efforts), late)))
    if results := text.results(session, efforts):
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(results))
    box.add_item(ui.TextDisplay(f"-# {text.about(session)}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    if efforts:
        _add_review(view, session, max(effort.phase for effort in efforts))
    return view


def words(said: str) -> ui.LayoutView:
    """Show nothing but words."""
    view = ui.LayoutView(timeout=None)
    return view.add_item(ui.TextDisplay(said))


def _colour(session: Session) -> discord.Colour:
    if session.timer.state is State.PAUSED:
        return _PAUSED
    return _COLOUR[session.phase.part] if session.phase else _DOORS


def _clock_buttons(session: Session) -> list[FocusButton]:
    timer_id, stage, phase = session.timer.id, session.stage, session.phase
    if phase and session.waiting:
        first = FocusButton("start", timer_id, stage, text.starts(phase))
    else:
        first = FocusButton("resume" if session.timer.state is State.PAUSED else "pause", timer_id, stage)
    skip = FocusButton("skip", timer_id, stage, None if phase else "Start now")
    return [first, skip, FocusButton("extend", timer_id, stage), FocusButton("stop", timer_id, stage)]


def _add_review(view: ui.LayoutView, session: Session, phase: int) -> None:
    """Ask how a focus phase went."""
    view.add_item(ui.TextDisplay(f"How did **{text.name(session, phase)}** go?"))
    answers = ("done", "partly", "not_yet")
    view.add_item(ui.ActionRow(*(FocusButton(answer, session.timer.id, phase) for answer in answers)))


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
