"""Short commands for reminders: several at once, undo and snooze; and series in another time zone."""

from datetime import timedelta

from bot.localdiscord.local import text_of
from tests.chat.reminding import Reminding, at
from tests.reading import buttons

H = timedelta(hours=1)


async def test_several_at_once(remind: Reminding) -> None:
    """Several reminders are cancelled by their numbers, and all of them only after a question that names them."""
    for words in ("1h tea", "2h rice", "3h soup"):
        await remind.type(words)
    assert remind.pending == 3
    question = await remind.type("cancel all")
    assert (text_of(question), buttons(question)) == ("Should I cancel all 3 of your reminders?", ["All of them"])
    assert remind.pending == 3
    text = text_of(await remind.type("delete #1 and #3"))
    assert "Cancelled: tea" in text
    assert "Cancelled: soup" in text
    assert remind.pending == 1
    assert "Cancelled: rice" in text_of(await remind.type("clear"))
    assert remind.pending == 0


async def test_what_cannot_be_done_to_all(remind: Reminding) -> None:
    """Resuming several resumes those that are pending; the answer says why the others are not."""
    for words in ("5m tea", "2h rice"):
        await remind.type(words)
    await remind.press(await remind.type("pause all"), "All of them")
    remind.bot.advance(600)
    resumed = text_of(await remind.press(await remind.type("resume all"), "All of them"))
    assert "rice" in resumed
    assert resumed.endswith("-# #1: Its time has passed. When should it come instead?")
    assert remind.rows("SELECT state FROM timers ORDER BY id") == [("paused",), ("running",)]


async def test_more_than_a_message_holds(remind: Reminding) -> None:
    """An answer about all reminders fits in a message, however many there are and whatever their texts."""
    for number in range(30):
        await remind.type(f"at 15:{number} x{number}{'*_' * 99}")
        remind.bot.advance(0.1)
    assert text_of(await remind.type("timezone Berlin")).endswith("more")
    for verb, state in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        remind.bot.advance(2)
        await remind.press(await remind.type(f"{verb} all"), "All of them")
        assert remind.rows("SELECT DISTINCT state FROM timers") == [(state,)]


async def test_a_digest_is_no_reminder(remind: Reminding) -> None:
    """A server's digest cannot be rescheduled, reworded or paused like a reminder."""
    await remind.mia.slash(remind.general, "stats digest", channel=remind.general.id)
    before = remind.rows("SELECT name, due_at, state, version FROM timers")
    for words in ("edit #1 every 10 minutes hello", "pause #1", "cancel #1"):
        assert "You don't have a reminder #1." in text_of(await remind.type(words, remind.mia))
    assert "That reminder's gone." in text_of(await remind.type("snooze #1 1h", remind.mia))
    assert remind.rows("SELECT name, due_at, state, version FROM timers") == before


async def test_undo_takes_back_the_last(remind: Reminding) -> None:
    """Undo cancels the reminder that was set last, and says which."""
    await remind.type("3h soup")
    await remind.type("1h tea")
    assert text_of(await remind.type("undo")).startswith("Undone: tea")
    assert text_of(await remind.slash("undo")).startswith("Undone: soup")
    assert "You don't have any reminders" in text_of(await remind.type("undo"))


async def test_snooze_the_last_that_came(remind: Reminding) -> None:
    """Snooze postpones the reminder that came last, or the named one, once more."""
    assert "None of your reminders has come yet" in text_of(await remind.type("snooze 1h"))
    answer = await remind.type("1m tea")
    remind.bot.advance(60)
    await remind.come("tea", after=answer)
    snoozed = await remind.type("snooze 1h")
    assert text_of(snoozed).startswith("💤 Snoozed until")
    assert "> tea" in text_of(snoozed)
    assert remind.pending == 1
    assert text_of(await remind.slash("snooze", reminder="#1", when="2h")).startswith("💤 Snoozed until")
    assert remind.pending == 1


async def test_a_change_may_be_a_new_reminder(remind: Reminding) -> None:
    """A verb with a time at the end changes the reminder of that name; if there is none, a new one is offered."""
    await remind.type("3h tea")
    moved = await remind.type("move tea in 2h")
    assert remind.pending == 1
    assert "tea" in text_of(moved)
    question = await remind.type("move boxes in 2h")
    assert text_of(question) == "You don't have a reminder called “boxes”."
    [new] = buttons(question)
    await remind.press(question, new)
    await remind.bot.until(lambda: remind.pending == 2)


async def test_by_the_clocks_of_another_zone(remind: Reminding) -> None:
    """A series whose text names a zone keeps that zone's time: 17:00 in Tokyo stays that."""
    text = text_of(await remind.type("every day 5pm Tokyo time raid"))
    assert "every day at 17:00" in text
    assert remind.rows("SELECT zone FROM reminders") == [("Asia/Tokyo",)]


async def test_the_next_three_times(remind: Reminding) -> None:
    """A repetition is described in one sentence, with its next three times."""
    answer = await remind.type("every 2 hours drink")
    assert "every 2 hours" in text_of(answer)
    times = [at(hours * H).partition(" ")[0].replace(":F>", ":f>") for hours in (2, 4, 6)]
    assert f"Next: {' · '.join(times)}" in text_of(answer)
    assert buttons(answer) == ["Undo"]
