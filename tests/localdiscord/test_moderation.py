"""What moderators do to a server's people, roles and channels, and what the bot sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.localdiscord.errors import DiscordError
from bot.localdiscord.pytest_plugin import point_discord_py
from tests.localdiscord.conftest import Probe, connected

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.localdiscord.local import LocalDiscord
    from bot.localdiscord.people import Person
    from tests.localdiscord.conftest import Rest


class Watcher(Probe):
    """A client with all intents, which notes whom its events are about."""

    def __init__(self) -> None:
        super().__init__(discord.Intents.all())

    async def on_member_update(self, _: discord.Member, after: discord.Member) -> None:
        self.note("member", after)

    async def on_member_remove(self, member: discord.Member) -> None:
        self.note("left", member)

    async def on_member_ban(self, _: discord.Guild, user: discord.Member | discord.User) -> None:
        self.note("banned", user)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        self.note("edited", payload.data)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        self.note("purged", payload.message_ids)


@pytest.fixture
async def watcher(local: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watcher]:
    point_discord_py(local, monkeypatch)
    client = Watcher()
    async with connected(local, client):
        yield client


def guild_of(watcher: Watcher) -> discord.Guild:
    (guild,) = watcher.guilds
    return guild


async def test_a_timed_out_person_cannot_communicate(local: LocalDiscord, probe: Probe, ann: Person) -> None:
    """During a time-out a member can neither write, edit, react, press nor use a command."""
    general = local.channel("general")
    message = await ann.say(general, "buttons")
    card = await local.wait_for(lambda message: message["components"])
    local.moderation.time_out(ann, 60)
    for forbidden in (
        ann.say(general, "let me"),
        ann.edit(message, "let me"),
        ann.react(message, "🍅"),
        ann.click(card, "Cancel"),
        ann.slash(general, "pomodoro start", name="tea"),
    ):
        with pytest.raises(DiscordError, match="50013"):
            await forbidden
    local.moderation.time_out(ann, -1)
    await ann.say(general, "it is over")
    assert probe.guilds


async def test_a_time_out_is_in_the_member(local: LocalDiscord, rest: Rest, watcher: Watcher, ann: Person) -> None:
    """A time-out is in the member of REST and of the event, and goes when it is lifted."""
    local.moderation.time_out(ann, 60)
    assert (await watcher.until("member")).is_timed_out()
    address = f"/guilds/{local.guild.id}/members/{ann.id}"
    assert (await rest("GET", address))[1]["communication_disabled_until"]
    local.moderation.end_time_out(ann)
    assert not (await watcher.until("member", 2)).is_timed_out()


async def test_the_bot_times_out(local: LocalDiscord, rest: Rest, ann: Person) -> None:
    """With MODERATE_MEMBERS the bot times a member out, for 28 days at most, and never the owner."""
    address = f"/guilds/{local.guild.id}/members"
    far, never = ({"communication_disabled_until": text} for text in ("2031-01-01T00:00:00+00:00", "x"))
    assert (await rest("PATCH", f"{address}/{ann.id}", far))[1]["code"] == 50013
    role = local.moderation.create_role("Mods", "MODERATE_MEMBERS")
    local.moderation.give_role(local.bot, role)
    assert (await rest("PATCH", f"{address}/{ann.id}", far))[1]["code"] == 50035
    assert (await rest("PATCH", f"{address}/{ann.id}", never))[1]["code"] == 50035
    past = {"communication_disabled_until": "2026-01-01T00:00:00Z"}
    assert (await rest("PATCH", f"{address}/{ann.id}", past))[0] == 200
    assert (await rest("PATCH", f"{address}/{local.world.owner.id}", past))[1]["code"] == 50013


async def test_a_timed_out_bot_cannot_write(local: LocalDiscord, rest: Rest) -> None:
    """A time-out of the bot takes its permissions in channels, but not those in the whole guild."""
    local.moderation.time_out(local.bot, 60)
    status, answer = await rest("POST", f"/channels/{local.channel('general').id}/messages", {"content": "x"})
    assert (status, answer["code"]) == (403, 50013)
    assert (await rest("GET", f"/guilds/{local.guild.id}"))[0] == 200


async def test_slow_mode_keeps_people_waiting(local: LocalDiscord, rest: Rest, ann: Person) -> None:
    """In slow mode a second message is 20016 with the time to wait; bots and BYPASS_SLOWMODE are exempt."""
    general = local.channel("general")
    local.moderation.slow_mode(general, 60)
    first = await ann.say(general, "one")
    with pytest.raises(DiscordError, match="20016") as refused:
        await ann.say(general, "two")
    assert refused.value.status == 429
    assert 55 < refused.value.body()["retry_after"] <= 60
    for _ in range(2):
        await rest.say("bots may")
        await local.person("mia").say(general, "moderators with the permission may")
    local.age(first, 61)
    await ann.say(general, "two")


async def test_manage_messages_does_not_bypass_slow_mode(local: LocalDiscord, ann: Person) -> None:
    """Since February 2026 MANAGE_MESSAGES alone is not enough against slow mode."""
    general = local.channel("general")
    local.moderation.give_role(ann, local.moderation.create_role("Old mods", "MANAGE_MESSAGES", "MANAGE_CHANNELS"))
    local.moderation.slow_mode(general, 60)
    await ann.say(general, "one")
    with pytest.raises(DiscordError, match="20016"):
        await ann.say(general, "two")


async def test_slow_mode_holds_after_a_deletion_and_for_threads(local: LocalDiscord, ann: Person) -> None:
    """A deleted message counts still, threads are counted apart, and commands are not held up."""
    general = local.channel("general")
    local.moderation.slow_mode(general, 60)
    message = await ann.say(general, "one")
    await ann.open_thread(message, "first")
    with pytest.raises(DiscordError, match="20016"):
        await ann.open_thread(await local.person("mia").say(general, "more"), "second")
    await ann.delete(message)
    with pytest.raises(DiscordError, match="20016"):
        await ann.say(general, "two")


@pytest.mark.parametrize(
    ("keyword", "content", "blocked"),
    [
        ("cat", "the cat sat", True),
        ("cat", "CAT", True),
        ("cat", "catalogue", False),
        ("cat*", "catalogue", True),
        ("cat*", "copycat", False),
        ("*cat", "copycat", True),
        ("*cat*", "location", True),
        ("the mat", "on the mat, asleep", True),
        ("c++", "i like c++", True),
    ],
)
async def test_auto_moderation_matches_as_documented(
    local: LocalDiscord, ann: Person, keyword: str, content: str, blocked: bool
) -> None:
    """A keyword is a whole word unless an asterisk opens it at its start or end."""
    local.moderation.block_words(keyword)
    if blocked:
        with pytest.raises(DiscordError, match="200000"):
            await ann.say(local.channel("general"), content)
    else:
        await ann.say(local.channel("general"), content)


async def test_auto_moderation_blocks_bot_edit_and_title(local: LocalDiscord, rest: Rest, ann: Person) -> None:
    """A blocked word is 200000 in the bot's message and in an edit, and 200001 in the title of a thread."""
    sent = await rest.say("fine")
    local.moderation.block_words("tea")
    address = f"/channels/{sent['channel_id']}/messages"
    assert (await rest("POST", address, {"content": "tea"}))[1]["code"] == 200000
    assert (await rest("PATCH", f"{address}/{sent['id']}", {"content": "tea"}))[1]["code"] == 200000
    assert (await rest("POST", f"{address}/{sent['id']}/threads", {"name": "tea talk"}))[1]["code"] == 200001
    message = await ann.say(local.channel("general"), "fine")
    with pytest.raises(DiscordError, match="200000"):
        await ann.edit(message, "tea")


