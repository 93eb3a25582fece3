"""A baseline as in the original tutorial: a timer is a thread that sleeps a second at a time."""

import asyncio
import os
import time
from threading import Thread
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


def count(context: commands.Context[Any], name: str, seconds: int) -> None:
    cur_time = 0
    while cur_time < seconds:
        time.sleep(1)
        cur_time += 1
    asyncio.run_coroutine_threadsafe(context.send(f"POMODORO! {name}"), bot.loop)


@bot.command()
async def pomodoro(context: commands.Context[Any], name: str, seconds: int) -> None:
    due = time.time() + seconds
    Thread(target=count, args=(context, name, seconds), daemon=True).start()
    await context.reply(f"{name} until {due:.3f}")


if __name__ == "__main__":
    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)
