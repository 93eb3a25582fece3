"""Valid requests that Discord refuses because of who sends them, where or when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.localdiscord import permissions
from bot.localdiscord.channel import ANNOUNCEMENT, CATEGORY, FORUM, STAGE, VOICE
from bot.localdiscord.interaction import AUTOCOMPLETE, COMMAND, MODAL_SUBMIT

if TYPE_CHECKING:
    from bot.localdiscord.local import LocalDiscord
    from tests.localdiscord.conftest import Rest
    from tests.localdiscord.stage import Stage


def bits(*names: str) -> int:
    return permissions.bits(names)


async def code(rest: Rest, method: str, path: str, body: Any = None, **more: Any) -> int:
    """Return the code of a refusal; 0 where there is none."""
    status, answer = await rest(method, path, body, **more)
    return int(answer["code"]) if status >= 400 else 0


async def test_webhooks_are_of_channels(stage: Stage, rest: Rest) -> None:
    """A webhook belongs to a guild channel, fifteen at most in each, and posts only there and in its threads."""
    local, ids = stage.local, stage.ids
    category, other = local.create_channel("Rooms", CATEGORY), local.create_channel("other")
    dm = await local.person("ann").dm()
    _, thread = await rest("POST", f"/channels/{ids['channel_id']}/threads", {"name": "t", "type": 11})
    _, elsewhere = await rest("POST", f"/channels/{other.id}/threads", {"name": "t", "type": 11})
    for channel_id, wanted in ((category.id, 50024), (dm.id, 50003), (thread["id"], 50024), (other.id, 0)):
        assert await code(rest, "POST", f"/channels/{channel_id}/webhooks", {"name": "News"}) == wanted
    address = f"/webhooks/{ids['webhook_id']}/{ids['webhook_token']}"
    for place, wanted in (
        (thread["id"], 0),
        (elsewhere["id"], 10003),
        (other.id, 10003),
        (ids["channel_id"], 10003),
    ):
        assert await code(rest, "POST", address, {"content": "x"}, params={"thread_id": place}) == wanted
    for _ in range(14):
        assert await code(rest, "POST", f"/channels/{ids['channel_id']}/webhooks", {"name": "News"}) == 0
    assert await code(rest, "POST", f"/channels/{ids['channel_id']}/webhooks", {"name": "News"}) == 30007


async def test_a_webhook_without_its_token_takes_a_right(local: LocalDiscord, rest: Rest) -> None:
    """Without MANAGE_WEBHOOKS one gets only one's own by id, deletes none, and has no list of them."""
    local.allow(local.channel("general"), "MANAGE_WEBHOOKS")
    _, webhook = await rest("POST", f"/channels/{local.channel('general').id}/webhooks", {"name": "News"})
    other = local.backend.webhooks.create(local.channel("general"), local.owner.user, "Other")
    local.deny(local.channel("general"), "MANAGE_WEBHOOKS")
    assert await code(rest, "GET", f"/webhooks/{webhook['id']}") == 0
    assert await code(rest, "GET", f"/webhooks/{other.id}") == 50013
    assert await code(rest, "DELETE", f"/webhooks/{webhook['id']}") == 50013
    assert await code(rest, "GET", f"/guilds/{local.guild.id}/webhooks") == 50013
    for method, wanted in (("GET", 0), ("DELETE", 0), ("DELETE", 10015)):
        assert await code(rest, method, f"/webhooks/{webhook['id']}/{webhook['token']}") == wanted


