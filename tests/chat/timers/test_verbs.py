"""What can be done to timers besides starting them, typed and by buttons."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.reading import as_shown, buttons, eventually, rows, says, shows


async def test_a_name_is_changed_and_changed_back(discord: LocalDiscord, bot: Running) -> None:
    """A timer is renamed, on its card and in its announcement, and undo restores its name."""
    card = await bot.answer("!pomodoro tea 10m", "tea", "Ends")
    await bot.answer("!pomodoro rename tea to green tea", "tea is now called green tea")
    await discord.wait_for(shows(card, "green tea"), channel=discord.channel("general"))
    await bot.answer("!pomodoro undo", "Undone. tea (#1)")
    await bot.answer("!pomodoro rename tea", "It's already called “tea”. What's the new name?")
    await bot.answer('!pomodoro rename to "white tea"', "tea is now called white tea")
    bot.advance(600)
    await discord.wait_for(says("POMODORO! white tea"), channel=discord.channel("general"))


async def test_a_cancelled_timer_goes_on_after_undo(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """A timer cancelled by mistake continues as if it had never been, and counts once."""
    card = await bot.answer("!pomodoro tea 10m", "tea", "Ends")
    ends = re.search(r"<t:(\d+):R>", text_of(card))
    assert ends
    bot.advance(60)
    await bot.answer("!pomodoro stop", "Cancelled tea (#1).")
    await discord.wait_for(shows(card, "Cancelled"), channel=discord.channel("general"))
    await bot.answer("!pomodoro undo", "Undone. tea (#1)", ends[0])
    await discord.wait_for(shows(card, "Ends"), channel=discord.channel("general"))
    bot.advance(600)
    await discord.wait_for(says("POMODORO! tea"), channel=discord.channel("general"))
    assert rows(tmp_path / "test.db", "SELECT focused FROM focus_log") == [(600_000,)]
    await bot.answer("!pomodoro undo", "nothing to undo")


async def test_a_paused_timer_is_paused_after_undo(bot: Running) -> None:
    """A timer that was paused when cancelled is paused again; people can undo only their own changes."""
    await bot.answer("!pomodoro tea 10m", "tea", "Ends")
    await bot.answer("!pomodoro pause", "Paused tea")
    await bot.answer("!pomodoro done tea", "Cancelled tea")
    await bot.answer("!pomodoro undo", "nothing to undo", person="ben")
    await bot.answer("!pomodoro undo", "Paused with 9 min")


async def test_an_extension_is_taken_back(discord: LocalDiscord, bot: Running) -> None:
    """A plus is minutes, and the answer says so; undo, pressed or typed, works for five minutes."""
    card = await bot.answer("!pomodoro tea 10m", "tea", "Ends")
    before = re.search(r"<t:\d+:R>", text_of(card))
    assert before
    await bot.answer("!pomodoro +5", "Extended tea (#1) by 5 minutes.")
    await bot.answer("!pomodoro undo", "Undone. tea (#1)", before[0])
    await bot.answer("!pomodoro extend tea 5", "Extended tea (#1) by 5 seconds.")
    await discord.person("ann").click(as_shown(discord, card), "+5 min")
    await bot.answer("!pomodoro undo", "Undone")
    await bot.answer("!pomodoro time tea", "tea")
    await bot.answer("!pomodoro add 5m to tea", "by 5 min")
    bot.advance(301)
    await bot.answer("!pomodoro undo", "nothing to undo")


async def test_all_are_cancelled_at_once(bot: Running) -> None:
    """One word cancels all of one's timers, numbers or names several; undo restores all of them."""
    for name in ("tea", "rice", "eggs"):
        await bot.answer(f"!pomodoro {name} 10m", name, "Ends")
    await bot.answer("!pomodoro bread 10m", "bread", "Ends", person="ben")
    await bot.answer("!pomodoro cancel #1 #2", "Cancelled tea (#1) and rice (#2).")
    await bot.answer("!pomodoro undo", "tea (#1) and rice (#2) are back")
    await bot.answer("!pomodoro cancel tea and eggs", "Cancelled tea (#1) and eggs (#3).")
    await bot.answer("!pomodoro undo", "are back")
    answer = await bot.answer("!pomodoro cancel all", "Cancelled")
    assert [name in text_of(answer) for name in ("tea", "rice", "eggs", "bread")] == [True, True, True, False]
    await bot.answer("!pomodoro cancel all", "You don't have a timer running.")
    await bot.answer("!pomodoro list", "bread")


