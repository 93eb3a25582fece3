"""*Set my time zone*: under reminders read as UTC, since the person's zone is unknown."""

from datetime import timedelta

from bot.localdiscord.local import text_of
from tests.chat.reminding import Reminding, at
from tests.reading import as_shown, buttons

H = timedelta(hours=1)
# Noon by UTC is 13:00 in Berlin: 15:00 there is two hours away, not three.
BUTTONS = ["Undo", "Set my time zone"]


def listed(after: timedelta) -> str:
    """Format how long after noon a reminder comes, as the list shows it."""
    return at(after).partition("(")[2].removesuffix(")")


async def test_it_moves_the_reminder(remind: Reminding) -> None:
    """A press asks for the zone; the reminder moves to that time there, and its confirmation shows it."""
    kept = await remind.type("today 15:00 tea")
    assert (at(3 * H) in text_of(kept), buttons(kept)) == (True, BUTTONS)
    answer = await remind.fill_in(kept, "Set my time zone", zone="berlin")
    assert at(2 * H) in text_of(answer)
    assert "Your time zone is Europe/Berlin; it's 13:00 there now" in text_of(answer)
    assert buttons(as_shown(remind.discord, kept)) == ["Undo"]
    remind.bot.advance(2 * 3600)
    await remind.come("tea")
    assert buttons(await remind.type("tomorrow 9am tea")) == ["Undo"]


async def test_without_a_time_of_day(remind: Reminding) -> None:
    """A reminder that does not depend on the zone has no such button, and does not move."""
    assert buttons(await remind.type("3h tea")) == ["Undo"]
    await remind.type("timezone Europe/Berlin")
    assert listed(3 * H) in text_of(await remind.type("list"))


async def test_a_typed_zone(remind: Reminding) -> None:
    """Typing one's zone soon after moves the reminders read as UTC too; later it does not."""
    await remind.type("today 15:00 tea")
    await remind.type("every day 16:00 cake")
    answer = text_of(await remind.type("timezone Europe/Berlin"))
    assert f"#1 comes at {at(2 * H)}: tea" in answer
    assert f"#2 comes at {at(3 * H)}: cake" in answer
    remind.bot.advance(2 * 3600)
    await remind.come("tea")
    remind.bot.advance(3600)
    await remind.come("cake")
    assert "lder reminders stay as they are" in text_of(await remind.type("timezone Asia/Tokyo"))


async def test_later(remind: Reminding) -> None:
    """A quarter of an hour later a typed zone moves nothing, but the button still moves its own."""
    kept = await remind.type("today 15:00 tea")
    remind.bot.advance(901)
    assert "stay as they are" in text_of(await remind.type("timezone Europe/Berlin"))
    assert at(2 * H) in text_of(await remind.fill_in(kept, "Set my time zone", zone="Europe/Berlin"))


async def test_a_time_that_has_passed_there(remind: Reminding) -> None:
    """A time that has passed in their zone stays where it is, and so does a cancelled reminder."""
    kept = await remind.type("today 12:30 tea")
    gone = await remind.type("today 15:00 cake")
    await remind.press(gone, "Undo")
    answer = await remind.fill_in(kept, "Set my time zone", zone="Europe/Berlin")
    assert "lder reminders stay as they are" in text_of(answer)
    assert listed(H / 2) in text_of(await remind.type("list"))


async def test_another_persons(remind: Reminding) -> None:
    """Nobody sets a zone under another person's reminder, not even a moderator."""
    kept = await remind.type("today 15:00 tea")
    for other in (remind.ben, remind.mia):
        assert "isn't your reminder" in text_of(await remind.press(kept, "Set my time zone", other))


async def test_an_unknown_zone(remind: Reminding) -> None:
    """An unknown zone is refused, and changes nothing."""
    kept = await remind.type("today 15:00 tea")
    refused = await remind.fill_in(kept, "Set my time zone", zone="Moon/Base")
    assert "a place called" in text_of(refused)
    assert listed(3 * H) in text_of(await remind.type("list"))


async def test_after_a_restart(remind: Reminding) -> None:
    """The button works after a restart, under a change too."""
    await remind.type("1h tea")
    changed = await remind.type("edit #1 today 15:00")
    await remind.bot.crash()
    await remind.bot.start()
    assert at(2 * H) in text_of(await remind.fill_in(changed, "Set my time zone", zone="Europe/Berlin"))


async def test_a_typed_zone_after_a_restart(remind: Reminding) -> None:
    """Reminders set, changed or snoozed by UTC move, even if the bot was killed before the zone was typed."""
    await remind.type("today 15:00 tea")
    await remind.type("1h cake")
    await remind.type("edit #2 today 16:00")
    await remind.type("1m bread")
    remind.bot.advance(60)
    await remind.press(await remind.come("bread"), "Tomorrow 9:00")
    await remind.bot.crash()
    await remind.bot.start()
    answer = text_of(await remind.type("timezone Europe/Berlin"))
    assert f"#1 comes at {at(2 * H)}: tea" in answer
    assert f"#2 comes at {at(3 * H)}: cake" in answer
    assert f"{at(20 * H)}: bread" in answer


async def test_beside_the_zone_itself(remind: Reminding) -> None:
    """The answer to which zone is set has a button to change it."""
    shown = await remind.type("timezone")
    assert buttons(shown) == ["Set my time zone"]
    answer = await remind.fill_in(shown, "Set my time zone", zone="Berlin")
    assert "Your time zone is Europe/Berlin; it's 13:00 there now" in text_of(answer)
    assert "Your time zone is Europe/Berlin." in text_of(await remind.type("timezone"))


async def test_a_zone_that_was_named(remind: Reminding) -> None:
    """A series in a named zone keeps to it, and its owner is not asked for theirs."""
    answer = await remind.type("every day 15:00 Berlin tea")
    assert "UTC" not in text_of(answer)
    assert buttons(answer) == ["Undo"]
    await remind.type("timezone Asia/Tokyo")
    assert listed(2 * H) in text_of(await remind.type("list"))
    edited = text_of(await remind.type("edit #1 every sunday 15:00 New York"))
    assert listed(175 * H).replace(":R", ":f") in edited  # summer time there
