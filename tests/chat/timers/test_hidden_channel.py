"""Timers of people who can no longer see the channel, or have left: announced by direct message."""

import pytest

from bot.localdiscord.channel import Channel
from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.counting import Counting
from tests.reading import says


async def until_posted(count: Counting, channel: Channel, *parts: str) -> None:
    """Let time pass until a channel has a message with these parts."""
    await count.bot.until(lambda: any(says(*parts)(message) for message in count.discord.messages(channel)))


async def test_announced_directly(count: Counting, discord: LocalDiscord) -> None:
    """A person who can no longer see the channel gets a direct message; others' timers are announced there."""
    await count.ask("!pomodoro tea 5m", count.ben)
    await count.ask("!pomodoro eggs 5m")
    discord.deny(count.general, "VIEW_CHANNEL", user=count.ben.user)
    count.bot.advance(300)
    await until_posted(
        count, await count.ben.dm(), "POMODORO! tea", f"I couldn't post this in <#{count.general.id}>"
    )
    await until_posted(count, count.general, "POMODORO! eggs")
    assert not any("POMODORO! tea" in text_of(message) for message in discord.messages(count.general))


async def test_a_role_that_is_gone(count: Counting, discord: LocalDiscord) -> None:
    """If a role shows the channel, people who lost it get direct messages; those who have it are pinged there."""
    role = discord.moderation.create_role("Team")
    team = discord.create_channel("team")
    everyone = discord.guild.roles[discord.guild.id]
    discord.moderation.overwrite(team, everyone, deny=("VIEW_CHANNEL",))
    discord.moderation.overwrite(team, role, allow=("VIEW_CHANNEL", "SEND_MESSAGES"))
    discord.allow(team, "VIEW_CHANNEL", "SEND_MESSAGES")
    for person in (count.ann, count.ben):
        discord.moderation.give_role(person, role)
        await count.ask("!pomodoro tea 5m", person, team)
    discord.moderation.take_role(count.ben, role)
    count.bot.advance(300)
    await until_posted(count, await count.ben.dm(), f"POMODORO! tea · <@{count.ben.id}>")
    await until_posted(count, team, f"POMODORO! tea · <@{count.ann.id}>")


async def test_who_has_left_the_server(count: Counting, discord: LocalDiscord) -> None:
    """A removed member's timer is announced to them directly, even if everybody can see the channel."""
    count.ben.install()
    await count.ask("!pomodoro tea 5m", count.ben)
    await count.ask("!pomodoro eggs 5m")
    discord.moderation.kick(count.ben)
    queries = discord.gateway.member_queries
    queries.clear()
    count.bot.advance(250)
    await count.bot.until(lambda: queries)
    count.bot.advance(50)
    await until_posted(
        count, await count.ben.dm(), "POMODORO! tea", f"I couldn't post this in <#{count.general.id}>"
    )
    await until_posted(count, count.general, "POMODORO! eggs")
    assert not any("POMODORO! tea" in text_of(message) for message in discord.messages(count.general))
    assert len(queries) == 1, "both are asked for together, and before it is due"


async def test_an_archived_thread(count: Counting, discord: LocalDiscord) -> None:
    """An archived private thread gets no announcement for a person who is no longer in it."""
    discord.allow(count.general, "CREATE_PRIVATE_THREADS", user=count.ben.user)
    body = {"name": "secret", "type": 12, "auto_archive_duration": 60}
    thread = discord.backend.places.create_thread(count.general, count.ben.user, body)
    discord.backend.threads.join(thread, discord.bot.id)
    await count.ask("!pomodoro tea 5m", count.ben, thread)
    discord.archive_thread(thread)
    discord.backend.threads.leave(thread, count.ben.id)
    count.bot.advance(300)
    await until_posted(count, await count.ben.dm(), "POMODORO! tea")
    assert not any("POMODORO! tea" in text_of(message) for message in discord.messages(thread))


async def test_a_timer_waits_for_no_answer(
    count: Counting, discord: LocalDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If Discord does not report members, a timer in a public channel is announced without waiting."""
    monkeypatch.setattr("bot.chat.runtime.gateway_members._ANSWER", 0.05)
    silence = discord.faults.silence_members()
    await count.ask("!pomodoro tea 5m", count.ben)
    count.bot.advance(250)
    await count.bot.until(lambda: silence.struck)
    count.bot.advance(50)
    await until_posted(count, count.general, "POMODORO! tea")
