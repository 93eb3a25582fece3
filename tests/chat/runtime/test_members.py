"""Current members and their rights, asked of the gateway without a privileged intent."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from discord import ui
from discord.utils import snowflake_time

from bot.chat.runtime.client import Client, ShardedClient
from bot.chat.runtime.connection import log_in, stay_connected
from bot.chat.runtime.gateway_members import GatewayMembers
from bot.domain.rights import LEFT
from bot.domain.shard import WHOLE, ShardRange
from bot.engine.circuit_breaker import Breaker
from bot.localdiscord.channel import Channel
from bot.localdiscord.local import LocalDiscord
from bot.localdiscord.people import Person
from bot.service.identifies import Identifies
from bot.service.rules import ServerRules
from bot.store.database import Database
from tests.clock import ManualClock
from tests.conftest import opened
from tests.reading import eventually


class Connected:
    """A client on the local Discord, and the members it knows; ``queries`` are its requests to the gateway."""

    def __init__(self, discord: LocalDiscord, database: Database) -> None:
        self.discord = discord
        self.clock = ManualClock()
        self.queries = discord.gateway.member_queries
        self._database = database
        self.guild = int(discord.guild.id)
        self.general = discord.channel("general")
        self.ann, self.ben, self.mia = map(discord.person, ("ann", "ben", "mia"))

    async def connect(self, shards: ShardRange = WHOLE, *, members: bool = False) -> None:
        def make_client() -> Client:
            return (Client if shards == WHOLE else ShardedClient)(
                api_url=self.discord.api_url,
                prefix_of=ServerRules(self._database, "!", 0).prefix_of,
                message_content=True,
                members=members,
                clock=self.clock,
                trace=aiohttp.TraceConfig(),
                shard_range=shards,
            )

        self.client = await log_in(make_client, self.discord.token, self.clock)
        turns = Identifies(self._database, self.clock)
        self._task = asyncio.create_task(stay_connected(self.client, Breaker(self.clock), turns, self.clock))
        self.members = GatewayMembers(self.client, self.clock)
        async with asyncio.timeout(60):
            while not self.client.arrivals.complete.is_set():
                self.clock.advance(1)
                await asyncio.sleep(0.001)

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])
        await self.client.close()

    @property
    def overwrites(self) -> Any:
        """Return the overwrites of general that the client knows."""
        channel: Any = self.client.get_channel(int(self.general.id))
        return channel.overwrites

    async def rights(self, *people: Person, place: Channel | None = None, **options: Any) -> list[Any]:
        """Return the rights of people in a channel; None for those who are unknown."""
        channel_id = int((place or self.general).id)
        ids = [int(person.id) for person in people]
        known = await self.members.rights(self.guild, channel_id, ids, **options)
        return [known.get(user_id) for user_id in ids]


@pytest.fixture
async def here(discord: LocalDiscord, sqlite: str) -> AsyncIterator[Connected]:
    """A client, connected."""
    async with opened(sqlite) as database:
        connected = Connected(discord, database)
        await connected.connect()
        yield connected
        await connected.close()


async def test_who_is_there(here: Connected) -> None:
    """One request tells members from people who left, and what each may do in a channel."""
    here.discord.moderation.kick(here.ben)
    here.discord.allow(here.general, "MENTION_EVERYONE", user=here.ann.user)
    ann, ben, mia = await here.rights(here.ann, here.ben, here.mia)
    assert (ann.is_member, ann.sees, ann.posts, ann.mentions_everyone) == (True, True, True, True)
    assert ben == LEFT
    assert mia.posts
    assert len(here.queries) == 1
    here.discord.deny(here.general, "SEND_MESSAGES", user=here.ann.user)
    here.discord.deny(here.general, "VIEW_CHANNEL", user=here.mia.user)
    await eventually(lambda: len(here.overwrites) == 2)
    ann, mia = await here.rights(here.ann, here.mia)
    assert (ann.sees, ann.posts, mia.is_member, mia.sees, mia.posts) == (True, False, True, False, False)


async def test_the_presser_is_a_member(here: Connected) -> None:
    """A person who has just pressed something is not looked up: the interaction contains their roles and rights."""
    channel: Any = here.client.get_channel(int(here.general.id))
    view = ui.View(timeout=None).add_item(ui.Button[Any](label="Press"))
    posted = (await channel.send("Well?", view=view)).id

    async def press() -> None:
        pressing = asyncio.create_task(here.ann.click({"id": str(posted), "channel_id": here.general.id}, "Press"))
        interaction = await here.client.wait_for("interaction")
        await interaction.response.defer()
        await pressing

    await press()
    (ann,) = await here.rights(here.ann)
    assert (ann.posts, ann.mentions_everyone, len(here.queries)) == (True, False, 0)
    here.clock.set_wall(by=(snowflake_time(posted) - here.clock.now()).total_seconds() + 60)
    await press()
    await here.rights(here.ann)
    assert len(here.queries) == 1, "a press that comes a minute late tells of a minute ago"


async def test_a_role_and_a_time_out(here: Connected) -> None:
    """A removed role and a time-out count as soon as an answer is older than the caller allows."""
    hosts = here.discord.moderation.create_role("Hosts", "MENTION_EVERYONE")
    here.discord.moderation.give_role(here.ann, hosts)
    (ann,) = await here.rights(here.ann)
    assert ann.mentions_everyone
    assert int(hosts.id) in ann.role_ids
    here.discord.moderation.take_role(here.ann, hosts)
    here.discord.moderation.time_out(here.ben, 60)
    assert (await here.rights(here.ann)) == [ann], "it is known for some seconds"
    here.clock.advance(6)
    ann, ben = await here.rights(here.ann, here.ben)
    assert (ann.mentions_everyone, ben.posts, ben.sees) == (False, False, True)
    assert len(here.queries) == 2


async def test_a_hundred_at_a_time(here: Connected) -> None:
    """No request names more than a hundred people, and callers at the same moment share them."""
    crowd = [10**17 + number for number in range(250)]
    both = await asyncio.gather(
        here.members.present(here.guild, [int(here.ann.id), *crowd]),
        here.members.present(here.guild, [int(here.ben.id)]),
    )
    assert both[0] == dict.fromkeys(crowd, False) | {int(here.ann.id): True}
    assert both[1] == {int(here.ben.id): True}
    assert [len(query.user_ids or ()) for query in here.queries] == [100, 100, 55]


async def test_a_private_thread(here: Connected) -> None:
    """A private thread contains its members, and those who may manage threads; an archived one is known too."""
    here.discord.allow(here.general, "CREATE_PRIVATE_THREADS", user=here.ann.user)
    thread = here.discord.backend.places.create_thread(
        here.general, here.ann.user, {"name": "secret", "type": 12, "auto_archive_duration": 60}
    )
    here.discord.backend.threads.join(thread, here.discord.backend.world.bot.id)
    ann, ben = await here.rights(here.ann, here.ben, place=thread)
    assert (ann.sees, ann.posts) == (True, True)
    assert (ben.is_member, ben.sees, ben.posts) == (True, False, False)
    here.discord.archive_thread(thread)
    here.discord.backend.threads.leave(thread, here.ann.id)
    here.clock.advance(6)
    (ann,) = await here.rights(here.ann, place=thread)
    assert (ann.is_member, ann.sees) == (True, False)


async def test_no_answer(here: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an answer everybody is unknown, not gone: a silent gateway, a lost one, and other servers."""
    monkeypatch.setattr("bot.chat.runtime.gateway_members._ANSWER", 0.05)
    here.discord.faults.silence_members()
    assert await here.rights(here.ann) == [None]
    assert await here.members.present(1, [int(here.ann.id)]) == {}
    assert await here.members.present(here.guild, [-5, 0, 1 << 70]) == {}
    assert here.discord.gateway.connected, "an absurd id is not asked for"
    here.discord.faults.break_gateway("refuse")
    await here.discord.drop_gateway()
    await eventually(lambda: here.client.is_lost(0))
    assert await here.rights(here.ann) == [None]


