"""The forms of sessions: a participant's task and notification, and a start with all of its options."""

from collections.abc import Mapping

import discord

from bot.chat.components.form import Form, FormValues, option
from bot.chat.components.validation import selected, text_of, unknown
from bot.domain.focus.participant import Notification, Participant
from bot.domain.focus.session import Session
from bot.domain.timers import name
from bot.messages.catalogue import N_, gettext

# The value of the plan that asks for the form of a start; no plan has such a name.
MORE = "more …"
_LONGEST_TASK, _LONGEST_PLAN, _LONGEST_START = 200, 400, 40
_VOICE = [discord.ChannelType.voice, discord.ChannelType.stage_voice]
_TASK = N_("Your task")
_SHOWN = N_("Others can see this. You can leave it empty.")
_WAYS = {
    Notification.PING: (N_("Ping me"), N_("when the phase changes")),
    Notification.SILENT: (N_("Stay quiet"), N_("I'll watch the card myself")),
    Notification.DM: (N_("DM me"), N_("when the phase changes, privately")),
}


def of_task(action: str, session: Session, person: Participant) -> Form:
    """Ask a person for their task and notification, as they ``join`` or for a new ``task``."""
    # A person who joins is in already, even if they dismiss the form.
    is_new = action == "join"
    title = gettext("You're in! What are you working on?") if is_new else gettext("What are you working on?")
    form = Form("focus", action, session.timer.id, session.stage, title=title)
    example = N_("The essay's first page")
    form.add_text("task", _TASK, _LONGEST_TASK, example, default=person.task, hint=_SHOWN, required=False)
    ways = [option(way, label, about, default=way is person.notify) for way, (label, about) in _WAYS.items()]
    form.add_choice("notify", N_("How should I let you know about a new phase?"), ways)
    return form


def read_task(values: FormValues) -> tuple[str | None, Notification]:
    """Return the task, None if left empty, and how to notify the person. Raises ``UserError``."""
    way = selected(values, "notify") or Notification.PING
    if way not in list(Notification):
        raise unknown()
    task = text_of(values, "task", _LONGEST_TASK)
    # It may be longer once it is normalised, and fill no such form any more.
    return None if name.is_blank(task) else name.clean(task, longest=_LONGEST_TASK, example=None), Notification(way)


def of_start(task: str | None) -> Form:
    """Ask for a plan, a task, when to begin, a voice channel, and how phases change."""
    form = Form("start", "new", 0, title=gettext("Start a session"))
    plans = N_("deep; focus 50 short 10 rounds 3; 10m warm-up, 3x(40m focus, 8m break), 30m lunch")
    usual = N_("Leave it empty for the usual one")
    form.add_text("plan", N_("Plan"), _LONGEST_PLAN, plans, hint=usual, required=False, is_long=True)
    form.add_text("task", _TASK, _LONGEST_TASK, default=task and task[:_LONGEST_TASK], hint=_SHOWN, required=False)
    until = N_("Leave it empty to start now; people can join before it starts")
    moments = N_("in 10m; at 14:00")
    form.add_text("start", N_("When to start"), _LONGEST_START, moments, hint=until, required=False)
    form.add_channel("voice", N_("Voice channel"), N_("The card shows who's in this voice channel"), _VOICE)
    manual = option("manual", N_("Phases start by hand"))
    warn = option("warn", N_("1-minute warning before a phase ends"))
    form.add_choice("ways", N_("Between phases"), [manual, warn], several=True)
    return form


def read_start(values: FormValues) -> Mapping[str, object]:
    """Return the options of a start, by their names. Raises ``UserError``."""
    ways = values.get("ways")
    ways = ways if isinstance(ways, list) else []
    channel = selected(values, "voice")
    return {
        "plan": text_of(values, "plan", _LONGEST_PLAN) or None,
        "task": text_of(values, "task", _LONGEST_TASK) or None,
        "start": text_of(values, "start", _LONGEST_START) or None,
        "voice": f"<#{channel}>" if channel else None,
        "auto": "manual" not in ways,
        "warn": "warn" in ways,
    }