async def test_overwrites_need_existing_targets(local: LocalDiscord, rest: Rest) -> None:
    """A bot grants in a channel what it may do itself, to roles and members that there are."""
    general, ann = local.channel("general"), local.person("ann")
    for role in local.guild.roles.values():
        role.permissions |= permissions.BITS["MANAGE_ROLES"] if role.bot_id else 0
    address = f"/channels/{general.id}/permissions"
    for target, body, wanted in (
        (ann.id, {"type": 1, "allow": bits("SEND_MESSAGES")}, 0),
        (ann.id, {"type": 1, "deny": bits("BAN_MEMBERS")}, 50013),
        (ann.id, {"type": 0, "allow": 0}, 10009),
        ("5", {"type": 1, "allow": 0}, 10009),
        (local.guild.id, {"type": 0, "allow": bits("BAN_MEMBERS")}, 50013),
        (local.guild.id, {"type": 0, "allow": bits("SEND_MESSAGES")}, 0),
    ):
        assert await code(rest, "PUT", f"{address}/{target}", body) == wanted, body
    local.allow(general, "MANAGE_ROLES")
    assert await code(rest, "PUT", f"{address}/{ann.id}", {"type": 1, "deny": bits("BAN_MEMBERS")}) == 0
    dm = await ann.dm()
    assert await code(rest, "PUT", f"/channels/{dm.id}/permissions/{ann.id}", {"type": 1}) == 50003
    _, thread = await rest("POST", f"/channels/{general.id}/threads", {"name": "t", "type": 11})
    assert await code(rest, "PUT", f"/channels/{thread['id']}/permissions/{ann.id}", {"type": 1}) == 50024


async def test_the_role_hierarchy(local: LocalDiscord, rest: Rest) -> None:
    """A bot renames and times out members whose highest role is below its own, and never the owner."""
    for role in local.guild.roles.values():
        if role.bot_id:
            role.permissions |= permissions.bits(("MODERATE_MEMBERS", "MANAGE_NICKNAMES"))
    for name, wanted in (("ann", 0), ("mia", 50013)):
        address = f"/guilds/{local.guild.id}/members/{local.person(name).id}"
        assert await code(rest, "PATCH", address, {"nick": "x"}) == wanted
        assert await code(rest, "PATCH", address, {"communication_disabled_until": None}) == wanted
    assert await code(rest, "PATCH", f"/guilds/{local.guild.id}/members/{local.owner.id}", {"nick": "x"}) == 50013


async def test_its_own_name_takes_a_right(local: LocalDiscord, rest: Rest) -> None:
    """A bot without CHANGE_NICKNAME does not rename itself."""
    address = f"/guilds/{local.guild.id}/members/@me"
    assert await code(rest, "PATCH", address, {"nick": "x"}) == 0
    local.guild.roles[local.guild.id].permissions &= ~permissions.BITS["CHANGE_NICKNAME"]
    assert await code(rest, "PATCH", address, {"nick": "y"}) == 50013


async def test_people_are_moved_within_a_guild(stage: Stage, rest: Rest) -> None:
    """A person in voice is moved to a voice channel of the same guild."""
    local = stage.local
    foreign = local.create_channel("Far", VOICE, local.add_guild("Far away"))
    address = f"/guilds/{local.guild.id}/members/{stage.ids['user_id']}"
    for channel_id, wanted in ((foreign.id, 10003), (stage.ids["channel_id"], 50024), ("5", 10003)):
        assert await code(rest, "PATCH", address, {"channel_id": channel_id}) == wanted
    quiet = local.create_channel("Quiet room", VOICE)
    assert await code(rest, "PATCH", address, {"channel_id": quiet.id}) == 0


async def test_lines_of_discord_s_own_are_left_alone(stage: Stage, rest: Rest) -> None:
    """A system message is neither edited nor replied to nor branched; the first of a thread is not even deleted."""
    local, ids = stage.local, stage.ids
    channel = f"/channels/{ids['channel_id']}"
    await rest("PUT", f"{channel}/messages/pins/{ids['message_id']}")
    _, thread = await rest("POST", f"{channel}/messages/{ids['message_id']}/threads", {"name": "t"})
    pin = next(message for message in local.messages(local.channel("random")) if message["type"] == 6)
    assert await code(rest, "PATCH", f"{channel}/messages/{pin['id']}", {"content": "x"}) == 50021
    assert await code(rest, "POST", f"{channel}/messages/{pin['id']}/threads", {"name": "t"}) == 50021
    status, answer = await rest(
        "POST", f"{channel}/messages", {"content": "x", "message_reference": {"message_id": pin["id"]}}
    )
    assert (status, answer["errors"]["message_reference"]["_errors"][0]["code"]) == (
        400,
        "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE",
    )
    (first,) = local.messages(local.channel(thread["id"]))
    assert await code(rest, "DELETE", f"/channels/{thread['id']}/messages/{first['id']}") == 50021
    assert await code(rest, "DELETE", f"{channel}/messages/{pin['id']}") == 0