async def test_auto_moderation_spares(local: LocalDiscord, rest: Rest, ann: Person) -> None:
    """Managers of the server, exempt roles and channels, and bots where a rule says so may say it."""
    general, quiet = local.channel("general"), local.create_channel("corner")
    friends = local.moderation.create_role("Friends")
    rule = local.moderation.block_words("tea", exempt_roles=[friends], exempt_channels=[quiet], spare_bots=True)
    await local.person("mia").say(general, "tea")
    await rest.say("tea")
    await ann.say(quiet, "tea")
    with pytest.raises(DiscordError, match="200000"):
        await ann.say(general, "tea")
    local.moderation.give_role(ann, friends)
    await ann.say(general, "tea")
    local.moderation.allow_words(rule)
    await local.person("ben").say(general, "tea")


async def test_kicked_and_banned(local: LocalDiscord, watcher: Watcher, ann: Person) -> None:
    """A kicked member may come back; a banned one gets a separate event, loses recent messages, and may not."""
    general = local.channel("general")
    local.moderation.give_role(local.bot, local.moderation.create_role("Bans", "BAN_MEMBERS"))
    local.moderation.kick(ann)
    assert (await watcher.until("left")).id == int(ann.id)
    local.moderation.welcome(ann)
    message = await ann.say(general, "spam")
    local.moderation.ban(ann, delete_seconds=60)
    assert (await watcher.until("banned")).id == int(ann.id)
    assert await watcher.until("purged") == {int(message["id"])}
    with pytest.raises(DiscordError, match="50001"):
        await ann.say(general, "hello?")
    with pytest.raises(DiscordError, match="40007"):
        local.moderation.welcome(ann)
    local.moderation.unban(ann)
    local.moderation.welcome(ann)
    await ann.say(general, "thank you")


