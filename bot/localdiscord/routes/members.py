"""Routes of members and their voice."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.localdiscord import permissions
from bot.localdiscord.channel import SEATS, STAGE
from bot.localdiscord.errors import DiscordError, invalid
from bot.localdiscord.members import LONGEST_TIMEOUT
from bot.localdiscord.route import Routes
from bot.localdiscord.routes.guilds import guild_of
from bot.localdiscord.wire import moment

if TYPE_CHECKING:
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.guild import Guild, Member
    from bot.localdiscord.route import Answer, Call

routes = Routes()
_IN_VOICE = {"mute": "MUTE_MEMBERS", "deaf": "DEAFEN_MEMBERS", "channel_id": "MOVE_MEMBERS"}
_BY_RANK = {"nick": "MANAGE_NICKNAMES", "communication_disabled_until": "MODERATE_MEMBERS"}
_JUST_NOW = 60.0  # seconds that two clocks may differ, and a request may take
_MEMBER = "/guilds/{guild_id}/members/{user_id}"


def _member(call: Call) -> Member:
    user_id = call.path["user_id"]
    if member := guild_of(call).members.get(user_id):
        return member
    raise DiscordError(10007 if user_id in call.backend.world.users else 10013)


@routes.add("GET", "/guilds/{guild_id}/members", reads="limit after")
async def listed(call: Call) -> Answer:
    """Return a guild's members by id."""
    limit, after = call.query.get("limit", 1), call.query.get("after", 0)
    among = sorted(guild_of(call).members.values(), key=lambda member: int(member.user.id))
    return 200, [member.wire() for member in among if int(member.user.id) > after][:limit]


@routes.add("GET", "/guilds/{guild_id}/members/search", reads="limit query")
async def search(call: Call) -> Answer:
    """Return members whose name begins as asked."""
    start = call.query.get("query", "").lower()
    limit = call.query.get("limit", 1)
    among = guild_of(call).members.values()
    return 200, [
        member.wire() for member in among if (member.nick or member.user.username).lower().startswith(start)
    ][:limit]


@routes.add("GET", _MEMBER)
async def get(call: Call) -> Answer:
    """Return a member."""
    return 200, _member(call).wire()


@routes.add("PATCH", _MEMBER, acts_on="nick mute deaf channel_id communication_disabled_until")
async def change(call: Call) -> Answer:
    """Mute, deafen, move, rename or time out a member; raise 40032 for one who is not in voice."""
    guild, member = guild_of(call), _member(call)
    body = call.form
    _check_rights(call, guild, member)
    target = _seat(call, guild, body.get("channel_id"))
    if "communication_disabled_until" in body:
        call.backend.members.time_out(guild, member, _until(body["communication_disabled_until"]))
    if "nick" in body:
        member.nick = body["nick"] or None
        call.backend.members.tell(guild, member)
    if "mute" in body or "deaf" in body or "channel_id" in body:
        member.mute = bool(body.get("mute", member.mute))
        member.deaf = bool(body.get("deaf", member.deaf))
        if "channel_id" in body:
            call.backend.members.sit(guild, member, target)
        else:
            call.backend.members.tell_voice(guild, member)
    return 200, member.wire()


@routes.add("PATCH", "/guilds/{guild_id}/members/@me", acts_on="nick")
async def change_self(call: Call) -> Answer:
    """Rename the bot."""
    guild = guild_of(call)
    member = guild.members[call.bot_id]
    if "nick" in call.form:
        call.backend.world.require_in_guild(guild, call.bot_id, "CHANGE_NICKNAME")
        member.nick = call.form["nick"] or None
        call.backend.members.tell(guild, member)
    return 200, member.wire()


def _check_rights(call: Call, guild: Guild, member: Member) -> None:
    """Raise where the bot may not change a member so: to rename or silence one its role must be above theirs."""
    body, world = call.form, call.backend.world
    place = world.channels.get(member.voice_channel_id or "")
    for name, needed in _IN_VOICE.items():
        if name in body and place is None:
            raise DiscordError(40032)
        if name in body and place:
            world.require(place, call.bot_id, needed)
    ranked = [needed for name, needed in _BY_RANK.items() if name in body]
    if ranked:
        world.require_in_guild(guild, call.bot_id, *ranked)
        bot = guild.members[call.bot_id]
        if member is not bot and not permissions.outranks(guild, bot, member):
            raise DiscordError(50013)