async def test_speech_takes_a_right(local: LocalDiscord, rest: Rest) -> None:
    """A text-to-speech message needs SEND_TTS_MESSAGES."""
    address = f"/channels/{local.channel('general').id}/messages"
    assert await code(rest, "POST", address, {"content": "x", "tts": True}) == 50013
    local.allow(local.channel("general"), "SEND_TTS_MESSAGES")
    assert await code(rest, "POST", address, {"content": "x", "tts": True}) == 0


@pytest.mark.parametrize("emoji", ["x", "é", "1", "123", "🍅🍅", "★", "a:b", "a:5", ":", "%20"])
async def test_a_reaction_needs_an_emoji(stage: Stage, rest: Rest, emoji: str) -> None:
    """A reaction with a text that is no emoji, or a custom one that is not there, gets 10014."""
    address = f"/channels/{stage.ids['channel_id']}/messages/{stage.ids['message_id']}/reactions"
    assert await code(rest, "PUT", f"{address}/{emoji}/@me") == 10014


@pytest.mark.parametrize("emoji", ["🍅", "❤️", "❤", "👩‍💻", "🇩🇪", "👍🏽", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
async def test_every_emoji_is_a_reaction(stage: Stage, rest: Rest, emoji: str) -> None:
    """Flags, keycaps, shades of skin and families are emoji."""
    address = f"/channels/{stage.ids['channel_id']}/messages/{stage.ids['message_id']}/reactions"
    assert await code(rest, "PUT", f"{address}/{emoji}/@me") == 0


async def test_commands_are_found_in_their_own_scope(stage: Stage, rest: Rest) -> None:
    """A global command is not one of a guild, nor the other way round."""
    scope = f"/applications/{stage.local.bot.id}"
    in_guild = f"{scope}/guilds/{stage.local.guild.id}/commands"
    _, local_one = await rest("POST", in_guild, {"name": "here", "description": "Here"})
    for method in ("GET", "PATCH", "DELETE"):
        body: Any = {} if method == "PATCH" else None
        assert await code(rest, method, f"{in_guild}/{stage.ids['command_id']}", body) == 10063
        assert await code(rest, method, f"{scope}/commands/{local_one['id']}", body) == 10063


async def test_the_limit_of_commands(local: LocalDiscord, rest: Rest) -> None:
    """A scope has a hundred slash commands and fifteen of either menu, in one request or one by one."""
    address = f"/applications/{local.bot.id}/commands"
    slash = [{"name": f"c{number}", "description": "C"} for number in range(101)]
    menus = [{"name": f"M {number}", "type": 3} for number in range(16)]
    assert await code(rest, "PUT", address, slash) == 30032
    assert await code(rest, "PUT", address, menus) == 30032
    assert await code(rest, "PUT", address, slash[:100] + menus[:15]) == 0
    assert await code(rest, "POST", address, slash[100]) == 30032
    assert await code(rest, "POST", address, menus[15]) == 30032
    assert await code(rest, "POST", address, slash[0]) == 0


async def test_threads_take_members_of_their_guild(stage: Stage, rest: Rest) -> None:
    """A thread takes members of its guild; a channel that is no thread takes none."""
    local = stage.local
    stranger = local.add_person("stranger")
    local.leave_guild(stranger)
    channel = f"/channels/{stage.ids['channel_id']}"
    _, thread = await rest("POST", f"{channel}/threads", {"name": "t", "type": 11})
    members = f"/channels/{thread['id']}/thread-members"
    assert await code(rest, "PUT", f"{members}/{stranger.id}") == 10007
    assert await code(rest, "PUT", f"{members}/{stage.ids['user_id']}") == 0
    assert await code(rest, "PUT", f"{channel}/thread-members/{stage.ids['user_id']}") == 50024


async def test_tags_have_names_of_their_own(stage: Stage, rest: Rest) -> None:
    """Two tags of a forum have two names, and each at most one emoji; its guidelines may be long."""
    address = f"/channels/{stage.local.create_channel('plans', FORUM).id}"
    assert await code(rest, "PATCH", address, {"available_tags": [{"name": "a"}, {"name": "a"}]}) == 40061
    tag = {"name": "a", "emoji_id": "5", "emoji_name": "🍅"}
    assert await code(rest, "PATCH", address, {"available_tags": [tag]}) == 50035
    for emoji in ("x", "🍅🍅"):
        wrong = {"available_tags": [{"name": "a", "emoji_name": emoji}]}
        assert await code(rest, "PATCH", address, wrong) == 50035
    assert await code(rest, "PATCH", address, {"topic": "x" * 4096, "available_tags": [{"name": "a"}]}) == 0
    tag_id = stage.local.channel("plans").tags[0]["id"]
    for tags, wanted in (([tag_id], 0), ([tag_id, tag_id], 50035), (["5"], 50035)):
        post = {"name": "x", "message": {"content": "x"}, "applied_tags": tags}
        assert await code(rest, "POST", f"{address}/threads", post) == wanted
    assert (
        await code(rest, "POST", f"{address}/threads", {"name": "x", "message": {"content": "x" * 2001}}) == 50035
    )


async def test_a_guild_has_so_many_channels(stage: Stage, rest: Rest) -> None:
    """A guild has five hundred channels at the most."""
    local = stage.local
    for number in range(500 - sum(channel.guild_id == local.guild.id for channel in local.world.channels.values())):
        local.create_channel(f"c{number}", ANNOUNCEMENT)
    assert await code(rest, "POST", f"/guilds/{local.guild.id}/channels", {"name": "x"}) == 30013


async def test_nobody_writes_to_themselves(local: LocalDiscord, rest: Rest) -> None:
    """A bot opens no direct message with itself."""
    assert await code(rest, "POST", "/users/@me/channels", {"recipient_id": local.bot.id}) == 50033


async def test_pages_go_one_way(stage: Stage, rest: Rest) -> None:
    """A page of messages lies before, after or around one, and not two of these."""
    address = f"/channels/{stage.ids['channel_id']}/messages"
    for query in ("before=1&after=2", "before=1&around=2", "around=1&after=2"):
        assert await code(rest, "GET", f"{address}?{query}") == 50035
    assert await code(rest, "GET", f"/guilds/{stage.local.guild.id}/members/search") == 50035


async def test_old_messages_are_not_deleted_together(stage: Stage, rest: Rest) -> None:
    """A message that is older than two weeks, or would be by its id, spoils the deletion of many."""
    address = f"/channels/{stage.ids['channel_id']}/messages/bulk-delete"
    assert await code(rest, "POST", address, {"messages": [stage.ids["message_id"], "5"]}) == 50034


async def test_hands_are_not_raised_in_the_past(stage: Stage, rest: Rest) -> None:
    """A bot asks to speak from now on, at a valid time."""
    local = stage.local
    hall = local.create_channel("Hall", STAGE)
    local.backend.members.sit(local.guild, local.guild.members[local.bot.id], hall)
    address = f"/guilds/{local.guild.id}/voice-states/@me"
    for text in ("2020-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2099-W01-1"):
        assert await code(rest, "PATCH", address, {"request_to_speak_timestamp": text}) == 50035, text
    assert await code(rest, "PATCH", address, {"request_to_speak_timestamp": "2099-01-01T00:00:00Z"}) == 0


@pytest.mark.parametrize(
    ("kind", "choices", "wrong"),
    [
        (3, [{"name": "a", "value": "a"}], None),
        (3, [{"name": "a", "value": 1}], "0.value"),
        (3, [{"name": "a", "value": "x" * 101}], "0.value"),
        (3, [{"name": "a", "value": ""}], "0.value"),
        (3, [{"name": " ", "value": "x"}], "0.name"),
        (3, [{"name": "x" * 101, "value": "x"}], "0.name"),
        (3, [{"name": f"a{number}", "value": "x"} for number in range(26)], ""),
        (4, [{"name": "a", "value": 1}], None),
        (4, [{"name": "a", "value": 1.5}], "0.value"),
        (4, [{"name": "a", "value": "1"}], "0.value"),
        (10, [{"name": "a", "value": 1}], None),
        (10, [{"name": "a", "value": 1.5}], None),
        (10, [{"name": "a", "value": "1.5"}], "0.value"),
    ],
)
async def test_choices_fit_the_option(stage: Stage, kind: int, choices: list[Any], wrong: str | None) -> None:
    """Autocomplete choices have the option's type, are at most 25, and have names within the limits."""
    local = stage.local
    data = {
        "id": "1",
        "name": "go",
        "type": 1,
        "options": [
            {"type": 1, "name": "s", "options": [{"type": kind, "name": "o", "value": "x", "focused": True}]}
        ],
    }
    asked = local.interactions.start(
        AUTOCOMPLETE, local.person("ann").user, local.channel("random"), data, {"0": local.guild.id}
    )
    stage.ids |= {"interaction_id": asked.id, "interaction_token": asked.token}
    name = "POST /interactions/{interaction_id}/{interaction_token}/callback"
    status, answer = await stage.ask(name, {"type": 8, "data": {"choices": choices}})
    if wrong is None:
        assert status == 204
    else:
        assert (status, answer["code"]) == (400, 50035)
        errors = answer["errors"]["data"]["choices"]
        for part in wrong.split(".") if wrong else ():
            errors = errors[part]
        assert errors["_errors"]


@pytest.mark.parametrize(
    ("kind", "fitting"), [(COMMAND, {4, 5, 9}), (AUTOCOMPLETE, {8}), (MODAL_SUBMIT, {4, 5}), (3, {4, 5, 6, 7, 9})]
)
async def test_first_answers_by_their_type(stage: Stage, kind: int, fitting: set[int]) -> None:
    """Each type of interaction takes its own types of first answers, each once."""
    local, ann, channel = stage.local, stage.local.person("ann"), stage.local.channel("random")
    focused = {"type": 3, "name": "o", "value": "x", "focused": True}
    data = {
        "id": "1",
        "name": "go",
        "type": 1,
        "custom_id": "x",
        "component_type": 2,
        "options": [focused],
        "components": [],
    }
    form = {"custom_id": "f", "title": "F", "components": [{"type": 10, "content": "x"}]}
    bodies: dict[int, Any] = {
        1: None,
        4: {"content": "x"},
        5: None,
        6: None,
        7: {"content": "y"},
        8: {"choices": []},
        9: form,
        12: None,
    }
    shown = local.world.messages[channel.id][stage.ids["message_id"]] if kind == 3 else None
    name = "POST /interactions/{interaction_id}/{interaction_token}/callback"
    for answer_kind, body in bodies.items():
        asked = local.interactions.start(kind, ann.user, channel, data, {"0": local.guild.id}, message=shown)
        stage.ids |= {"interaction_id": asked.id, "interaction_token": asked.token}
        whole = {"type": answer_kind} | ({} if body is None else {"data": body})
        status, answer = await stage.ask(name, whole)
        assert (status == 204) == (answer_kind in fitting), (answer_kind, answer)
        again, refusal = await stage.ask(name, whole)
        assert (again, refusal["code"]) == ((400, 40060) if answer_kind in fitting else (400, 50035))
    local.interactions.age(3601)
    assert (await stage.ask(name, {"type": 4, "data": {"content": "x"}}))[1]["code"] == 10062


async def test_history_takes_a_right(stage: Stage, rest: Rest) -> None:
    """Who may not read a channel's history sees no pins of it, and is refused its archived threads."""
    local, channel_id = stage.local, stage.ids["channel_id"]
    _, thread = await rest("POST", f"/channels/{channel_id}/threads", {"name": "t", "type": 11})
    await rest("PATCH", f"/channels/{thread['id']}", {"archived": True})
    await rest("PUT", f"/channels/{channel_id}/messages/pins/{stage.ids['message_id']}")
    lists = [
        f"/channels/{channel_id}/threads/archived/public",
        f"/channels/{channel_id}/threads/archived/private",
        f"/channels/{channel_id}/users/@me/threads/archived/private",
    ]
    assert [await code(rest, "GET", address) for address in lists] == [0, 0, 0]
    assert len((await rest("GET", f"/channels/{channel_id}/pins"))[1]) == 1
    take_administration(local)
    local.allow(local.channel("random"), "MANAGE_THREADS")
    local.deny(local.channel("random"), "READ_MESSAGE_HISTORY")
    assert [await code(rest, "GET", address) for address in lists] == [50013, 50013, 50013]
    assert (await rest("GET", f"/channels/{channel_id}/pins"))[1] == []
    assert (await rest("GET", f"/channels/{channel_id}/messages/pins"))[1]["items"] == []


async def test_reading_a_voice_channel_needs_connect(local: LocalDiscord, rest: Rest) -> None:
    """Without CONNECT a bot sees that there is a voice channel, and neither reads nor writes in it."""
    address = f"/channels/{local.channel('Lounge').id}"
    _, message = await rest("POST", f"{address}/messages", {"content": "x"})
    local.deny(local.channel("Lounge"), "CONNECT")
    assert await code(rest, "GET", address) == 0
    assert await code(rest, "GET", f"{address}/messages") == 50001
    assert await code(rest, "GET", f"{address}/messages/{message['id']}") == 50001
    assert await code(rest, "POST", f"{address}/messages", {"content": "x"}) == 50001
    assert await code(rest, "PATCH", f"{address}/messages/{message['id']}", {"content": "y"}) == 50001
    ann = local.person("ann")
    await ann.join_voice(local.channel("Lounge"))
    assert await code(rest, "GET", f"/guilds/{local.guild.id}/voice-states/{ann.id}") == 50001


async def test_a_closed_thread_is_its_moderators(local: LocalDiscord, rest: Rest) -> None:
    """Only a moderator brings others into a closed private thread; who opened it may take them out."""
    ann, ben, general = local.person("ann"), local.person("ben"), local.channel("general")
    local.allow(general, "CREATE_PRIVATE_THREADS", "MANAGE_THREADS")
    body = {"name": "t", "type": 12, "invitable": False}
    _, thread = await rest("POST", f"/channels/{general.id}/threads", body)
    members = f"/channels/{thread['id']}/thread-members"
    assert await code(rest, "PUT", f"{members}/{ann.id}") == 0
    local.deny(general, "MANAGE_THREADS")
    assert await code(rest, "PUT", f"{members}/{ben.id}") == 50013
    assert await code(rest, "DELETE", f"{members}/{ann.id}") == 0
    open_thread = local.channel("t")
    assert open_thread.thread
    open_thread.thread.owner_id = ben.id
    await rest("PUT", f"{members}/{ann.id}")
    assert await code(rest, "DELETE", f"{members}/{ann.id}") == 50013


async def test_waking_a_thread_needs_the_right_to_write(local: LocalDiscord, rest: Rest) -> None:
    """Whoever may not write in a thread may not unarchive it either, were it their own."""
    general = local.channel("general")
    _, thread = await rest("POST", f"/channels/{general.id}/threads", {"name": "t", "type": 11})
    local.deny(general, "MANAGE_THREADS", "SEND_MESSAGES_IN_THREADS")
    local.archive_thread(local.channel(thread["id"]))
    assert await code(rest, "PATCH", f"/channels/{thread['id']}", {"archived": False}) == 50013
    local.reset_permissions(general, "SEND_MESSAGES_IN_THREADS")
    assert await code(rest, "PATCH", f"/channels/{thread['id']}", {"archived": False}) == 0


async def test_direct_messages_without_a_recipient(local: LocalDiscord, rest: Rest) -> None:
    """A direct message with the bot itself, or with an unknown account, is one with no recipient."""
    for recipient in (local.bot.id, "5"):
        assert await code(rest, "POST", "/users/@me/channels", {"recipient_id": recipient}) == 50033


async def test_commands_of_a_day(local: LocalDiscord, rest: Rest) -> None:
    """Two hundred commands are made in a day, each place by itself; one that was there is none of them."""
    local.limits.rules["create command"] = (2, 86_400.0)
    everywhere = f"/applications/{local.bot.id}/commands"
    here = f"/applications/{local.bot.id}/guilds/{local.guild.id}/commands"
    tea, toast, jam = ({"name": name, "description": name.title()} for name in ("tea", "toast", "jam"))
    assert [await code(rest, "POST", everywhere, body) for body in (tea, tea, toast)] == [0, 0, 0]
    assert await code(rest, "PUT", everywhere, [tea, toast]) == 0
    assert await code(rest, "PUT", everywhere, [tea, jam]) == 30034
    assert [command["name"] for command in (await rest("GET", everywhere))[1]] == ["tea", "toast"]
    assert await code(rest, "POST", everywhere, jam) == 30034
    assert await code(rest, "POST", here, jam) == 0


async def test_ephemeral_messages_are_not_bulk_deleted(stage: Stage, rest: Rest) -> None:
    """Deleting a channel's messages does not affect ephemeral ones."""
    ids, local = stage.ids, stage.local
    answer = {"type": 4, "data": {"content": "psst", "flags": 64}}
    await stage.ask("POST /interactions/{interaction_id}/{interaction_token}/callback", answer)
    shown = local.messages(local.channel("random"), local.person("ann"))[-1]
    listed = {"messages": [shown["id"], ids["message_id"]]}
    assert await code(rest, "POST", f"/channels/{ids['channel_id']}/messages/bulk-delete", listed) == 0
    assert local.messages(local.channel("random"), local.person("ann"))[-1]["id"] == shown["id"]


async def test_the_first_form_of_a_deferred_answer_pings_people_only(stage: Stage, rest: Rest) -> None:
    """What fills in a deferred answer pings everyone and roles only where it says so, as any answer does."""
    for body, wanted in ({}, False), ({"allowed_mentions": {"parse": ["everyone"]}}, True):
        ann, channel = stage.local.person("ann"), stage.local.channel("random")
        data = {"id": "1", "name": "go", "type": 1}
        asked = stage.local.interactions.start(COMMAND, ann.user, channel, data, {"0": stage.local.guild.id})
        stage.ids |= {"interaction_id": asked.id, "interaction_token": asked.token}
        await stage.ask("POST /interactions/{interaction_id}/{interaction_token}/callback", {"type": 5})
        address = f"/webhooks/{stage.local.bot.id}/{asked.token}/messages/@original"
        _, message = await rest("PATCH", address, {"content": "@everyone", **body})
        assert message["mention_everyone"] is wanted


def take_administration(local: LocalDiscord) -> None:
    """Take back what the stage grants the bot."""
    for role in local.guild.roles.values():
        role.permissions &= ~permissions.BITS["ADMINISTRATOR"]
