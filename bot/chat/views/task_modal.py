"""The form in which people say what they will do, and how they want to be told of each phase."""

import re
from collections.abc import Iterator
from typing import Any

import discord
from discord import ui

from bot.domain.participant import Notify

LONGEST_TASK = 200
_CUSTOM_ID = re.compile(r"focus_form:(?P<action>join|task):(?P<timer_id>\d{1,18}):(?P<stage>-?\d{1,3})")
_WAYS = {
    Notify.PING: ("Mention me", "at each change of phase"),
    Notify.SILENT: ("Not at all", "I look at the card myself"),
    Notify.DM: ("Direct message", "where I can be reached"),
}


class TaskModal(ui.Modal):
    """A form whose custom id says all, so that it can be sent in after a restart too: see ``pass_on``.

    ``action`` is what it is for, ``join`` or ``task``; ``task`` and ``notify`` are what the person has said so far.
    """

    def __init__(
        self, action: str, timer_id: int, stage: int, task: str | None = None, notify: Notify = Notify.PING
    ) -> None:
        # Whoever joins is in already, also where the form is closed without a word.
        title = "You are in. What will you do?" if action == "join" else "What will you do?"
        super().__init__(title=title, custom_id=f"focus_form:{action}:{timer_id}:{stage}")
        words: ui.TextInput[Any] = ui.TextInput(
            custom_id="task",
            required=False,
            max_length=LONGEST_TASK,
            default=task,
            placeholder="The essay's first page",
        )
        ways: ui.Select[Any] = ui.Select(
            custom_id="notify",
            options=[
                discord.SelectOption(label=label, description=about, value=way, default=way is notify)
                for way, (label, about) in _WAYS.items()
            ],
        )
        shown = "Others see it; leave it empty for none"
        self.add_item(ui.Label(text="Your task", description=shown, component=words))
        self.add_item(ui.Label(text="How shall I tell you of a new phase?", component=ways))
        # A form that has stopped is shown like any other, but discord.py does not keep it: it would take one answer
        # only, though many people can have the same form open.
        self.stop()


def pass_on(interaction: discord.Interaction[Any]) -> None:
    """Where this is a form sent in, raise ``focus_form``.

    The event has the interaction, action, timer id, stage, task (None where it was left empty) and ``Notify``.
    """
    data: Any = interaction.data
    if interaction.type is not discord.InteractionType.modal_submit:
        return
    if match := _CUSTOM_ID.fullmatch(data["custom_id"]):
        given = dict(_fields(data["components"]))
        task = str(given.get("task") or "").strip() or None
        notify = Notify((given.get("notify") or [Notify.PING])[0])
        where = int(match["timer_id"]), int(match["stage"])
        interaction.client.dispatch("focus_form", interaction, match["action"], *where, task, notify)


def _fields(components: list[Any]) -> Iterator[tuple[str, Any]]:
    for outer in components:
        field = outer.get("component", {})
        if "custom_id" in field:
            yield field["custom_id"], field.get("values", field.get("value"))
