import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.reading import buttons, eventually, rows, says, shows


async def test_the_seeds_story(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """Two timers at once: each shows a card, the shorter one finishes first, and each calls its owner."""
    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, "!pomodoro timer1 8")
    card = await discord.wait_for(says("timer1"), channel=general, after=request)
    assert card["message_reference"]["message_id"] == request["id"]
    assert re.search(r"Ends <t:\d+:R> · <t:\d+:T>", text_of(card))
    assert f"<@{ann.id}>" in text_of(card)
    assert buttons(card) == ["Pause", "+5 min", "Cancel", "Make it 8 min"]
    assert card["mentions"] == []
    asked2 = await ann.say(general, "!pomodoro timer2 4")
    card2 = await discord.wait_for(says("timer2"), channel=general, after=asked2)

    # A timer is at least a second long: its end comes after the bot has recorded its card.
    await eventually(lambda: rows(tmp_path / "test.db", "SELECT 1 FROM timers WHERE card_id IS NULL") == [])
    bot.advance(4)
    over2 = await discord.wait_for(says("POMODORO! timer2"), channel=general)
    bot.advance(4)
    over1 = await discord.wait_for(says("POMODORO! timer1"), channel=general)
    for over, its_card in ((over2, card2), (over1, card)):
        assert over["message_reference"]["message_id"] == its_card["id"]
        assert [user["id"] for user in over["mentions"]] == [str(ann.id)]
        assert buttons(over)[:4] == ["Again", "Take 5", "Done", "My day"]
        message = await discord.wait_for(says("Finished at"), channel=general, after=request)
        assert buttons(message) == []
    assert int(over2["id"]) < int(over1["id"])


async def test_words(discord: LocalDiscord, bot: Running) -> None:
    """A name may have several words; the defaults are 25 minutes and "pomodoro"; `!pomo` works too."""
    ann, general = discord.person("ann"), discord.channel("general")
    for typed, *texts in (
        ("!pomodoro green tea with milk 1h30m", "green tea with milk", "1 h 30 min"),
        ("!pomodoro read", "read", "25 min"),
        ("!pomodoro 90", "pomodoro", "1 h 30 min"),
        ("!pomodoro", "pomodoro", "25 min"),
        ('!POMODORO "list" 5', "list", "5 s"),
        ("! pomo 2.5", "pomodoro", "2 min 30 s"),
        ("!pomodoro eggs \N{ARABIC-INDIC DIGIT FIVE}m", "eggs", "5 min"),
    ):
        request = await ann.say(general, typed)
        card = await discord.wait_for(says(*texts), channel=general, after=request)
        assert buttons(card)


async def test_mention_thread_and_dm(discord: LocalDiscord, bot: Running) -> None:
    """The bot is reached by a mention, in a thread and in a DM too, and answers where it was asked."""
    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, f"<@{discord.bot.id}> pomodoro tea 5")
    await discord.wait_for(says("tea"), channel=general, after=request)
    thread = await ann.open_thread(request, "kitchen")
    request = await ann.say(thread, "!pomodoro eggs 5")
    await discord.wait_for(says("eggs"), channel=thread, after=request)
    dm = await ann.dm()
    request = await ann.say(dm, "!pomodoro secret 5")
    await discord.wait_for(says("secret"), channel=dm, after=request)
    bot.advance(5)
    for channel, name in ((general, "tea"), (thread, "eggs"), (dm, "secret")):
        await discord.wait_for(says(f"POMODORO! {name}"), channel=channel)


async def test_without_message_content(discord: LocalDiscord, clock: Any, sqlite: str) -> None:
    """With the Message Content intent off, only mentions and slash commands work."""
    discord.faults.message_content = False
    running = Running(discord, clock, sqlite)
    await running.start(message_content=False)
    ann, general = discord.person("ann"), discord.channel("general")
    await ann.say(general, "!pomodoro unheard 5")
    request = await ann.say(general, f"<@{discord.bot.id}> pomodoro tea 5")
    await discord.wait_for(says("tea"), channel=general, after=request)
    await ann.slash(general, "pomodoro start", name="eggs", duration="5")
    await discord.wait_for(says("eggs"), channel=general, after=request)
    assert not any("unheard" in text_of(m) for m in discord.messages(general) if m["author"].get("bot"))
    await running.stop()


