"""The check-up: tests a bot's token, intents and permissions against Discord itself, over REST."""

import asyncio
from dataclasses import dataclass

import aiohttp
import discord
from discord.http import Route

from bot.chat.runtime.http_trace import seconds_ahead
from bot.engine.clock import Clock

# Seconds for all of it; discord.py itself would try for longer.
_LONGEST = 15.0
_PORTAL = "https://discord.com/developers/applications"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check, in a line; if it failed, with the remedy."""

    is_well: bool
    about: str
    text: str


async def check_up(
    api_url: str, token: str, *, message_content: bool, members: bool, channel_id: int | None, clock: Clock
) -> list[Finding]:
    """Check the token, the intents, the clock and a channel; what cannot be checked has no finding."""
    skews: list[float | None] = []

    async def after(_: object, __: object, request: aiohttp.TraceRequestEndParams) -> None:
        skews.append(seconds_ahead(clock.now(), request.response.headers.get("Date")))

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(after)
    Route.BASE = api_url
    client = discord.Client(intents=discord.Intents.none(), http_trace=trace)
    findings = []
    try:
        async with asyncio.timeout(_LONGEST):
            await client.login(token)
            findings.append(Finding(True, "token", f"Discord accepts it as that of {client.user}"))
            findings.append(_intents(client, message_content=message_content, members=members))
            if channel_id is not None:
                findings.append(await _channel(client, channel_id))
    except discord.LoginFailure:
        text = f"Discord rejects DISCORD_TOKEN: copy it again from {_PORTAL} (Bot, Reset Token)"
        findings.append(Finding(False, "token", text))
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
        text = f"{api_url} cannot be used ({type(error).__name__}): check the network and DISCORD_API_URL"
        findings.append(Finding(False, "Discord", text))
    finally:
        await client.close()
    return [*findings, *([_clock(skews[-1])] if skews else [])]


def _intents(client: discord.Client, *, message_content: bool, members: bool) -> Finding:
    assert client.application
    flags = client.application.flags
    if members and not (flags.gateway_guild_members or flags.gateway_guild_members_limited):
        mend = f"turn it on at {_PORTAL} (Bot), or set MEMBERS_INTENT=false"
        return Finding(False, "intents", f"Server Members is off: {mend}")
    if not message_content:
        return Finding(True, "intents", "none is needed, as MESSAGE_CONTENT=false")
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return Finding(True, "intents", "Message Content is on")
    mend = f"turn it on at {_PORTAL} (Bot), or set MESSAGE_CONTENT=false"
    return Finding(False, "intents", f"Message Content is off: {mend}")


async def _channel(client: discord.Client, channel_id: int) -> Finding:
    try:
        channel = await client.fetch_channel(channel_id)
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return Finding(True, "channel", "it is a direct message, where everything is allowed")
        assert client.user
        guild = await client.fetch_guild(channel.guild.id)
        me = await guild.fetch_member(client.user.id)
        in_thread = isinstance(channel, discord.Thread)
        # A thread has the permissions of its channel.
        place = await guild.fetch_channel(channel.parent_id if isinstance(channel, discord.Thread) else channel.id)
    except discord.NotFound:
        return Finding(False, "channel", f"{channel_id} does not exist: copy the id from the channel's menu")
    except discord.Forbidden:
        text = f"the bot cannot see {channel_id}: invite it to the server, and allow it View Channel there"
        return Finding(False, "channel", text)
    may = place.permissions_for(me)
    needed = discord.Permissions(view_channel=True, read_message_history=True)
    needed.update(**{"send_messages_in_threads" if in_thread else "send_messages": True})
    lacking = [name for name, is_lacking in discord.Permissions(needed.value & ~may.value) if is_lacking]
    if lacking:
        names = ", ".join(name.replace("_", " ").title() for name in lacking)
        return Finding(False, "channel", f"the bot lacks {names} there: allow it in the channel's settings")
    return Finding(True, "channel", "the bot can see it, post there and read its history")


def _clock(ahead: float | None) -> Finding:
    if ahead is None:
        return Finding(True, "clock", "not compared: the answers carry no date")
    if not ahead:
        return Finding(True, "clock", "within two seconds of Discord's")
    side = "ahead of" if ahead > 0 else "behind"
    text = f"{abs(ahead):,.0f} s {side} Discord's: set it by NTP, or timers end at the wrong time"
    return Finding(False, "clock", text)