async def test_bans_need_a_permission_to_be_heard_of(local: LocalDiscord, watcher: Watcher, ann: Person) -> None:
    """Without BAN_MEMBERS and VIEW_AUDIT_LOG the bot sees that a member left, not that they were banned."""
    local.moderation.ban(ann)
    await watcher.until("left")
    assert watcher.seen["GUILD_BAN_ADD"] == []


async def test_member_events_need_their_intent(local: LocalDiscord, probe: Probe, ann: Person) -> None:
    """Without the members intent the bot gets no membership events but its own, and those of roles."""
    role = local.moderation.create_role("Tea drinkers")
    local.moderation.give_role(ann, role)
    local.moderation.give_role(local.bot, role)
    local.moderation.kick(ann)
    local.moderation.delete_role(role)
    await probe.until("GUILD_ROLE_DELETE")
    told = {name: len(events) for name, events in probe.seen.items() if name.startswith("GUILD_MEMBER")}
    assert told == {"GUILD_MEMBER_UPDATE": 1}


async def test_roles_are_given_changed_and_taken(local: LocalDiscord, watcher: Watcher, ann: Person) -> None:
    """discord.py sees a role made, given, permitted, taken and deleted."""
    role = local.moderation.create_role("Helpers", "MANAGE_MESSAGES")
    local.moderation.give_role(ann, role)
    assert (await watcher.until("member")).get_role(int(role.id)) is not None
    local.moderation.permit_role(role, "KICK_MEMBERS")
    await watcher.until("GUILD_ROLE_UPDATE")
    seen = guild_of(watcher).get_role(int(role.id))
    assert seen is not None
    assert seen.permissions == discord.Permissions(kick_members=True)
    local.moderation.take_role(ann, role)
    assert (await watcher.until("member", 2)).get_role(int(role.id)) is None
    local.moderation.delete_role(role)
    await watcher.until("GUILD_ROLE_DELETE")
    assert guild_of(watcher).get_role(int(role.id)) is None


async def test_a_role_decides_in_a_channel(local: LocalDiscord, rest: Rest, watcher: Watcher) -> None:
    """An overwrite of a role takes the bot's permission in a channel, and goes with the role."""
    general = local.channel("general")
    silent = local.moderation.create_role("Silent")
    local.moderation.give_role(local.bot, silent)
    local.moderation.overwrite(general, silent, deny=["SEND_MESSAGES"])
    await watcher.until("CHANNEL_UPDATE")
    seen = watcher.get_channel(int(general.id))
    assert isinstance(seen, discord.TextChannel)
    assert len(seen.overwrites) == 1
    address = f"/channels/{general.id}/messages"
    assert (await rest("POST", address, {"content": "x"}))[1]["code"] == 50013
    local.moderation.delete_role(silent)
    assert (await rest("GET", f"/channels/{general.id}"))[1]["permission_overwrites"] == []
    assert (await rest("POST", address, {"content": "x"}))[0] == 200


async def test_two_factor_is_asked_of_the_bots_owner(local: LocalDiscord, rest: Rest, ann: Person) -> None:
    """Where moderation requires it, a permission of moderators is 60003 for a bot whose owner has no 2FA."""
    general = local.channel("general")
    local.allow(general, "MANAGE_MESSAGES")
    local.moderation.require_two_factor()
    local.bot.two_factor = False
    message = await ann.say(general, "delete me")
    address = f"/channels/{general.id}/messages/{message['id']}"
    refusal = {"message": "Two factor is required for this operation", "code": 60003}
    assert await rest("DELETE", address) == (403, refusal)
    assert (await rest("GET", f"/guilds/{local.guild.id}"))[1]["mfa_level"] == 1
    await rest.say("what needs no such permission goes on")
    local.bot.two_factor = True
    assert (await rest("DELETE", address))[0] == 204


