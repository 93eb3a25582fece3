"""The buttons of a session: the custom id says what to do, in which session, and at which stage it was shown."""

import re
from typing import Any, Self

import discord
from discord import ui

_STYLE = discord.ButtonStyle
_LABELS = {
    "join": ("Join", _STYLE.success),
    "leave": ("Leave", _STYLE.secondary),
    "task": ("My task", _STYLE.secondary),
    "me": ("Just me ⏯", _STYLE.secondary),
    "pause": ("Pause", _STYLE.secondary),
    "resume": ("Resume", _STYLE.success),
    "start": ("Start", _STYLE.success),
    "skip": ("Skip", _STYLE.secondary),
    "extend": ("+5 min", _STYLE.secondary),
    "stop": ("Stop", _STYLE.danger),
    "here": ("Still here", _STYLE.success),
    "done": ("Done", _STYLE.success),
    "partly": ("Partly", _STYLE.secondary),
    "not_yet": ("Not yet", _STYLE.secondary),
}


class FocusButton(
    ui.DynamicItem[ui.Button[Any]],
    template=rf"focus:(?P<action>{'|'.join(_LABELS)}):(?P<timer_id>\d{{1,18}}):(?P<stage>-?\d{{1,3}})",
):
    """A button that raises the event ``focus_button`` with the interaction, action, timer id and stage.

    ``stage`` is how far the session had come where the button was shown, so that one on an old card is known; for
    ``done``, ``partly`` and ``not_yet`` it is the phase that went so. ``label`` takes the place of the usual one.
    """

    def __init__(self, action: str, timer_id: int, stage: int, label: str | None = None) -> None:
        usual, style = _LABELS[action]
        custom_id = f"focus:{action}:{timer_id}:{stage}"
        super().__init__(ui.Button(label=label or usual, style=style, custom_id=custom_id))
        self._action = action
        self._timer_id = timer_id
        self._stage = stage

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py's signature
        item: ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
    ) -> Self:
        """Make the button of a message that came back from Discord."""
        return cls(match["action"], int(match["timer_id"]), int(match["stage"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on to the cog that listens."""
        interaction.client.dispatch("focus_button", interaction, self._action, self._timer_id, self._stage)
