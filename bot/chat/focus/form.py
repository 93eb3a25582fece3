"""The forms of sessions: what somebody will do and how to notify them, and to start one with all of its options."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import ui

from bot.chat.components.form import Form, Given
from bot.chat.components.given import chosen, line, unknown
from bot.domain.focus.participant import Notification, Participant
from bot.domain.focus.session import Session
from bot.messages.catalogue import N_, gettext

# The value of the plan that asks for the form of a start; no plan has such a name.
MORE = "more …"
_LONGEST_TASK, _LONGEST_PLAN, _LONGEST_START = 200, 400, 40
_VOICE = [discord.ChannelType.voice, discord.ChannelType.stage_voice]
_SHOWN = N_("Others can see this. You can leave it empty.")
_WAYS = {
    Notification.PING: (N_("Ping me"), N_("when the phase changes")),
    Notification.SILENT: (N_("Stay quiet"), N_("I'll watch the card myself")),
    Notification.DM: (N_("DM me"), N_("when the phase changes, privately")),
}


def of_task(action: str, session: Session, person: Participant) -> Form:
    """Ask somebody what they will do and how to notify them, as they ``join`` or for a new ``task``."""
    # Whoever joins is in already, even if they dismiss the form.
    is_new = action == "join"
    title = gettext("You're in! What are you working on?") if is_new else gettext("What are you working on?")
    form = Form("focus", action, session.timer.id, session.stage, title=title)
    example, hint = gettext("The essay's first page"), gettext(_SHOWN)
    form.add_text(
        "task", gettext("Your task"), _LONGEST_TASK, example, default=person.task, hint=hint, required=False
    )
    options = [
        discord.SelectOption(
            label=gettext(label), description=gettext(about), value=way, default=way is person.notify
        )
        for way, (label, about) in _WAYS.items()
    ]
    ways: ui.Select[Any] = ui.Select(custom_id="notify", options=options)
    return form.add_item(ui.Label(text=gettext("How should I let you know about a new phase?"), component=ways))


def read_task(given: Given) -> tuple[str | None, Notification]:
    """Return the task, None if left empty, and how to notify the person. Raises ``UserError``."""
    way = chosen(given, "notify") or Notification.PING
    if way not in list(Notification):
        raise unknown()
    return line(given, "task", _LONGEST_TASK) or None, Notification(way)


def of_start(task: str | None) -> Form:
    """Ask for a plan, a task, when to begin, a voice channel, and how phases change."""
    form = Form("start", "new", 0, title=gettext("Start a session"))
    plans = gettext("deep; focus 50 short 10 rounds 3; 10m warm-up, 3x(40m focus, 8m break), 30m lunch")
    usual = gettext("Leave it empty for the usual one")
    form.add_text("plan", gettext("Plan"), _LONGEST_PLAN, plans, hint=usual, required=False, is_long=True)
    default, hint = task and task[:_LONGEST_TASK], gettext(_SHOWN)
    form.add_text("task", gettext("Your task"), _LONGEST_TASK, default=default, hint=hint, required=False)
    moments = gettext("in 10m; at 14:00")
    until = gettext("Leave it empty to start now; people can join before it starts")
    form.add_text("start", gettext("When to start"), _LONGEST_START, moments, hint=until, required=False)
    channel: ui.ChannelSelect[Any] = ui.ChannelSelect(
        custom_id="voice", channel_types=_VOICE, required=False, min_values=0
    )
    linked = gettext("The card shows who's in this voice channel")
    form.add_item(ui.Label(text=gettext("Voice channel"), description=linked, component=channel))
    manual = discord.SelectOption(label=gettext("Phases start by hand"), value="manual")
    warn = discord.SelectOption(label=gettext("1-minute warning before a phase ends"), value="warn")
    ways: ui.Select[Any] = ui.Select(
        custom_id="ways", options=[manual, warn], required=False, min_values=0, max_values=2
    )
    form.add_item(ui.Label(text=gettext("Between phases"), component=ways))
    return form


def read_start(given: Given) -> Mapping[str, object]:
    """Return the options of a start, by their names. Raises ``UserError``."""
    ways = given.get("ways")
    ways = ways if isinstance(ways, list) else []
    channel = chosen(given, "voice")
    return {
        "plan": line(given, "plan", _LONGEST_PLAN) or None,
        "task": line(given, "task", _LONGEST_TASK) or None,
        "start": line(given, "start", _LONGEST_START) or None,
        "voice": f"<#{channel}>" if channel else None,
        "auto": "manual" not in ways,
        "warn": "warn" in ways,
    }
