"""Changes of the places and people that the bot serves."""

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
# How often Discord does not tell the rights of somebody who has lost them, from how many seconds before what they
# matter for to how many after it.
_UNTOLD, _BEFORE, _AFTER = 0.5, 240.0, 10.0
_LONGEST = 1800.0
# How often it is looked whether somebody wants everybody to hear something soon, and how many seconds apart.
_LOOKS, _APART = 60, 30.0
# So many channels are not deleted.
_FEWEST = 2


def _channels(universe: "Universe") -> list[Any]:
    world = universe.local.world
    channels = [channel for channel in world.channels.values() if channel.type == 0 and channel.guild_id]
    return [channel for channel in channels if world.bot_at(channel)] or channels


async def channel_deleted(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Delete a channel where people use the bot, unless few are left: a year would end without any."""
    channels = _channels(universe)
    if len(channels) <= _FEWEST:
        return
    channel = chance.choice(channels)
    universe.judge.disturb(channel.id, 1e9)
    universe.local.delete_channel(channel)


async def muted(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Take the bot's right to write in a channel, or to see it, for a while."""
    channel = chance.choice(_channels(universe))
    name = "SEND_MESSAGES" if disaster.kind == "muted" else "VIEW_CHANNEL"
    universe.judge.disturb(channel.id, disaster.seconds)
    universe.local.deny(channel, name)
    await asyncio.sleep(disaster.seconds)
    if channel.id in universe.local.world.channels:
        universe.local.reset_permissions(channel, name)


async def member_left(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Let a person leave a server, and come back."""
    human = chance.choice(universe.town.gathered() or universe.town.humans)
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
    """Remove the bot from a server, and invite it again."""
    guilds = [guild for guild in universe.local.world.guilds.values() if universe.local.world.bot_in(guild)]
    guild = chance.choice(guilds)
    for channel in universe.local.world.channels.values():
        if channel.guild_id == guild.id:
            universe.judge.disturb(channel.id, disaster.seconds)
    universe.local.kick_bot(guild)
    await asyncio.sleep(disaster.seconds)
    universe.local.invite_bot(guild)


async def dm_closed(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Let a person block direct messages for a while."""
    person = chance.choice(universe.town.humans).person
    universe.judge.disturb(person.id, disaster.seconds)
    universe.local.block_dm(person)
    await asyncio.sleep(disaster.seconds)
    universe.local.block_dm(person, blocked=False)


def _pending(universe: "Universe", *, calls: bool) -> "list[Promise]":
    """Return what is soon to be posted in channels by a person's right to do so."""
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
    """Take a person's right to ping everyone until the announcement that needed it was due."""
    rights = universe.judge.rights
    for _ in range(_LOOKS):
        if _pending(universe, calls=True):
            break
        await asyncio.sleep(_APART)
    dues = {promise.owner_id: due.lo for promise in _pending(universe, calls=True) if (due := promise.open_due)}
    person = _human(universe, chance.choice(sorted(dues or rights.heralds))).person
    until = universe.judge.now + min(disaster.seconds * _LONGER, _LONGEST)
    until = max(until, dues.get(person.id, 0.0) + _AFTER)
    rights.set_herald(person, may=False)
    if chance.random() < _UNTOLD:
        await _be_silent_about(universe, person.id)
    await asyncio.sleep(max(0.0, until - universe.judge.now))
    rights.set_herald(person, may=True)


async def _be_silent_about(universe: "Universe", user_id: str) -> None:
    """Let Discord answer no query while an announcement that pings everyone is due."""
    dues = [promise.open_due for promise in _pending(universe, calls=True) if promise.owner_id == user_id]
    if not (soonest := min((due.lo for due in dues if due), default=0.0)):
        return
    await asyncio.sleep(soonest - _BEFORE - universe.judge.now)
    universe.record.add("## nobody's rights are told for a while")
    universe.judge.trouble("untold", _BEFORE + _AFTER)
    fault = universe.local.faults.silence_members()
    await asyncio.sleep(_BEFORE + _AFTER)
    fault.off()


async def silenced(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Take a person's right to write in a channel for a longer while."""
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