async def test_a_connection_that_is_replaced(here: Connected) -> None:
    """A request that is open during a reconnect ends unanswered: nobody counts as having left."""
    silence = here.discord.faults.silence_members()
    asking = asyncio.create_task(here.rights(here.ann))
    await eventually(lambda: silence.struck)
    here.discord.faults.refuse_resume = True
    await here.discord.drop_gateway(resumable=False)
    async with asyncio.timeout(60):
        while not asking.done():
            here.clock.advance(1)
            await asyncio.sleep(0.01)
    assert await asking == [None]


async def test_each_shard_is_asked_for_its_servers(discord: LocalDiscord, sqlite: str) -> None:
    """With several shards each server is asked for over its own connection."""
    async with opened(sqlite) as database:
        there = Connected(discord, database)
        await there.connect(ShardRange(2, 0, 2))
        other = discord.add_guild("other")
        await eventually(lambda: there.client.get_guild(int(other.id)))
        assert await there.members.present(there.guild, [int(there.ann.id)]) == {int(there.ann.id): True}
        assert await there.members.present(int(other.id), [7]) == {7: False}
        await there.close()


async def test_with_the_members_intent(discord: LocalDiscord, sqlite: str) -> None:
    """With the intent Discord reports each change, so that nobody is looked up twice."""
    async with opened(sqlite) as database:
        there = Connected(discord, database)
        await there.connect(members=True)
        assert await there.members.present(there.guild, [int(there.ann.id)]) == {int(there.ann.id): True}
        there.clock.advance(600)
        assert await there.members.present(there.guild, [int(there.ann.id)]) == {int(there.ann.id): True}
        assert len(there.queries) <= 1
        discord.moderation.kick(there.ann)
        guild = there.client.get_guild(there.guild)
        await eventually(lambda: guild and not guild.get_member(int(there.ann.id)))
        there.clock.advance(600)
        assert await there.members.present(there.guild, [int(there.ann.id)]) == {int(there.ann.id): False}
        await there.close()


