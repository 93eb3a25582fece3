"""Requests to a world in which something has just been deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bot.localdiscord.channel import ANNOUNCEMENT, CATEGORY, FORUM, STAGE
from bot.localdiscord.local import LocalDiscord
from tests.localdiscord.breaks import BODIES
from tests.localdiscord.conftest import Rest
from tests.localdiscord.stage import ROUTES, Stage, build

if TYPE_CHECKING:
    from collections.abc import Callable

    import aiohttp


RUINS: dict[str, Callable[[LocalDiscord], Any]] = {
    "the channel": lambda local: local.delete_channel(local.channel("random")),
    "the thread": lambda local: local.delete_channel(local.channel("talk")),
    "the bot": lambda local: local.kick_bot(),
    "ann": lambda local: local.leave_guild(local.person("ann")),
    "a role": lambda local: local.moderation.delete_role(
        next(role for role in local.guild.roles.values() if role.position > 1)
    ),
    "a member": lambda local: local.moderation.ban(local.person("ann")),
    "the messages": lambda local: local.world.messages[local.channel("random").id].clear(),
    "the right to see": lambda local: local.deny(local.channel("random"), "VIEW_CHANNEL"),
    "the time": lambda local: local.interactions.age(3600),
}


@pytest.mark.parametrize("gone", RUINS)
async def test_nothing_breaks_where_something_has_gone(local: LocalDiscord, rest: Rest, gone: str) -> None:
    """Whatever has been deleted or lost, every route is answered without a failure."""
    stage = await build(local, rest)
    _, thread = await rest("POST", f"/channels/{stage.ids['channel_id']}/threads", {"name": "talk", "type": 11})
    await stage.ask(
        "POST /interactions/{interaction_id}/{interaction_token}/callback", {"type": 4, "data": {"content": "x"}}
    )
    answered = {"webhook_id": local.bot.id, "webhook_token": stage.ids["interaction_token"]}
    RUINS[gone](local)
    for instead in ({}, answered, {"channel_id": thread["id"]}):
        await every_route(stage, instead)


async def every_route(stage: Stage, instead: dict[str, str]) -> None:
    """Ask for everything once, what deletes last."""
    for name in sorted(ROUTES, key=lambda name: name.startswith("DELETE")):
        route = ROUTES[name]
        for body in BODIES.get(name, [None]):
            status, answer = await stage.rest(route.method, stage.address(route, instead), stage.filled(body))
            assert status < 500, (name, answer)


ASKED = [(name, body) for name in sorted(ROUTES) for body in BODIES.get(name, [None])]
PARTS = (
    "channel_id",
    "message_id",
    "guild_id",
    "user_id",
    "overwrite_id",
    "role_id",
    "command_id",
    "webhook_id",
    "emoji_name",
)


async def furnish(stage: Stage, rest: Rest) -> list[str]:
    """Create a place of every kind, and return the ids of everything."""
    local, ann = stage.local, stage.local.person("ann")
    _, thread = await rest("POST", f"/channels/{stage.ids['channel_id']}/threads", {"name": "talk"})
    branch = f"/channels/{stage.ids['channel_id']}/messages/{stage.ids['message_id']}/threads"
    await rest("POST", branch, {"name": "branch"})
    forum = local.create_channel("plans", FORUM)
    places = [
        local.create_channel(name, kind) for name, kind in (("s", STAGE), ("c", CATEGORY), ("n", ANNOUNCEMENT))
    ]
    post = await ann.open_post(forum, "Plan", "x")
    local.archive_thread(post, locked=True)
    far = local.add_guild("Far away")
    apart = local.add_guild("Apart", with_bot=False)
    dm = await ann.dm()
    await ann.say(dm, "hi")
    group = local.gather(ann, local.person("ben"), local.person("mia"))
    ids = [forum.id, post.id, thread["id"], far.id, apart.id, dm.id, group.id, local.bot.id, local.owner.id, "5"]
    inner = [channel.id for channel in local.world.channels.values() if channel.guild_id in {far.id, apart.id}]
    return [*ids, *inner, *(place.id for place in places), *stage.ids.values()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
async def test_no_order_of_requests_breaks_the_server(session: aiohttp.ClientSession, data: st.DataObject) -> None:
    """Requests to anything, in any order, are answered without a failure of the server."""
    async with LocalDiscord() as local:
        rest = Rest(local, session)
        stage = await build(local, rest)
        ids = await furnish(stage, rest)
        others = st.dictionaries(st.sampled_from(PARTS), st.sampled_from(range(len(ids))), max_size=3)
        requests = st.lists(st.tuples(st.sampled_from(ASKED), others), min_size=5, max_size=30)
        for (name, body), swapped in data.draw(requests):
            instead = {part: quote(ids[number], safe="") for part, number in swapped.items()}
            route = ROUTES[name]
            status, answer = await rest(route.method, stage.address(route, instead), stage.filled(body))
            assert status < 500, (name, instead, answer)
