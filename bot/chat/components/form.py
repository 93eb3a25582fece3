"""Forms: modals whose custom ids hold all state, so that several people can submit them, even after a restart."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import discord
from discord import ui

from bot.messages.catalogue import Template, gettext

CUSTOM_ID = re.compile(
    r"(?P<kind>focus|start|reminder|log)_form:(?P<action>[a-z]+):(?P<numbers>-?\d{1,20}(?::-?\d{1,20})*)"
)

# The submitted values by the fields' custom ids: text as a string, choices as a list.
FormValues = dict[str, Any]


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
        label: Template,
        most: int,
        placeholder: str | None = None,
        *,
        default: str | None = None,
        hint: str | None = None,
        required: bool = True,
        is_long: bool = False,
    ) -> None:
        """Ask for a text of ``most`` characters, which is submitted under a name; ``hint`` goes below its label.

        A template is translated; any other placeholder or hint is shown as it is.
        """
        words: ui.TextInput[Any] = ui.TextInput(
            custom_id=name,
            placeholder=_translated(placeholder),
            default=default or None,
            required=required,
            style=discord.TextStyle.long if is_long else discord.TextStyle.short,
            max_length=most,
        )
        self._add(label, words, hint)

    def add_choice(
        self, name: str, label: Template, options: Sequence[discord.SelectOption], *, several: bool = False
    ) -> None:
        """Ask to choose one of the options, or ``several`` or none of them."""
        least, most = (0, len(options)) if several else (1, 1)
        chosen: ui.Select[Any] = ui.Select(
            custom_id=name, options=list(options), required=not several, min_values=least, max_values=most
        )
        self._add(label, chosen)

    def add_channel(self, name: str, label: Template, hint: Template, types: list[discord.ChannelType]) -> None:
        """Ask for a channel of these types, which may be left out."""
        channel: ui.ChannelSelect[Any] = ui.ChannelSelect(
            custom_id=name, channel_types=types, required=False, min_values=0
        )
        self._add(label, channel, hint)

    def _add(self, label: Template, field: ui.Item[Any], hint: str | None = None) -> None:
        self.add_item(ui.Label(text=gettext(label), description=_translated(hint), component=field))


def _translated(text: str | None) -> str | None:
    return gettext(text) if isinstance(text, Template) else text


def option(
    value: str, label: Template, about: Template | None = None, *, default: bool = False
) -> discord.SelectOption:
    """Return an option of a choice; ``about`` goes below its label."""
    described = about and gettext(about)
    return discord.SelectOption(label=gettext(label), description=described, value=value, default=default)


def dispatch(interaction: discord.Interaction[Any]) -> None:
    """Dispatch the event if this is a submitted form."""
    data: Any = interaction.data
    if interaction.type is not discord.InteractionType.modal_submit:
        return
    if match := CUSTOM_ID.fullmatch(data["custom_id"]):
        values: FormValues = dict(_fields(data["components"]))
        numbers = map(int, match["numbers"].split(":"))
        interaction.client.dispatch(f"{match['kind']}_form", interaction, match["action"], values, *numbers)


def _fields(components: list[Any]) -> Iterator[tuple[str, Any]]:
    for outer in components:
        field = outer.get("component", {})
        if "custom_id" in field:
            yield field["custom_id"], field.get("values", field.get("value"))
