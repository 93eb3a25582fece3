"""A baseline as in most tutorials: a timer is an ``asyncio.sleep``."""

import asyncio
import os
import time
from typing import Any

import discord
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE = os.environ["DISCORD_API_URL"]
intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
bot = commands.Bot("!", intents=intents, guild_ready_timeout=0.1)


@bot.event
async def setup_hook() -> None:
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL((await bot.http.get_bot_gateway())[1])


@bot.command()
async def pomodoro(context: commands.Context[Any], name: str, seconds: float) -> None:
    due = time.time() + seconds
    await context.reply(f"{name} until {due:.3f}")
    await asyncio.sleep(due - time.time())
    await context.send(f"POMODORO! {name}")


if __name__ == "__main__":
    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)