async def test_an_outage_takes_a_server_away(local: LocalDiscord, rest: Rest, probe: Probe, ann: Person) -> None:
    """In an outage the bot keeps the guild as unavailable, hears nothing of it, and its requests there are 503."""
    general = local.channel("general")
    local.moderation.begin_outage()
    await probe.until("GUILD_DELETE")
    assert [guild.unavailable for guild in probe.guilds] == [True]
    for method, path, body in (
        ("POST", f"/channels/{general.id}/messages", {"content": "x"}),
        ("GET", f"/channels/{general.id}", None),
        ("GET", f"/guilds/{local.guild.id}/members/{ann.id}", None),
    ):
        status, answer = await rest(method, path, body)
        assert (status, answer["code"]) == (503, 130000)
    with pytest.raises(DiscordError, match="130000"):
        await ann.say(general, "hello?")
    role = local.moderation.create_role("Night watch")
    joined = len(probe.seen["GUILD_CREATE"])
    local.moderation.end_outage()
    await probe.until("GUILD_CREATE", joined + 1)
    (guild,) = probe.guilds
    assert (guild.unavailable, guild.get_role(int(role.id)) is None) == (False, False)
    assert probe.seen["GUILD_ROLE_CREATE"] == []
    await ann.say(general, "hello")
    assert (await probe.until("message")).content == "hello"


async def test_a_bot_that_starts_in_an_outage(local: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """READY names a guild that is away, GUILD_DELETE says so, and GUILD_CREATE brings it when it is back."""
    point_discord_py(local, monkeypatch)
    local.moderation.begin_outage()
    client = Probe()
    other = local.add_guild("Annexe")
    async with connected(local, client):
        await client.until("GUILD_DELETE")
        assert [str(guild.id) for guild in client.guilds if not guild.unavailable] == [other.id]
        local.moderation.end_outage()
        await client.until("GUILD_CREATE", 2)
        assert {guild.unavailable for guild in client.guilds} == {False}


async def test_people_edit_their_messages(local: LocalDiscord, watcher: Watcher, ann: Person) -> None:
    """An edit of one's own message is told with its time; another's is 50005."""
    message = await ann.say(local.channel("general"), "tee")
    await ann.edit(message, "tea")
    edited = await watcher.until("edited")
    assert (edited["content"], edited["edited_timestamp"] is None) == ("tea", False)
    with pytest.raises(DiscordError, match="50005"):
        await local.person("ben").edit(message, "coffee")


async def test_people_set_flags(local: LocalDiscord, ann: Person) -> None:
    """People write silently and without embeds, hide embeds afterwards, and set no flag of bots."""
    general = local.channel("general")
    message = await ann.say(general, "psst", flags=discord.MessageFlags(suppress_notifications=True).value)
    assert discord.MessageFlags._from_value(message["flags"]).suppress_notifications
    bots: Any = discord.MessageFlags(components_v2=True, ephemeral=True, suppress_embeds=True).value
    message = await ann.say(general, "plain", flags=bots)
    assert message["flags"] == discord.MessageFlags(suppress_embeds=True).value
    assert (await ann.suppress_embeds(message, suppressed=False))["flags"] == 0
    with pytest.raises(DiscordError, match="50005"):
        await local.person("ben").suppress_embeds(message)
    assert (await local.person("mia").suppress_embeds(message))["flags"] == 4


async def test_nitro_writes_longer(local: LocalDiscord, rest: Rest, ann: Person) -> None:
    """With Nitro a person may write and edit 4,000 characters; everybody else, and every bot, 2,000."""
    general = local.channel("general")
    with pytest.raises(DiscordError, match="50035"):
        await ann.say(general, "x" * 2001)
    ann.user.nitro = True
    message = await ann.say(general, "x" * 4000)
    assert len((await ann.edit(message, "y" * 4000))["content"]) == 4000
    with pytest.raises(DiscordError, match="50035"):
        await ann.say(general, "x" * 4001)
    assert (await rest("POST", f"/channels/{general.id}/messages", {"content": "x" * 2001}))[1]["code"] == 50035