async def test_commands_on_a_timer(discord: LocalDiscord, bot: Running) -> None:
    """A timer is paused, resumed, extended, viewed and cancelled by name or number, and its card follows."""
    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, "!pomodoro tea 10m")
    card = await discord.wait_for(says("tea"), channel=general, after=request)
    number = re.search(r"#\d+", text_of(card))[0]  # type: ignore[index]
    bot.advance(60)
    for typed, answer, text in (
        ("!pomodoro pause tea", "Paused tea", "Paused with 9 min left"),
        (f"!pomodoro time {number}", "**tea** is paused with 9 min left", "Paused"),
        ("!pomodoro resume", "Resumed tea", "Ends"),
        ("!pomodoro time tea", "**tea** has 8 min 59 s left", "Ends"),
        ("!pomodoro extend tea 5m", "Extended tea", "Ends"),
        ("!pomodoro list", f"`{number}` tea", "Ends"),
        (f"!pomodoro cancel {number}", "Cancelled tea", "Cancelled"),
    ):
        request = await ann.say(general, typed)
        answered = await discord.wait_for(says(answer), channel=general, after=request)
        assert answered["message_reference"]["message_id"] == request["id"]
        await discord.wait_for(shows(card, text), channel=general)
        bot.advance(1)  # edits go one a second
    bot.advance(3600)
    request = await ann.say(general, "!pomodoro list")
    await discord.wait_for(says("No timers running here"), channel=general, after=request)
    assert not any("POMODORO!" in text_of(message) for message in discord.messages(general))


async def test_buttons_on_a_card(discord: LocalDiscord, bot: Running) -> None:
    """Pause, Resume, +5 min and Cancel do what they say, and the card shows it at once."""
    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, "!pomodoro tea 10m")
    card = await discord.wait_for(says("tea"), channel=general, after=request)
    for label, text, left in (
        ("Pause", "Paused with 10 min left", ["Resume", "+5 min", "Cancel"]),
        ("+5 min", "Paused with 15 min left", ["Resume", "+5 min", "Cancel"]),
        ("Resume", "Ends", ["Pause", "+5 min", "Cancel"]),
        ("Cancel", "Cancelled", []),
    ):
        out = await ann.click(card, label)
        assert out.kind == "update"
        card = out.answer
        assert text in text_of(card)
        assert buttons(card) == left


@pytest.mark.parametrize(("label", "name", "length"), [("Again", "tea", "10 min"), ("Take 5", "break", "5 min")])
async def test_going_on(discord: LocalDiscord, bot: Running, label: str, name: str, length: str) -> None:
    """Under the announcement, Again starts the same timer and Take 5 a break; each only once."""
    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, "!pomodoro tea 10m")
    await discord.wait_for(says("tea"), channel=general, after=request)
    bot.advance(600)
    over = await discord.wait_for(says("POMODORO! tea"), channel=general)
    first, second = await asyncio.gather(ann.click(over, label), ann.click(over, label))
    await discord.wait_for(says(name, "Ends", length), channel=general, after=over)
    gone = await discord.wait_for(lambda m: m["id"] == over["id"] and not buttons(m), channel=general)
    assert "POMODORO! tea" in text_of(gone)
    late = second if first.kind == "update" else first
    assert "already running" in text_of(late.answer)
    assert late.answer["flags"] & 64
    await discord.wait_for(says("Finished at"), channel=general, after=request)  # which comes after all of that
    assert len([m for m in discord.messages(general) if "Ends" in text_of(m)]) == 1


async def test_slash(discord: LocalDiscord, bot: Running) -> None:
    """The slash commands do the same, suggest one's own timers, and answer in private."""
    ann, ben, focus = discord.person("ann"), discord.person("ben"), discord.channel("focus")
    out = await ann.slash(focus, "pomodoro start", name="green tea", duration="10m")
    card = out.answer
    assert "green tea" in text_of(card)
    assert not card["flags"] & 64
    # the answer contains its message, so that no query is needed
    assert [exchange.path for exchange in discord.exchanges if exchange.path.endswith("@original")] == []
    await ben.slash(focus, "pomodoro start", name="green eggs", duration="10m")
    (choice,) = await ann.autocomplete(focus, "pomodoro pause", "timer", "GREE")
    assert choice["name"].startswith("green tea · 10 min left")
    assert await ann.autocomplete(focus, "pomodoro resume", "timer", "") == []
    for command in ("cancel", "extend", "time"):
        assert await ann.autocomplete(focus, f"pomodoro {command}", "timer", "") == [choice], command
    out = await ann.slash(focus, "pomodoro pause", timer=choice["value"])
    assert text_of(out.answer).startswith("Paused green tea")
    assert out.answer["flags"] & 64
    await discord.wait_for(shows(card, "Paused with"), channel=focus)
    for command, options, answer in (
        ("pomodoro resume", {}, "Resumed green tea"),
        ("pomodoro time", {"timer": "green eggs"}, "**green eggs** has"),
        ("pomodoro extend", {"by": "5m", "timer": "green tea"}, "Extended green tea"),
        ("pomodoro list", {}, "green eggs"),
        ("pomodoro help", {}, "/pomodoro start name: tea duration: 5m"),
        ("pomodoro cancel", {}, "Cancelled green tea"),
        ("pomodoro cancel", {"timer": "nothing"}, "There's no timer called “nothing”"),
    ):
        out = await ann.slash(focus, command, **options)
        assert answer in text_of(out.answer)
        assert out.answer["flags"] & 64


