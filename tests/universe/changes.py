"""Changes: what becomes of the places and people that the bot serves."""

import asyncio
import random
from typing import TYPE_CHECKING, Any

from tests.universe.rights import STALE

if TYPE_CHECKING:
    from tests.universe.disasters import Disaster
    from tests.universe.human import Human
    from tests.universe.promise import Promise
    from tests.universe.universe import Universe

# How much longer rights are gone than other things go wrong.
_LONGER = 80
_LONGEST = 1800.0


def _some_channel(universe: "Universe", chance: random.Random) -> Any:
    channels = [
        channel for channel in universe.local.world.channels.values() if channel.type == 0 and channel.guild_id
    ]
    return chance.choice([channel for channel in channels if universe.local.world.bot_at(channel)] or channels)


async def channel_deleted(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Delete a channel in which people use the bot."""
    channel = _some_channel(universe, chance)
    universe.judge.disturb(channel.id, 1e9)
    universe.local.delete_channel(channel)


async def muted(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Take the bot's leave to write in a channel, or to see it, for a while."""
    channel = _some_channel(universe, chance)
    name = "SEND_MESSAGES" if disaster.kind == "muted" else "VIEW_CHANNEL"
    universe.judge.disturb(channel.id, disaster.seconds)
    universe.local.deny(channel, name)
    await asyncio.sleep(disaster.seconds)
    if channel.id in universe.local.world.channels:
        universe.local.reset_permissions(channel, name)


async def member_left(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Let somebody leave a server, and come back."""
    human = chance.choice(universe.town.humans)
    person, guilds = human.person, universe.local.world.guilds
    guild = guilds[human.channels[1].guild_id]
    if person.id not in guild.members:
        return
    seconds = min(disaster.seconds * _LONGER, _LONGEST) if chance.random() < 0.7 else disaster.seconds
    universe.judge.disturb(person.id, seconds)
    universe.town.depart(person.id, guild)
    universe.local.leave_guild(person, guild)
    await asyncio.sleep(seconds)
    universe.town.arrive(person.id, guild)
    universe.local.backend.members.welcome(guild, person.user)


async def bot_kicked(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Take the bot out of a server, and invite it again."""
    guilds = [guild for guild in universe.local.world.guilds.values() if universe.local.world.bot_in(guild)]
    guild = chance.choice(guilds)
    for channel in universe.local.world.channels.values():
        if channel.guild_id == guild.id:
            universe.judge.disturb(channel.id, disaster.seconds)
    universe.local.kick_bot(guild)
    await asyncio.sleep(disaster.seconds)
    universe.local.invite_bot(guild)


async def dm_closed(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Let somebody take no direct messages for a while."""
    person = universe.local.person(chance.choice(("ann", "ben", "person0", "person1", "person2")))
    universe.judge.disturb(person.id, disaster.seconds)
    universe.local.block_dm(person)
    await asyncio.sleep(disaster.seconds)
    universe.local.block_dm(person, blocked=False)


def _pending(universe: "Universe", *, calls: bool) -> "list[Promise]":
    """Return what is soon to be said in channels for somebody, by the right to do so."""
    soon = universe.judge.now + STALE + 30
    return [
        promise
        for promise in universe.judge.promises.values()
        if promise.token[0] == "r" and not promise.is_direct and (promise.calls or not calls)
        if (due := promise.open_due) and soon < due.lo < soon + _LONGEST
    ]


def _human(universe: "Universe", user_id: str) -> "Human":
    return next(human for human in universe.town.humans if human.id == user_id)


async def demoted(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Take from somebody the right to ping everyone, for a longer while."""
    rights = universe.judge.rights
    pending = [promise.owner_id for promise in _pending(universe, calls=True)]
    person = _human(universe, chance.choice(pending or sorted(rights.heralds))).person
    rights.set_herald(person, may=False)
    await asyncio.sleep(min(disaster.seconds * _LONGER, _LONGEST))
    rights.set_herald(person, may=True)


async def silenced(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Let somebody not write in a channel for a longer while."""
    pending = _pending(universe, calls=False)
    human = chance.choice(universe.town.humans)
    channel = chance.choice(human.channels)
    if pending:
        promise = chance.choice(pending)
        human = _human(universe, promise.owner_id)
        channel = universe.local.world.channels.get(promise.place_id, channel)
    seconds = min(disaster.seconds * _LONGER, _LONGEST)
    universe.judge.disturb(human.id, seconds)
    universe.judge.rights.set_writer(human.person, channel, may=False)
    await asyncio.sleep(seconds)
    universe.judge.rights.set_writer(human.person, channel, may=True)


ACTS = {
    "demoted": demoted,
    "silenced": silenced,
    "channel deleted": channel_deleted,
    "muted": muted,
    "blind": muted,
    "member left": member_left,
    "bot kicked": bot_kicked,
    "dm closed": dm_closed,
}
