"""Buttons and menus of reminders: done, snooze, stop, and choosing from lists and bundles."""

from datetime import timedelta

from bot.localdiscord.local import text_of
from tests.chat.reminding import ALL, Reminding, at, menus
from tests.reading import Message, buttons, eventually

H, M = timedelta(hours=1), timedelta(minutes=1)
SECONDS = {"Snooze 10 min": 600, "1 h": 3600, "Tomorrow 9:00": 75_600}


async def wait_until_due(remind: Reminding, words: str = "1h tea", advance: float = 3600) -> Message:
    """Set a reminder and let its time come."""
    await remind.type(words)
    remind.bot.advance(advance)
    return await remind.come("tea")


async def test_snooze(remind: Reminding) -> None:
    """A snoozed reminder shows until when, comes once more then, and can be snoozed again."""
    due = await wait_until_due(remind)
    now = H
    for button, seconds in SECONDS.items():
        # Tomorrow at nine is counted from noon, not from the last snooze.
        until = timedelta(seconds=seconds) if button.startswith("Tom") else now + timedelta(seconds=seconds)
        answer = await remind.press(due, button)
        assert text_of(answer).startswith(f"⏰ {remind.ann.mention} tea\n💤 Snoozed until {at(until)}")
        # A time of day depends on a zone that is not known yet.
        assert buttons(answer) == (["Undo", "Set my time zone"] if button.startswith("Tom") else ["Undo"])
        remind.bot.advance((until - now).total_seconds() - 1)
        assert remind.due() == []
        remind.bot.advance(1)
        due = await remind.come("tea", after=due)
        assert (buttons(due), remind.discord.pinged(due)) == (ALL, [remind.ann.id])
        now = until
    assert "I used UTC" not in text_of(due)
    done = await remind.press(due, "Done")
    assert text_of(done) == f"⏰ {remind.ann.mention} tea\n✅ Done"
    assert (buttons(done), remind.pending) == ([], 0)


async def test_snooze_by_form(remind: Reminding) -> None:
    """The dots open a form for any time; an unreadable or past time is refused and snoozes nothing."""
    due = await wait_until_due(remind)
    for wrong, sentence in (("soon", "“soon” – which of these"), ("yesterday 9am", "that's already over")):
        assert sentence in text_of(await remind.fill_in(due, "⋯", when=wrong))
    assert remind.pending == 0
    text = text_of(await remind.fill_in(due, "⋯", when="tomorrow 8am"))
    assert f"💤 Snoozed until {at(20 * H)}\n-# I used UTC, since I don't know your time zone yet." in text
    remind.bot.advance(19 * 3600)
    again = await remind.come("tea", after=due)
    assert "Snoozed until" in text_of(await remind.fill_in(again, "⋯", when="2 hours"))


async def test_a_snooze_that_is_asked(remind: Reminding) -> None:
    """An ambiguous snooze time, in the form or typed, is asked about, and each button snoozes it."""
    due = await wait_until_due(remind)
    for is_typed in (False, True):
        question = await (remind.type("snooze #1 soon") if is_typed else remind.fill_in(due, "⋯", when="soon"))
        assert (text_of(question), len(buttons(question))) == ("“soon” – which of these?", 4)
        remind.bot.advance(2)
        assert "💤 Snoozed until" in text_of(await remind.press(question, buttons(question)[0]))
        assert remind.pending == 1
        remind.bot.advance(3600)
        await remind.come("tea", after=question)


async def test_a_change_that_is_asked(remind: Reminding) -> None:
    """An ambiguous time in an edit, in the form or the fields, is asked about with buttons that apply it."""
    await remind.type("3h tea")
    card = await remind.choose(await remind.type("list"), "tea")
    question = await remind.fill_in(card, "Edit", when="tomorrow at 9", what="coffee")
    assert buttons(question) == ["9:00", "21:00"]
    remind.bot.advance(2)
    assert "⏰ Changed" in text_of(changed := await remind.press(question, buttons(question)[1]))
    assert "coffee" in text_of(changed)
    remind.bot.advance(2)
    question = await remind.slash("edit", reminder="#1", every="day at 9")
    remind.bot.advance(2)
    assert "every day at 9:00" in text_of(await remind.press(question, buttons(question)[0]))


