"""Buttons and menus under ``remind list here``, a moderator's list of what is pending in a channel."""

from functools import partial

import discord
from discord.ext import commands

from bot.chat.channels.requests import ChannelRequests
from bot.chat.runtime.request_runner import RequestRunner


class ChannelCommands(commands.Cog):
    """Serves the buttons and the menu."""

    def __init__(self, requests: ChannelRequests, runner: RequestRunner) -> None:
        self._requests = requests
        self._press = partial(runner.press, listed="remind list here")

    @commands.Cog.listener()
    async def on_channel_button(self, interaction: discord.Interaction, action: str, *numbers: int) -> None:
        """Serve a button under the list."""
        await self._press(interaction, lambda request: self._requests.press(request, action, numbers))

    @commands.Cog.listener()
    async def on_channel_menu(self, interaction: discord.Interaction, timer_id: int) -> None:
        """Serve the menu of the list."""
        await self._press(interaction, lambda request: self._requests.choose(request, timer_id))