async def test_what_cannot_be_done_to_all(discord: LocalDiscord, bot: Running) -> None:
    """Pausing several pauses those that can be; the answer says why the others can't, and the cards follow."""
    card = await bot.answer("!pomodoro tea 10m", "tea", "Ends")
    for name in ("rice", "eggs"):
        await bot.answer(f"!pomodoro {name} 10m", name, "Ends")
    await bot.answer("!pomodoro pause rice", "Paused rice (#2)")
    answer = await bot.answer("!pomodoro pause #1 #2 #3", "Paused tea (#1)")
    assert text_of(answer) == "Paused tea (#1) and eggs (#3).\n-# #2: It's already paused."
    await eventually(lambda: "Paused with" in text_of(as_shown(discord, card)))
    await bot.answer("!pomodoro pause #1 #2", "It's already paused.\nTry `!pomodoro resume #1`")


async def test_more_than_a_message_holds(bot: Running) -> None:
    """An answer that names many timers fits in a message, whatever their number and names."""
    for number in range(20):
        await bot.answer(f"!pomodoro {number:02}{'*_' * 39} 1h", f"{number:02}")
    for verb, done in (("pause all", "Paused"), ("cancel all", "Cancelled"), ("undo", "are back")):
        assert " and 13 more" in text_of(await bot.answer(f"!pomodoro {verb}", done))


async def test_the_only_paused_timer_resumes(bot: Running) -> None:
    """Resume means the only paused timer, even if others run; with two paused, the bot asks which."""
    for name in ("tea", "rice", "eggs"):
        await bot.answer(f"!pomodoro {name} 10m", name, "Ends")
    await bot.answer("!pomodoro resume", "None of your timers is paused.")
    await bot.answer("!pomodoro pause", "Which one?")
    await bot.answer("!pomodoro pause rice", "Paused rice")
    await bot.answer("!pomodoro unpause", "Resumed rice")
    await bot.answer("!pomodoro pause rice and eggs", "Paused rice (#2) and eggs (#3).")
    await bot.answer("!pomodoro pause", "Paused tea")
    await bot.answer("!pomodoro continue", "Which one?")
    await bot.answer("!pomodoro resume all", "Resumed")


@pytest.mark.parametrize("again", ["again", "redo tea"])
async def test_the_last_timer_starts_again(bot: Running, again: str) -> None:
    """The last finished timer starts once more, by one word too."""
    await bot.answer(f"!pomodoro {again}", "finished")
    await bot.answer("!pomodoro tea 10m", "tea", "Ends")
    await bot.answer("!pomodoro cancel", "Cancelled tea")
    await bot.answer(f"!pomodoro {again}", "tea", "Ends", "10 min", "#2")
    await bot.answer(f"!pomodoro {again}", "already running, as #2")
    await bot.answer("!pomodoro cancel", "Cancelled tea")
    await bot.answer("!pomodoro again #1", "already started it again, as #2")
    await bot.answer("!pomodoro again #2", "tea", "Ends", "#3")