async def test_snooze_tomorrow_in_ones_zone(remind: Reminding) -> None:
    """Tomorrow at nine is in the presser's zone; if that is unknown, the answer says UTC."""
    due = await wait_until_due(remind)
    assert "-# I used UTC, since I don't know" in text_of(await remind.press(due, "Tomorrow 9:00"))
    await remind.type("timezone Europe/Berlin")
    other = await wait_until_due(remind, "1h tea again")
    text = text_of(await remind.press(other, "Tomorrow 9:00"))
    assert at(20 * H) in text
    assert "UTC" not in text


async def test_snooze_undone(remind: Reminding) -> None:
    """Undoing a snooze shows the reminder as it was, and nothing comes again, also after a restart."""
    due = await wait_until_due(remind, "1h tea every hour")
    before = text_of(due)
    answer = await remind.press(due, "Snooze 10 min")
    await remind.bot.crash()
    await remind.bot.start()
    assert "isn't your" in text_of(await remind.press(answer, "Undo", remind.ben))
    back = await remind.press(answer, "Undo")
    assert (text_of(back), buttons(back)) == (before, [*ALL, "Stop repeating"])
    answer = await remind.press(back, "1 h")
    remind.bot.advance(7200)
    await remind.come("tea", after=due)
    assert "That one's already come" in text_of(await remind.press(answer, "Undo"))


async def test_done_and_stop(remind: Reminding) -> None:
    """Done settles one occurrence only; Stop repeating ends the series, from under any of its announcements."""
    first = await wait_until_due(remind, "1h tea every hour")
    assert f"-# #1 · every hour · next <t:{at(2 * H)[3:13]}:R>" in text_of(first)
    assert buttons(first) == [*ALL, "Stop repeating"]
    assert buttons(await remind.press(first, "Done")) == []
    remind.bot.advance(3600)
    second = await remind.come("tea", after=first)
    remind.bot.advance(3600)
    third = await remind.come("tea", after=second)
    stopped = await remind.press(second, "Stop repeating")
    assert text_of(stopped) == f"⏰ {remind.ann.mention} tea\n⏹️ It won't repeat any more"
    assert "It's been cancelled" in text_of(await remind.press(third, "Stop repeating"))
    remind.bot.advance(7200)
    assert "You don't have any reminders" in text_of(await remind.slash("list"))
    assert len(remind.due()) == 1


async def test_another_persons_buttons(remind: Reminding) -> None:
    """Nobody can press another person's reminder; a moderator may stop a repeating one, but not snooze it."""
    due = await wait_until_due(remind, "1h tea every hour")
    listed = await remind.type("list")
    for button in [*ALL[:-1], "Stop repeating"]:
        assert "isn't your reminder" in text_of(await remind.press(due, button, remind.ben))
    for button in ALL[:-1]:
        assert "isn't your reminder" in text_of(await remind.press(due, button, remind.mia))
    assert "isn't your" in text_of(await remind.fill_in(due, "⋯", remind.ben, when="1h"))
    assert "isn't your reminder" in text_of(await remind.choose(listed, "tea", remind.ben))
    assert remind.pending == 1
    assert "It won't repeat any more" in text_of(await remind.press(due, "Stop repeating", remind.mia))
    assert remind.pending == 0