def _seat(call: Call, guild: Guild, channel_id: str | None) -> Channel | None:
    """Return the channel that somebody is moved to, where the bot may connect itself; raise 10003 elsewhere."""
    if channel_id is None:
        return None
    channel = call.backend.world.channel(channel_id)
    if channel.guild_id != guild.id:
        raise DiscordError(10003)
    if channel.type not in SEATS:
        raise DiscordError(50024)
    call.backend.world.require(channel, call.bot_id, "CONNECT")
    return channel


def _until(text: str | None) -> float | None:
    """Return the Unix time to which a member is timed out; raise 50035 for one that is over 28 days away."""
    if text is None:
        return None
    until = moment(text)
    if until <= time.time():
        return None
    if until > time.time() + LONGEST_TIMEOUT:
        raise invalid(
            "communication_disabled_until", "GUILD_MEMBER_TIMEOUT_TOO_LONG", "Must be within 28 days from now."
        )
    return until


@routes.add(
    "PATCH",
    "/guilds/{guild_id}/voice-states/@me",
    acts_on="suppress request_to_speak_timestamp channel_id",
)
async def change_own_voice(call: Call) -> Answer:
    """Speak on a stage, or ask to; nobody needs leave to be silent."""
    guild = guild_of(call)
    member, stage = _on_stage(call, call.bot_id)
    body = call.form
    if body.get("suppress") is False:
        call.backend.world.require(stage, call.bot_id, "MUTE_MEMBERS")
    if body.get("request_to_speak_timestamp"):
        call.backend.world.require(stage, call.bot_id, "REQUEST_TO_SPEAK")
    if "suppress" in body:
        call.backend.members.suppress(guild, member, suppressed=bool(body["suppress"]))
    if "request_to_speak_timestamp" in body:
        raised_at = body["request_to_speak_timestamp"]
        at = moment(raised_at) if raised_at else None
        if at is not None and at < time.time() - _JUST_NOW:
            raise invalid("request_to_speak_timestamp", "DATE_TIME_TYPE_MIN", "Must be now or in the future.")
        call.backend.members.raise_hand(guild, member, at)
    return 204, None


@routes.add("PATCH", "/guilds/{guild_id}/voice-states/{user_id}", acts_on="suppress channel_id")
async def change_voice(call: Call) -> Answer:
    """Bring a member of a stage's audience up to speak, or send them back."""
    member, stage = _on_stage(call, call.path["user_id"])
    call.backend.world.require(stage, call.bot_id, "MUTE_MEMBERS")
    if "suppress" in call.form:
        call.backend.members.suppress(guild_of(call), member, suppressed=bool(call.form["suppress"]))
    return 204, None


def _on_stage(call: Call, user_id: str) -> tuple[Member, Channel]:
    """Return a member and the stage that they sit in; raise 10065 in none, 50024 in a voice channel."""
    member = guild_of(call).members.get(user_id)
    if member is None or member.voice_channel_id is None:
        raise DiscordError(10065)
    stage = call.backend.world.channel(member.voice_channel_id)
    if stage.type != STAGE or (call.form.get("channel_id") or stage.id) != stage.id:
        raise DiscordError(50024)
    return member, stage


@routes.add("GET", "/guilds/{guild_id}/voice-states/@me")
@routes.add("GET", "/guilds/{guild_id}/voice-states/{user_id}")
async def voice_state(call: Call) -> Answer:
    """Return a member's voice state; raise 10065, or 50001 where the bot may not join them."""
    member = guild_of(call).members.get(call.path.get("user_id", call.bot_id))
    if member is None or member.voice_channel_id is None:
        raise DiscordError(10065)
    if member.user.id != call.bot_id:
        call.backend.world.require(call.backend.world.channel(member.voice_channel_id), call.bot_id)
    return 200, member.voice_wire(call.path["guild_id"])
