import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.people import Person
from tests.chat.conftest import Running
from tests.reading import says

PLACES = ("lounge", "Weekend plans")


@pytest.fixture
def ann(discord: LocalDiscord) -> Person:
    """A person who takes the bot to places where it is no member: another server, and a group chat."""
    ann = discord.person("ann")
    ann.install()
    return ann


@pytest.mark.parametrize("place", PLACES)
async def test_reminded_directly(discord: LocalDiscord, bot: Running, ann: Person, place: str) -> None:
    """Where the bot is no member, a reminder is set ephemerally, and comes by direct message."""
    out = await ann.slash(discord.channel(place), "remind set", when="20m", what="stretch")
    assert out.answer["flags"] & 64
    assert "I'll DM you" in text_of(out.answer)
    assert "by direct message" in text_of(out.answer)
    bot.advance(1200)
    due = await discord.wait_for(says("⏰ stretch"), channel=await ann.dm())
    assert "stretch" in text_of((await ann.click(due, "Done")).answer)


async def test_where_the_bot_is_a_member_too(discord: LocalDiscord, bot: Running, ann: Person) -> None:
    """Where the bot is a member too, it reminds people with the app in the channel."""
    out = await ann.slash(discord.channel("general"), "remind set", when="20m", what="stretch")
    assert "I'll remind you" in text_of(out.answer)
    bot.advance(1200)
    await discord.wait_for(says(f"{ann.mention} stretch"), channel=discord.channel("general"))


@pytest.mark.parametrize("place", PLACES)
async def test_of_a_message(discord: LocalDiscord, bot: Running, ann: Person, place: str) -> None:
    """A message's menu sets a reminder there too, which links back to it."""
    channel = discord.channel(place)
    message = await discord.person("ben").say(channel, "bring the book")
    form = (await ann.context_menu("Remind me", message)).modal
    assert form
    assert "Where?" not in str(form)
    done = await ann.submit(form, {"when": "30m"})
    assert "I'll DM you" in text_of(done.answer)
    bot.advance(1800)
    due = await discord.wait_for(says("Come back to this message"), channel=await ann.dm())
    where = f"https://discord.com/channels/{channel.guild_id or '@me'}/{channel.id}/{message['id']}"
    assert where in text_of(due)


async def test_listed_and_undone(discord: LocalDiscord, bot: Running, ann: Person) -> None:
    """Reminders set elsewhere are listed and cancelled from anywhere; Undo works where they were set."""
    lounge, general = discord.channel("lounge"), discord.channel("general")
    out = await ann.slash(lounge, "remind set", when="1h", what="water")
    await ann.slash(lounge, "remind set", when="2h", what="plants")
    assert "Undone: water" in text_of((await ann.click(out.answer, "Undo")).answer)
    assert "plants" in text_of((await ann.slash(general, "remind list")).answer)
    assert "Cancelled: plants" in text_of((await ann.slash(general, "remind cancel", reminder="plants")).answer)


async def test_nobody_else(discord: LocalDiscord, bot: Running, ann: Person) -> None:
    """Elsewhere people can remind only themselves, and neither timers nor sessions are offered."""
    lounge = discord.channel("lounge")
    out = await ann.slash(lounge, "remind set", when="1h", what="x", channel=lounge)
    assert "I can't see that from here" in text_of(out.answer)
    for command in ("pomodoro start", "focus start", "stats me"):
        with pytest.raises(LookupError, match="not offered"):
            await ann.slash(lounge, command)