async def test_pages(remind: Reminding) -> None:
    """Twenty reminders are listed in pages; their buttons work for the owner, also after a restart."""
    for number in range(1, 21):
        await remind.type(f"{number}h tea {number}x")
    page = await remind.slash("list")
    assert text_of(page).count("tea") == 8
    assert [component.get("disabled", False) for component in page["components"][-1]["components"]] == [True, False]
    await remind.bot.stop()
    await remind.bot.start()
    page = await remind.press(page, "▶")
    page = await remind.press(page, "▶")
    assert [line.split(" · ")[0] for line in text_of(page).splitlines()] == [
        f"`#{n}` tea {n}x" for n in range(17, 21)
    ]
    page = await remind.press(page, "◀")
    assert "`#9` tea 9x" in text_of(page)
    for typed, first in (("list 2", 9), ("list page 3", 17), ("list 99", 17), ("list 0", 1)):
        assert text_of(await remind.type(typed)).startswith(f"`#{first}` tea {first}x")
    assert text_of(await remind.slash("list", page=-3)).startswith("`#1` tea 1x")
    answer = await remind.type("list")
    assert "That isn't your list" in text_of(await remind.press(answer, "▶", remind.ben))
    assert "`#9` tea 9x" in text_of(await remind.press(answer, "▶"))


async def test_listed_for_others_to_see(remind: Reminding) -> None:
    """A list typed in a channel shows that channel's reminders, and only counts the others."""
    await remind.type("1h for all")
    await remind.type("me 2h in secret")
    await remind.type("3h elsewhere", place=remind.focus)
    text = text_of(await remind.type("list"))
    assert "for all" in text
    assert "You've got 2 more in other places. `/remind list` shows them just to you" in text
    assert not {"in secret", "elsewhere ·"} & set(text.split(" · "))
    dm = await remind.ann.dm()
    for whole in (text_of(await remind.slash("list")), text_of(await remind.type("list", place=dm))):
        assert [line.split(" · ")[0] for line in whole.splitlines()] == [
            "`#1` for all", "`#2` in secret", "`#3` elsewhere",
        ]  # fmt: skip
        assert "· by direct message" in whole
        assert f"<#{remind.focus.id}>" in whole
    assert text_of(await remind.type("list", remind.ben)) == "You don't have any reminders."


async def test_chosen_from_the_list(remind: Reminding) -> None:
    """A reminder chosen from a list is shown in full, to be paused, resumed, edited by a form, and cancelled."""
    await remind.type("1h tea " + "and more " * 20)
    await remind.type("2h coffee every weekday until 24 Dec")
    listed = await remind.slash("list")
    label = menus(listed)[0]["options"][0]["label"]
    answer = await remind.choose(listed, label)
    assert "and more " * 19 in text_of(answer)
    assert buttons(answer) == ["Edit", "Pause", "Cancel"]
    answer = await remind.press(answer, "Pause")
    assert "paused" in text_of(answer)
    assert "#1` tea" in text_of(await remind.slash("list"))
    answer = await remind.press(answer, "Resume")
    assert buttons(answer) == ["Edit", "Pause", "Cancel"]
    edited = await remind.fill_in(answer, "Edit", when="3h", what="green\ntea", every="day")
    assert text_of(edited).startswith(f"⏰ Changed: {at(3 * H)}\n> green tea\n-# #1 · every day")
    assert at(H) in text_of(await remind.press(edited, "Undo"))
    assert text_of(await remind.press(answer, "Cancel")).startswith("Cancelled: tea and more")
    assert "It's been cancelled" in text_of(await remind.choose(listed, label))
    assert remind.pending == 1


