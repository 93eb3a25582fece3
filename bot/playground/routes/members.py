"""Routes of members and their voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground import permissions
from bot.playground.errors import DiscordError, Form
from bot.playground.route import Routes
from bot.playground.routes.guilds import found

if TYPE_CHECKING:
    from bot.playground.guild import Member
    from bot.playground.route import Answer, Call

routes = Routes()
_ONE = "/guilds/{guild_id}/members/{user_id}"


def _member(call: Call) -> Member:
    user_id = call.path["user_id"]
    if member := found(call).members.get(user_id):
        return member
    raise DiscordError(10007 if user_id in call.backend.world.users else 10013)


@routes.add("GET", "/guilds/{guild_id}/members")
async def listed(call: Call) -> Answer:
    """Return a guild's members by id."""
    limit = call.number("limit", 1, 1000)
    after = int(call.query.get("after") or 0)
    among = sorted(found(call).members.values(), key=lambda one: int(one.user.id))
    return 200, [one.wire() for one in among if int(one.user.id) > after][:limit]


@routes.add("GET", "/guilds/{guild_id}/members/search")
async def search(call: Call) -> Answer:
    """Return members whose name begins as asked."""
    start = call.query.get("query", "").lower()
    limit = call.number("limit", 1, 1000)
    among = found(call).members.values()
    return 200, [one.wire() for one in among if (one.nick or one.user.username).lower().startswith(start)][:limit]


@routes.add("GET", _ONE)
async def get(call: Call) -> Answer:
    """Return a member."""
    return 200, _member(call).wire()


@routes.add("PATCH", _ONE)
async def change(call: Call) -> Answer:
    """Mute, deafen, move or rename a member; raise 40032 for one who is not in voice."""
    guild, member = found(call), _member(call)
    body = call.form
    for name, needed in (
        ("mute", "MUTE_MEMBERS"),
        ("deaf", "DEAFEN_MEMBERS"),
        ("channel_id", "MOVE_MEMBERS"),
        ("nick", "MANAGE_NICKNAMES"),
    ):
        if name not in body:
            continue
        place = call.backend.world.channels.get(member.voice_channel_id or "")
        if name != "nick" and place is None:
            raise DiscordError(40032)
        if place and name != "nick":
            call.backend.world.require(place, call.bot_id, needed)
        elif not permissions.of_roles(guild, guild.members[call.bot_id]) & permissions.BITS[needed]:
            raise DiscordError(50013)
    if "nick" in body:
        form = Form()
        form.length("nick", body["nick"] or "", 32)
        form.raise_if_any()
        member.nick = body["nick"] or None
        call.backend.events.emit("GUILD_MEMBER_UPDATE", member.wire() | {"guild_id": guild.id}, guild_id=guild.id)
    if "mute" in body or "deaf" in body or "channel_id" in body:
        member.mute = bool(body.get("mute", member.mute))
        member.deaf = bool(body.get("deaf", member.deaf))
        if "channel_id" in body:
            target = body["channel_id"]
            call.backend.places.sit(guild, member, call.backend.world.channel(target) if target else None)
        else:
            call.backend.places.tell_voice(guild, member)
    return 200, member.wire()


@routes.add("PATCH", "/guilds/{guild_id}/members/@me")
async def change_self(call: Call) -> Answer:
    """Rename the bot."""
    guild = found(call)
    member = guild.members[call.bot_id]
    if "nick" in call.form:
        member.nick = call.form["nick"] or None
        call.backend.events.emit("GUILD_MEMBER_UPDATE", member.wire() | {"guild_id": guild.id}, guild_id=guild.id)
    return 200, member.wire()


@routes.add("GET", "/guilds/{guild_id}/voice-states/@me")
@routes.add("GET", "/guilds/{guild_id}/voice-states/{user_id}")
async def voice_state(call: Call) -> Answer:
    """Return a member's voice state; raise 10065."""
    member = found(call).members.get(call.path.get("user_id", call.bot_id))
    if member is None or member.voice_channel_id is None:
        raise DiscordError(10065)
    return 200, member.voice_wire(call.path["guild_id"])
