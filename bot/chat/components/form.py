"""Forms: modals whose custom ids hold all state, so that several people can submit them, even after a restart."""

import re
from collections.abc import Iterator
from typing import Any

import discord
from discord import ui

CUSTOM_ID = re.compile(
    r"(?P<kind>focus|start|reminder|log)_form:(?P<action>[a-z]+):(?P<numbers>-?\d{1,20}(?::-?\d{1,20})*)"
)

# The submitted values by the fields' custom ids: text as a string, choices as a list.
Given = dict[str, Any]


class Form(ui.Modal):
    """A form that dispatches ``{kind}_form`` with interaction, action, values and numbers when submitted."""

    def __init__(self, kind: str, action: str, *numbers: int, title: str) -> None:
        super().__init__(title=title, custom_id=":".join((f"{kind}_form", action, *map(str, numbers))))
        # A stopped form is shown like any other, but discord.py does not keep it: it would take one submission
        # only, though many people can have the same form open.
        self.stop()

    def add_text(
        self,
        name: str,
        label: str,
        most: int,
        placeholder: str = "",
        *,
        default: str | None = None,
        hint: str | None = None,
        required: bool = True,
        is_long: bool = False,
    ) -> None:
        """Ask for a text of ``most`` characters, which is submitted under a name; ``hint`` goes below its label."""
        words: ui.TextInput[Any] = ui.TextInput(
            custom_id=name,
            placeholder=placeholder or None,
            default=default or None,
            required=required,
            style=discord.TextStyle.long if is_long else discord.TextStyle.short,
            max_length=most,
        )
        self.add_item(ui.Label(text=label, description=hint, component=words))


def pass_on(interaction: discord.Interaction[Any]) -> None:
    """Dispatch the event if this is a submitted form."""
    data: Any = interaction.data
    if interaction.type is not discord.InteractionType.modal_submit:
        return
    if match := CUSTOM_ID.fullmatch(data["custom_id"]):
        given: Given = dict(_fields(data["components"]))
        numbers = map(int, match["numbers"].split(":"))
        interaction.client.dispatch(f"{match['kind']}_form", interaction, match["action"], given, *numbers)


def _fields(components: list[Any]) -> Iterator[tuple[str, Any]]:
    for outer in components:
        field = outer.get("component", {})
        if "custom_id" in field:
            yield field["custom_id"], field.get("values", field.get("value"))