async def test_half_an_answer(here: Connected) -> None:
    """People missing from an answer are unknown, not gone; people both listed and reported missing are members."""
    bot_id = here.discord.bot.id

    def halved(chunk: Any) -> Any:
        return {**chunk, "members": [member for member in chunk["members"] if member["user"]["id"] == bot_id]}

    def contradicted(chunk: Any) -> Any:
        return {**chunk, "not_found": [here.ann.id]}

    here.discord.faults.alter_event("GUILD_MEMBERS_CHUNK", halved, times=1)
    assert await here.rights(here.ann, here.ben) == [None, None]
    here.discord.faults.alter_event("GUILD_MEMBERS_CHUNK", contradicted, times=1)
    (ann,) = await here.rights(here.ann)
    assert ann.is_member


async def test_who_comes_back(here: Connected) -> None:
    """People who left are looked up again a little later, and stay gone until the gateway says otherwise."""
    here.discord.moderation.ban(here.ben)
    assert await here.rights(here.ben) == [LEFT]
    here.clock.advance(60)
    silent = here.discord.faults.silence_members()
    assert await here.rights(here.ben, max_age=100) == [LEFT]
    silent.off()
    here.discord.moderation.unban(here.ben)
    here.discord.moderation.welcome(here.ben)
    (ben,) = await here.rights(here.ben, max_age=100)
    assert ben.is_member
    # A long list is not queried again and again because of that.
    here.discord.moderation.kick(here.ben)
    here.clock.advance(60)
    assert await here.members.present(here.guild, [int(here.ben.id)]) == {int(here.ben.id): False}
    here.queries.clear()
    here.clock.advance(60)
    assert await here.members.present(here.guild, [int(here.ben.id)], max_age=100) == {int(here.ben.id): False}
    assert here.queries == []