async def test_a_number_is_made_minutes(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """A bare number after a name is seconds; one press makes it minutes, counted from the start.

    The button works after a restart, and for the owner only; a length with a unit has none.
    """
    ann, general = discord.person("ann"), discord.channel("general")
    began = bot.clock.now()
    card = await bot.answer("!pomodoro tea 25", "tea", "25 s")
    assert buttons(card)[-1] == "Make it 25 min"
    plain = await bot.answer("!pomodoro rice 25s", "rice")
    assert buttons(plain) == ["Pause", "+5 min", "Cancel"]
    await bot.stop()
    await bot.start()
    refused = await discord.person("ben").click(card, "Make it 25 min")
    assert "Only its owner" in text_of(refused.answer)
    made = await ann.click(card, "Make it 25 min")
    assert made.kind == "update"
    assert f"<t:{round(began.timestamp()) + 1500}:R>" in text_of(made.answer)
    assert buttons(made.answer) == ["Pause", "+5 min", "Cancel"]
    assert rows(tmp_path / "test.db", "SELECT length, extended, offer FROM timers WHERE name = 'tea'") == [
        (1_500_000, 0, None)
    ]
    bot.advance(1500)
    await discord.wait_for(says("POMODORO! tea"), channel=general)


async def test_a_number_is_made_minutes_at_the_end(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """Five seconds are soon over: the announcement offers the minutes too, counted from the start."""
    ann, general = discord.person("ann"), discord.channel("general")
    began = bot.clock.now()
    request = await ann.say(general, "!pomodoro tea 5")
    await discord.wait_for(says("tea", "Ends"), channel=general, after=request)
    await eventually(lambda: rows(tmp_path / "test.db", "SELECT 1 FROM timers WHERE card_id IS NULL") == [])
    bot.advance(5)
    over = await discord.wait_for(says("POMODORO! tea"), channel=general)
    assert buttons(over) == ["Again", "Take 5", "Done", "My day", "Make it 5 min"]
    bot.advance(5)
    await ann.click(over, "Make it 5 min")
    ends = f"<t:{round(began.timestamp()) + 300}:R>"
    await discord.wait_for(says("tea", ends), channel=general, after=over)
    await discord.wait_for(lambda m: m["id"] == over["id"] and not buttons(m), channel=general)


async def test_by_slash_commands(discord: LocalDiscord, bot: Running) -> None:
    """The new verbs are slash commands too."""
    ann, general = discord.person("ann"), discord.channel("general")
    await ann.slash(general, "pomodoro start", name="tea", duration="1 h, 30 m")
    outcomes: list[Any] = [
        await ann.slash(general, "pomodoro rename", name="green tea", timer="tea"),
        await ann.slash(general, "pomodoro undo"),
        await ann.slash(general, "pomodoro cancel"),
        await ann.slash(general, "pomodoro again"),
    ]
    for outcome, text in zip(
        outcomes, ("now called green tea", "Undone. tea", "Cancelled tea", "1 h 30 min"), strict=True
    ):
        assert text in text_of(outcome.answer)


async def test_other_names_of_commands(discord: LocalDiscord, bot: Running) -> None:
    """Commands have the names that people know from elsewhere; those of music bots are left to them."""
    ann, general = discord.person("ann"), discord.channel("general")
    for typed, text in (
        ("!pomo tea 5m", "tea"),
        ("!reminders", "any reminders"),
        ("!remindme 20m stretch", "stretch"),
        ("!timezone Europe/Berlin", "Berlin"),
        ("!lb", ""),
    ):
        request = await ann.say(general, typed)
        await discord.wait_for(says(text), channel=general, after=request)
        bot.advance(2)
    before = len(discord.messages(general))
    for typed in ("!p tea 5m", "!stop"):
        await ann.say(general, typed)
    request = await ann.say(general, "!pomo list")
    await discord.wait_for(says("tea"), channel=general, after=request)
    assert len(discord.messages(general)) == before + 4


async def test_until_a_time(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """An end uses the person's own zone: without one they are asked, as they are about a time that has passed."""
    end = bot.clock.now() + timedelta(hours=2)
    question = await bot.answer(
        f"!pomodoro tea until {end:%H:%M}", "I don't know your time zone", "is 2 h from now"
    )
    assert buttons(question) == ["“tea” for 2 h", "Set my time zone"]
    await discord.person("ann").click(question, "Set my time zone")
    await discord.wait_for(
        says("zone: Europe/Berlin"),
        reader=discord.person("ann"),
        channel=discord.channel("general"),
        after=question,
    )
    bot.advance(2)
    assert "Ends" in text_of((await discord.person("ann").click(question, "“tea” for 2 h")).answer)
    await discord.person("ann").say(discord.channel("general"), "!remind timezone UTC")
    await discord.wait_for(says("Your time zone is UTC"), channel=discord.channel("general"))
    bot.advance(2)
    over = bot.clock.now() - timedelta(hours=1)
    question = await bot.answer(f"!pomodoro rice until {over:%H:%M}", "has already passed today")
    await discord.person("ann").click(question, f"“rice” until {over:%H:%M} tomorrow")
    bot.advance(2)
    await bot.answer(f"!pomodoro eggs until {end:%H:%M}", "eggs", "Ends")
    assert [name for (name,) in rows(tmp_path / "test.db", "SELECT name FROM timers ORDER BY id")] == [
        *("tea", "rice", "eggs")
    ]


async def test_more_minutes(bot: Running) -> None:
    """Asking for more minutes extends the current timer, or the one that is named."""
    await bot.answer("!pomodoro tea 10m", "tea", "Ends")
    await bot.answer("!pomodoro 5 more minutes", "Extended tea (#1) by 5 minutes.")
    await bot.answer("!pomodoro tea 5 more minutes", "Extended tea (#1) by 5 minutes.")
    bot.advance(2)
    await bot.answer("!pomodoro list?", "tea")


async def test_a_name_that_no_timer_has(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """An unknown name may be a slip, or with its verb the name of a new timer; a press does either."""
    ann = discord.person("ann")
    question = await bot.answer("!pomodoro list of references", "no timer called “of references”")
    assert buttons(question) == ["“list of references” for 25 min"]
    assert "Ends" in text_of((await ann.click(question, "“list of references” for 25 min")).answer)
    bot.advance(2)
    await bot.answer("!pomodoro tea 10m", "tea", "Ends")
    question = await bot.answer("!pomodoro extend tee 5m", "no timer called “tee”")
    assert buttons(question) == ["#2 tea", "#1 list of references"]
    assert "Extended tea (#2) by 5 minutes" in text_of((await ann.click(question, "#2 tea")).answer)
    bot.advance(2)
    question = await bot.answer("!pomodoro again tee", "finished timer called “tee”")
    assert buttons(question) == ["“tee” for 25 min"]


@pytest.mark.parametrize(
    ("typed", "button"),
    [
        ("cancell green tea", "Cancel a timer: green tea"),
        ("reset", "Start your last timer again"),
        ("lsit", "Show this channel's timers, and your own"),
        ("join writing", "Join the session: writing"),
        ("stats", "Show your focus time"),
    ],
)
async def test_commands_in_plain_words(bot: Running, typed: str, button: str) -> None:
    """A button that carries a command says what it does, not what one would type."""
    assert buttons(await bot.answer(f"!pomodoro {typed}", ""))[0] == button


async def test_a_verb_in_a_name_asks_where_there_is_a_timer_that_it_may_change(bot: Running) -> None:
    """*Update tea 10m* starts a timer, unless one is called tea and may be meant; each choice does as it says."""
    await bot.answer("!pomodoro update tea 10m", "update tea", "Ends")
    await bot.answer("!pomodoro tea 10m", "tea", "Ends")
    asked = await bot.answer("!pomodoro update tea 10m", "extend “tea”, or start a new timer?")
    assert buttons(asked) == ["10 min longer", "“tea” for 10 min", "“update tea” for 10 min"]
    await bot.answer('!pomodoro "update tea" 10m', "update tea", "Ends")


async def test_more_time_is_for_a_timer_of_that_name(bot: Running) -> None:
    """*Tea +5m* makes tea longer; where there is none, it is asked whether to start it."""
    asked = await bot.answer("!pomodoro tea +5m", "There's no timer called “tea” running.")
    assert buttons(asked)[0] == "“tea” for 5 min"
    await bot.answer("!pomodoro tea 10m", "tea", "Ends")
    await bot.answer("!pomodoro tea +5m", "Extended tea (#1) by 5 minutes.")
    await bot.answer("!pomodoro give tea 5 more minutes", "Extended tea (#1) by 5 minutes.")