async def test_the_form_of_an_edit(remind: Reminding) -> None:
    """The form shows the current values; untouched fields stay, and an emptied repetition ends it."""
    await remind.type("2h coffee every weekday until 24 Dec")
    answer = await remind.choose(await remind.slash("list"), "coffee")
    assert "wouldn't change anything" in text_of(await remind.fill_in(answer, "Edit"))
    form = (await remind.ann.click(answer, "Edit")).modal
    assert form
    fields = {
        component["component"]["custom_id"]: component["component"].get("value") for component in form["components"]
    }
    assert fields == {"when": None, "what": "coffee", "every": "weekday until 2026-12-24"}
    edited = text_of(await remind.fill_in(answer, "Edit", what="tea"))
    assert "every weekday at 14:00 until" in edited
    assert "every weekday at 7:00 until" in text_of(await remind.fill_in(answer, "Edit", when="tomorrow 7am"))
    assert "every day at 7:00 until" in text_of(await remind.fill_in(answer, "Edit", every="day until 24 Dec 2026"))
    assert "every" not in text_of(await remind.fill_in(answer, "Edit", every=""))


async def test_the_form_of_a_long_rule(remind: Reminding) -> None:
    """What repeats by the longest of rules can be edited by the form, too, which spells it out."""
    slots = "mon at 6:28, tue at 7:11, wed at 8:20, thu at 9:22, fri at 10:30, sat at 11:46, sun at 12:18"
    every = f"{slots}, mon at 13:31, tue at 14:37 for 400 days except in august, september and february"
    await remind.slash("set", every=every, what="tea")
    answer = await remind.choose(await remind.slash("list"), "tea")
    edited = text_of(await remind.fill_in(answer, "Edit", what="coffee"))
    assert "> coffee\n" in edited
    assert "Wednesday at 8:20" in edited


async def test_many_at_once(remind: Reminding) -> None:
    """Sixty reminders due together are announced in few messages, with menus to each one's buttons."""
    await remind.bot.stop()
    await remind.bot.start(max_reminders_per_user=0)
    for number in range(60):
        person = remind.ben if number % 2 else remind.ann
        await remind.slash("set", person, when="1h", what=f"tea {number}x")
        remind.bot.advance(0.2)
    remind.bot.advance(3600)
    # Time passes slowly: a reminder a minute late would be marked as late, and mention each person once.
    await eventually(lambda: len(remind.rows("SELECT state FROM outbox")) == 60)
    sent = {("sent",)}
    await remind.bot.until(lambda: set(remind.rows("SELECT state FROM outbox")) == sent, step=0.05)
    announcements = remind.due()
    assert len(announcements) <= 10  # some nine fit into a message; one due a moment later begins another
    lines = [line for chosen in announcements for line in text_of(chosen).splitlines() if line.startswith("⏰")]
    assert sorted(lines) == sorted(
        f"⏰ {(remind.ben if number % 2 else remind.ann).mention} tea {number}x" for number in range(60)
    )
    most = max(announcements, key=lambda chosen: len(text_of(chosen)))
    assert set(remind.discord.pinged(most)) == {remind.ann.id, remind.ben.id}
    labels = [option["label"] for menu in menus(most)[:1] for option in menu["options"]]
    mine, bens = (next(chosen for chosen in labels if int(chosen[4:-1]) % 2 == whose) for whose in (0, 1))
    assert "isn't your reminder" in text_of(await remind.choose(most, bens))
    chosen = await remind.choose(most, mine)
    assert (text_of(chosen).splitlines()[0], buttons(chosen)) == (f"⏰ {remind.ann.mention} {mine}", ALL)
    assert "Snoozed until" in text_of(await remind.press(chosen, "Snooze 10 min"))
    assert "✅ Done" in text_of(await remind.press(await remind.choose(most, mine), "Done"))
    remind.bot.advance(600)
    assert buttons(await remind.come(mine, after=most)) == ALL


async def test_an_undo_that_is_too_late(remind: Reminding) -> None:
    """*Undo* on an ephemeral confirmation outlives the reminder: pressed late, it says so, and is removed."""
    kept = await remind.slash("set", when="1h", what="tea")
    remind.bot.advance(3600)
    await remind.come("tea")
    late = await remind.press(kept, "Undo")
    assert ("That one's already come" in text_of(late), buttons(late)) == (True, [])
    assert late["id"] == kept["id"]
