"""The task form: what people will do, and how to notify them of each phase."""

from typing import Any

import discord
from discord import ui

from bot.chat.components.form import Form, Given
from bot.domain.focus.participant import Notify
from bot.messages.catalogue import N_, gettext

LONGEST_TASK = 200
_WAYS = {
    Notify.PING: (N_("Mention me"), N_("at each change of phase")),
    Notify.SILENT: (N_("Not at all"), N_("I look at the card myself")),
    Notify.DM: (N_("Direct message"), N_("where I can be reached")),
}


class TaskForm(Form):
    """``action`` is ``join`` or ``task``; ``task`` and ``notify`` are the person's current values."""

    def __init__(
        self, action: str, timer_id: int, stage: int, task: str | None = None, notify: Notify = Notify.PING
    ) -> None:
        # Whoever joins is in already, even if they dismiss the form.
        is_new = action == "join"
        title = gettext("You are in. What will you do?") if is_new else gettext("What will you do?")
        super().__init__("focus", action, timer_id, stage, title=title)
        words: ui.TextInput[Any] = ui.TextInput(
            custom_id="task",
            required=False,
            max_length=LONGEST_TASK,
            default=task,
            placeholder=gettext("The essay's first page"),
        )
        ways: ui.Select[Any] = ui.Select(
            custom_id="notify",
            options=[
                discord.SelectOption(
                    label=gettext(label), description=gettext(about), value=way, default=way is notify
                )
                for way, (label, about) in _WAYS.items()
            ],
        )
        shown = gettext("Others see it; leave it empty for none")
        self.add_item(ui.Label(text=gettext("Your task"), description=shown, component=words))
        self.add_item(ui.Label(text=gettext("How shall I tell you of a new phase?"), component=ways))


def read(given: Given) -> tuple[str | None, Notify]:
    """Return the task, None if left empty, and how to notify the person."""
    task = str(given.get("task") or "").strip() or None
    return task, Notify((given.get("notify") or [Notify.PING])[0])
