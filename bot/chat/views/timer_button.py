"""The buttons of a timer: its custom id says what to do to which timer, so that it works after a restart."""

import re
from typing import Any, Self

import discord
from discord import ui

_LABELS = {
    "pause": ("Pause", discord.ButtonStyle.secondary),
    "resume": ("Resume", discord.ButtonStyle.success),
    "extend": ("+5 min", discord.ButtonStyle.secondary),
    "cancel": ("Cancel", discord.ButtonStyle.danger),
    "again": ("Again", discord.ButtonStyle.success),
    "overtime": ("+5 min", discord.ButtonStyle.secondary),
}


class TimerButton(
    ui.DynamicItem[ui.Button[Any]],
    template=rf"timer:(?P<action>{'|'.join(_LABELS)}):(?P<timer_id>\d{{1,18}})",
):
    """A button that, pressed, raises the event ``timer_button`` with the interaction, action and timer id."""

    def __init__(self, action: str, timer_id: int) -> None:
        label, style = _LABELS[action]
        super().__init__(ui.Button(label=label, style=style, custom_id=f"timer:{action}:{timer_id}"))
        self._action = action
        self._timer_id = timer_id

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py's signature
        item: ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
    ) -> Self:
        """Make the button of a message that came back from Discord."""
        return cls(match["action"], int(match["timer_id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on to the cog that listens."""
        interaction.client.dispatch("timer_button", interaction, self._action, self._timer_id)
