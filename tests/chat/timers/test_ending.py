"""The announcement of a finished pomodoro, and its buttons."""

from pathlib import Path

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.reading import Message, as_shown, buttons, eventually, rows, says

DAY = 24 * 3600


async def finish(discord: LocalDiscord, bot: Running, typed: str, minutes: int) -> Message:
    """Let Ann run a pomodoro to its end; return its announcement."""
    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, f"!pomodoro {typed}")
    await discord.wait_for(says("Ends"), channel=general, after=request)
    bot.advance(minutes * 60)
    return await discord.wait_for(says("POMODORO!"), channel=general, after=request)


async def test_a_day_that_is_shared(discord: LocalDiscord, bot: Running) -> None:
    """People who share their focus see today's total, and their streak on the day's first pomodoro only."""
    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, "!privacy share")
    await discord.wait_for(says("leaderboards"), channel=general, after=request)
    bot.advance(2)
    over = await finish(discord, bot, "essay 25m", 25)
    assert text_of(over) == f"POMODORO! essay · <@{ann.id}>\n-# Today 25 min"
    assert buttons(over) == ["Again", "Take 5", "Done"]
    bot.advance(DAY)
    over = await finish(discord, bot, "essay 25m", 25)
    assert "-# Today 25 min · 🔥 2 days in a row" in text_of(over)
    over = await finish(discord, bot, "mail 10m", 10)
    assert text_of(over).endswith("\n-# Today 35 min")


async def test_a_day_of_ones_own(discord: LocalDiscord, bot: Running) -> None:
    """People who don't share see their day behind a button, privately; another person's press shows their own."""
    ann, ben = discord.person("ann"), discord.person("ben")
    over = await finish(discord, bot, "essay 25m", 25)
    assert "Today" not in text_of(over)
    outcome = await ann.click(over, "My day")
    assert outcome.ephemeral
    assert "**Today** 25 min" in text_of(outcome.answer)
    outcome = await ben.click(over, "My day")
    assert outcome.ephemeral
    assert "No focus time yet" in text_of(outcome.answer)
    assert buttons(as_shown(discord, over)) == ["Again", "Take 5", "Done", "My day"]


async def test_a_direct_message(discord: LocalDiscord, bot: Running) -> None:
    """A direct message, which nobody else reads, shows the day's total."""
    ann = discord.person("ann")
    dm = await ann.dm()
    await ann.say(dm, "!pomodoro essay 25m")
    await discord.wait_for(says("Ends"), channel=dm)
    bot.advance(25 * 60)
    over = await discord.wait_for(says("POMODORO! essay"), channel=dm)
    assert "-# Today 25 min" in text_of(over)


async def test_done(discord: LocalDiscord, bot: Running) -> None:
    """Done takes the buttons away, and only the pomodoro's owner can press it."""
    ann, ben = discord.person("ann"), discord.person("ben")
    over = await finish(discord, bot, "essay 25m", 25)
    refused = await ben.click(over, "Done")
    assert "isn't your" in text_of(refused.answer)
    assert (await ann.click(over, "Done")).kind == "update"
    assert buttons(as_shown(discord, over)) == []
    assert "POMODORO! essay" in text_of(as_shown(discord, over))


async def test_a_break_is_no_focus(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """Five minutes' break takes one press, ends like a pomodoro, and does not count as focus."""
    ann, general = discord.person("ann"), discord.channel("general")
    over = await finish(discord, bot, "essay 25m", 25)
    bot.advance(2)
    await ann.click(over, "Take 5")
    await discord.wait_for(says("break", "Ends", "5 min"), channel=general, after=over)
    bot.advance(300)
    rested = await discord.wait_for(says("TIME IS UP! break"), channel=general, after=over)
    assert buttons(rested) == ["Again", "Done"]
    await eventually(lambda: rows(tmp_path / "test.db", "SELECT task FROM focus_log") == [("essay",)])