async def test_whose_timer(discord: LocalDiscord, bot: Running) -> None:
    """Others may view but not change it; a moderator may do both in that channel."""
    ann, ben, mia, general = (*map(discord.person, ("ann", "ben", "mia")), discord.channel("general"))
    request = await ann.say(general, "!pomodoro tea 10m")
    card = await discord.wait_for(says("tea"), channel=general, after=request)
    request = await ben.say(general, "!pomodoro time tea")
    await discord.wait_for(says("**tea** has 10 min left"), channel=general, after=request)
    request = await ben.say(general, "!pomodoro cancel tea")
    await discord.wait_for(says("isn't your"), channel=general, after=request)
    out = await ben.click(card, "Cancel")
    assert "isn't your" in text_of(out.answer)
    assert out.answer["flags"] & 64
    assert (await mia.click(card, "Pause")).kind == "update"
    request = await mia.say(general, "!pomodoro cancel tea")
    await discord.wait_for(says("Cancelled tea"), channel=general, after=request)


async def test_a_list_keeps_other_channels_to_oneself(discord: LocalDiscord, bot: Running) -> None:
    """A list in a channel names no timer of another channel; in private it does."""
    ann, general, dm = discord.person("ann"), discord.channel("general"), await discord.person("ann").dm()
    request = await ann.say(dm, "!pomodoro secret 10m")
    await discord.wait_for(says("secret"), channel=dm, after=request)
    request = await ann.say(general, "!pomodoro list")
    listed = await discord.wait_for(says("1 more in other places"), channel=general, after=request)
    assert "secret" not in text_of(listed)
    out = await ann.slash(general, "pomodoro list")
    assert "secret" in text_of(out.answer)


async def test_who_is_not_answered(discord: LocalDiscord, bot: Running) -> None:
    """Other bots, webhooks, typos and chatter are not answered."""
    ann, general = discord.person("ann"), discord.channel("general")
    await discord.say_as_other_bot(general, "!pomodoro robot 5")
    await discord.say_as_webhook(general, "!pomodoro hook 5")
    for typed in (
        "!pomdro tea 5",
        "pomodoro tea 5",
        "!pomodorotea 5",
        "!",
        "tea? !pomodoro tea 5",
    ):
        await ann.say(general, typed)
    request = await ann.say(general, "!pomodoro list")
    await discord.wait_for(says("No timers running here"), channel=general, after=request)
    assert len([m for m in discord.messages(general) if m["author"]["id"] == str(discord.bot.id)]) == 1


async def test_harmless_names(discord: LocalDiscord, bot: Running) -> None:
    """A name of mentions and markdown is shown as it was typed and pings nobody but the owner."""
    ann, ben, general = discord.person("ann"), discord.person("ben"), discord.channel("general")
    request = await ann.say(general, f'!pomodoro "@everyone <@{ben.id}> **x** https://a.b Discord.GG/a" 5')
    card = await discord.wait_for(says("Ends"), channel=general, after=request)
    assert "@\u200beveryone " rf"\<\@{ben.id}\> \*\*x\*\* https\://a.b Discord\.GG/a" in text_of(card)
    assert (card["mentions"], card["mention_everyone"]) == ([], False)
    bot.advance(5)
    over = await discord.wait_for(says("POMODORO!"), channel=general)
    assert ([user["id"] for user in over["mentions"]], over["mention_everyone"]) == ([str(ann.id)], False)


async def test_completing_a_long_name(discord: LocalDiscord, bot: Running) -> None:
    """A name of 80 characters is suggested too, shortened to the limit of a choice."""
    ann, general = discord.person("ann"), discord.channel("general")
    for letter, length in (("x", 80), ("y", 75)):
        await ann.slash(general, "pomodoro start", name=letter * length, duration="23h59m")
    choices = [choice["name"] for choice in await ann.autocomplete(general, "pomodoro cancel", "timer", "")]
    assert choices == [f"{'x' * 75}… · 23 h 59 min left · #1", f"{'y' * 75} · 23 h 59 min left · #2"]
