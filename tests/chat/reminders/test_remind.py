"""Reminders over the socket: set, understood and shown, changed, and undone."""

from datetime import UTC, datetime, timedelta

from bot.localdiscord.local import text_of
from tests.chat.reminding import ALL, NOON, Reminding, at
from tests.reading import buttons

H, M, D = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
FIRST_OF_MARCH_9AM_BERLIN = datetime(2026, 3, 2, 8, tzinfo=UTC)


UNDERSTOOD: tuple[tuple[str, datetime | timedelta, str], ...] = (
    ("20m stretch", 20 * M, "stretch"),
    ("stretch in 2 hours", 2 * H, "stretch"),
    ("at 17:30 call mum", 5.5 * H, "call mum"),
    ("tomorrow 9am stand-up", 21 * H, "stand-up"),
    ("next friday 14:00 the report", datetime(2026, 3, 6, 14, tzinfo=UTC), "the report"),
    ("24 Dec 18:00 presents", datetime(2026, 12, 24, 18, tzinfo=UTC), "presents"),
    ("2027-01-05 08:00 taxes", datetime(2027, 1, 5, 8, tzinfo=UTC), "taxes"),
    ("when: 1h what: tea every: day", 1 * H, "tea"),
    ("25m", 25 * M, "Time's up"),
)
NO_ZONES = (
    ("Moon/Base", "I don't know a place called “Moon/Base”", ""),
    ("Europe/Berlni", "I don't know “Europe/Berlni”. Did you mean this?", "Europe/Berlin"),
    ("UTC+15", "There's no time zone at “UTC+15”", ""),
    ("@everyone", "I don't know a place called “@\u200beveryone”", ""),
)


async def test_understood(remind: Reminding) -> None:
    """The answer shows the time as a date and as a distance, and Undo cancels it."""
    for number, (words, moment, shown_as) in enumerate(UNDERSTOOD, 1):
        answer = await remind.type(words)
        assert at(moment) in text_of(answer)
        assert f"> {shown_as}\n" in text_of(answer)
        assert (buttons(answer)[0], remind.pending) == ("Undo", 1)
        assert text_of(await remind.press(answer, "Undo")) == f"Undone: {shown_as}\n-# #{number}"
        assert remind.pending == 0


async def test_every_way_to_ask(remind: Reminding) -> None:
    """Typed, by mention, alias, named options or slash command, in a thread: each is set, and answered there."""
    ann, discord = remind.ann, remind.discord
    thread = await ann.open_thread(await ann.say(remind.general, "hello"), "kitchen")
    await remind.type("1h typed")
    await remind.type("remind 1h mentioned", command=f"<@{discord.bot.id}>")
    await remind.type("1h aliased", command="!remindme")
    await remind.type("when: 1h what: by fields")
    await remind.slash("set", when="1h", what="by slash")
    await remind.type("1h in a thread", place=thread)
    remind.bot.advance(3600)
    for words in ("typed", "mentioned", "aliased", "by fields", "by slash"):
        assert f"⏰ {ann.mention} {words}" in text_of(await remind.come(words, remind.general))
    threaded = await remind.come("in a thread", thread)
    assert text_of(threaded) == f"⏰ {ann.mention} in a thread"
    assert (buttons(threaded), discord.pinged(threaded)) == (ALL, [ann.id])
    assert sum(text_of(message).count(ann.mention) for message in remind.due()) == 5


async def test_help(remind: Reminding) -> None:
    """Alone or with *help*, it shows every kind of request, in the form that this person uses."""
    typed = text_of(await remind.type(""))
    assert text_of(await remind.type("help")) == typed
    assert "Reply to a message and I'll bring that one back." in typed
    assert "`!remind tomorrow 9am call mum`" in typed
    pressed = text_of(await remind.slash("help"))
    assert "`/remind set when: next friday 14:00 what: the report where: direct message`" in pressed
    assert "`/remind edit reminder: #12 when: tomorrow 10am` Change a reminder." in pressed
    assert "couldn't find a time" in text_of(await remind.type("help mum"))


async def test_options_by_name(remind: Reminding) -> None:
    """Every option of a slash command can be typed by its name, the place, the recipient and the channel too."""
    answer = await remind.type("where: direct message what: tea when: 1h")
    assert "I'll DM you" in text_of(answer)
    remind.discord.allow(remind.focus, "MENTION_EVERYONE")
    answer = await remind.type(f"channel: <#{remind.focus.id}> who: @here what: lunch when: 1h", remind.mia)
    assert f"I'll remind @here in <#{remind.focus.id}>" in text_of(answer)
    changed = await remind.type("edit what: coffee reminder: tea")
    assert "> coffee\n-# #1" in text_of(changed)
    assert "Cancelled: (private)" in text_of(await remind.type("cancel reminder: coffee"))


async def test_directly(remind: Reminding) -> None:
    """Reminders set with *me*, or in direct messages, come by direct message and in no channel."""
    dm = await remind.ann.dm()
    answer = await remind.type("me 1h in secret")
    assert "I'll DM you" in text_of(answer)
    assert "#1 · by direct message" in text_of(answer)
    await remind.slash("set", when="1h", what="by slash", where="direct message")
    await remind.type("1h in person", place=dm)
    remind.bot.advance(3600)
    for words in ("in secret", "by slash", "in person"):
        assert f"⏰ {words}" in text_of(await remind.come(words, dm))
    assert remind.due() == []


async def test_about_a_message(remind: Reminding) -> None:
    """A reply sets a reminder that links to the message replied to; so does *Remind me* in its menu, by a form."""
    here = f"https://discord.com/channels/{remind.discord.guild.id}/{remind.general.id}"
    message = await remind.ben.say(remind.general, "can you have a look?")
    link = f"[this message]({here}/{message['id']})"
    answer = await remind.type("1h", reply_to=message)
    assert "> Come back to this message" in text_of(answer)
    assert link in text_of(answer)
    await remind.type("me 2h look", reply_to=message)
    for fields in ({"when": "3h"}, {"when": "4h", "what": "answer", "every": "day", "where": ["direct"]}):
        form = (await remind.ann.context_menu("Remind me", message)).modal
        assert form
        out = await remind.ann.submit(form, fields)
        assert out.ephemeral
        assert link in text_of(out.answer)
    dm = await remind.ann.dm()
    for place, words in (
        (remind.general, f"⏰ {remind.ann.mention} Come back to this message\n-# {link}"),
        (dm, f"⏰ look\n-# {link}"),
        (remind.general, f"⏰ {remind.ann.mention} Come back to this message\n-# {link}"),
        (dm, f"⏰ answer\n-# {link} · #4 · every day"),
    ):
        before = remind.due(place)
        remind.bot.advance(3600)
        after = await remind.discord.wait_until(lambda: remind.due(place)[len(before) :])  # noqa: B023 - done at once
        assert text_of(after[0]).startswith(words)


async def test_about_a_message_at_once(remind: Reminding) -> None:
    """The form about a message is pre-filled: submitted unchanged, it sets a reminder in an hour."""
    message = await remind.ben.say(remind.general, "hello")
    form = (await remind.ann.context_menu("Remind me", message)).modal
    assert form
    set_ = await remind.ann.submit(form, {})
    assert f"<t:{int(remind.bot.clock.now().timestamp()) + 3600}:R>" in text_of(set_.answer)


async def test_for_another_person(remind: Reminding) -> None:
    """A person who may not remind others is offered the same reminder for themselves, one press away."""
    answer = await remind.type(f"{remind.ben.mention} 20m stretch")
    assert "I can't ping somebody else for you" in text_of(answer)
    assert remind.pending == 0
    set_ = await remind.press(answer, "Remind me")
    assert "> stretch" in text_of(set_)
    assert remind.pending == 1


async def test_a_form_that_is_wrong(remind: Reminding) -> None:
    """A form with an unreadable time is answered with a question, and sets nothing."""
    message = await remind.ben.say(remind.general, "hello")
    form = (await remind.ann.context_menu("Remind me", message)).modal
    assert form
    out = await remind.ann.submit(form, {"when": "soon"})
    assert "“soon” – which of these" in text_of(out.answer)
    assert buttons(out.answer)
    assert remind.pending == 0


async def test_undo_after_a_restart(remind: Reminding) -> None:
    """Undo works after a restart, only for the owner, and says so once the reminder has come."""
    answer = await remind.type("20m stretch")
    quiet = await remind.slash("set", when="30m", what="drink")
    await remind.bot.crash()
    await remind.bot.start()
    assert "#1 isn't your reminder" in text_of(await remind.press(answer, "Undo", remind.ben))
    assert text_of(await remind.press(answer, "Undo")) == "Undone: stretch\n-# #1"
    remind.bot.advance(1800)
    await remind.come("drink")
    assert "That one's already come" in text_of(await remind.press(quiet, "Undo"))


async def test_asked_for_a_zone_once(remind: Reminding) -> None:
    """Until a zone is set, times are in UTC, and each answer says so; the bot asks for the zone once."""
    first = text_of(await remind.type("tomorrow 9am one"))
    assert at(21 * H) in first
    assert "I used UTC, since I don't know your time zone yet." in first
    second = text_of(await remind.slash("set", when="tomorrow 9am", what="two"))
    assert "-# I used UTC." in second
    assert "don't know your time zone" not in second
    assert "UTC" not in text_of(await remind.type("20m three"))
    assert "UTC" in text_of(await remind.type("edit #3 tomorrow 9am"))
    await remind.type("every 2 hours four")
    assert "UTC" in text_of(await remind.type("edit #5 tomorrow 9am"))
    assert "I don't know your time zone" in text_of(await remind.type("tomorrow 9am four", remind.ben))


async def test_zones(remind: Reminding) -> None:
    """A zone is set by its name or city, suggested while typing, shown, and used from then on."""
    assert "I'm using UTC for you" in text_of(await remind.type("timezone"))
    assert "Your time zone is Europe/Berlin; it's 13:00 there now" in text_of(await remind.type("timezone berlin"))
    assert text_of(await remind.slash("timezone")) == "Your time zone is Europe/Berlin."
    answer = text_of(await remind.type("tomorrow 9am stand-up"))
    assert at(FIRST_OF_MARCH_9AM_BERLIN) in answer
    assert "UTC" not in answer
    offered = await remind.ann.autocomplete(remind.general, "remind timezone", "zone", "kath")
    assert offered[0]["value"] == "Asia/Kathmandu"
    assert "it's 17:45 there" in text_of(await remind.slash("timezone", zone=offered[0]["value"]))
    assert at(NOON + 30 * M) in text_of(await remind.type("at 18:15 tea"))
    assert len(await remind.ann.autocomplete(remind.general, "remind timezone", "zone", "")) == 25


async def test_no_zone(remind: Reminding) -> None:
    """An unknown zone is refused with the nearest match, and changes nothing."""
    for zone, sentence, example in NO_ZONES:
        for answer in (await remind.type(f"timezone {zone}"), await remind.slash("timezone", zone=zone)):
            assert sentence in text_of(answer)
            assert example in (buttons(answer) or [""])[0]
    assert remind.rows("SELECT * FROM preferences") == []


async def test_a_time_that_does_not_exist(remind: Reminding) -> None:
    """A time that the clocks skip is moved forward, and the answer says so; a time shown twice comes once."""
    await remind.type("timezone Europe/Berlin")
    moved = text_of(await remind.type("29 Mar 2:30 milk"))
    assert at(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)) in moved
    assert "-# The clocks go forward right then, so that day it'll come 1 hour later." in moved
    assert "clocks" in text_of(await remind.type("edit #1 29 Mar 2:15"))
    twice = text_of(await remind.type("25 Oct 2:30 eggs"))
    assert at(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) in twice
    assert "clocks" not in twice


def following(*hours: int) -> str:
    times = [at(hour * H).partition(" ")[0].replace(":F>", ":f>") for hour in hours]
    return f"-# Next: {' · '.join(times)}"


async def test_edit(remind: Reminding) -> None:
    """An edit, typed or by slash command, changes what it names and keeps the rest, until it is undone."""
    await remind.type("1h tea every: day")
    for answer, moment, rest in (
        (await remind.type("edit #1 2h"), 2 * H, "> tea every: day\n-# #1"),
        (await remind.type("edit #1 what: coffee"), 2 * H, "> coffee\n-# #1"),
        (
            await remind.type("edit 1 every 2 hours"),
            2 * H,
            f"> coffee\n-# #1 · every 2 hours\n{following(2, 4, 6)}",
        ),
        (
            await remind.slash("edit", reminder="coffee", when="3h"),
            3 * H,
            f"> coffee\n-# #1 · every 2 hours\n{following(3, 5, 7)}",
        ),
        (await remind.slash("edit", reminder="#1", every="never"), 3 * H, "> coffee\n-# #1"),
    ):
        assert text_of(answer) == f"⏰ Changed: {at(moment)}\n{rest}"
        assert buttons(answer) == ["Undo"]
    undone = await remind.press(answer, "Undo")
    assert (
        text_of(undone)
        == f"⏰ Undone – it's back to {at(3 * H)}\n> coffee\n-# #1 · every 2 hours\n{following(3, 5, 7)}"
    )
    assert buttons(undone) == []


async def test_edit_to_a_time_of_its_own(remind: Reminding) -> None:
    """A new time that is not one of a series' own is asked about; a press makes it a single reminder then."""
    await remind.type("every hour from 9 to 17 tea")
    asked = await remind.type("edit #1 90s")
    assert "“90s” isn't one of its times – every hour from 9:00 to 17:00" in text_of(asked)
    (once,) = buttons(asked)
    changed = text_of(await remind.press(asked, once))
    assert changed.startswith(f"⏰ Changed: {at(timedelta(seconds=90))}")
    assert "every hour" not in changed


async def test_edit_undone_too_late(remind: Reminding) -> None:
    """Only the owner can undo an edit, also after a restart, unless it was changed since or its time has passed."""
    await remind.type("1h tea")
    earlier = await remind.type("edit #1 2h")
    await remind.bot.stop()
    await remind.bot.start()
    assert "isn't your" in text_of(await remind.press(earlier, "Undo", remind.ben))
    later = await remind.type("edit #1 3h")
    assert "It's been changed since" in text_of(await remind.press(earlier, "Undo"))
    assert at(2 * H) in text_of(await remind.press(later, "Undo"))
    last = await remind.type("edit #1 5h")
    remind.bot.advance(3 * 3600)
    assert "Its old time has already passed" in text_of(await remind.press(last, "Undo"))
    assert remind.due() == []


async def test_pause_and_resume(remind: Reminding) -> None:
    """A paused reminder stays silent; resumed, it comes on time, or a series at its next time."""
    await remind.type("1h tea")
    await remind.type("10 minutes eggs every 10 minutes for 20 times")
    assert text_of(await remind.type("pause eggs")).startswith("Paused: eggs")
    assert "It's already paused" in text_of(await remind.slash("pause", reminder="#2"))
    assert text_of(await remind.slash("pause", reminder="tea")).startswith("Paused: tea")
    remind.bot.advance(3660)
    assert "Its time has passed" in text_of(await remind.type("resume tea"))
    resumed = await remind.slash("resume", reminder="eggs")
    assert at(70 * M) in text_of(resumed)
    remind.bot.advance(540)
    assert "#2 · every 10 minutes, 20 times" in text_of(await remind.come("eggs"))
    assert len(remind.due()) == 1


async def test_cancel(remind: Reminding) -> None:
    """A cancelled reminder does not come; it is named by number, by its first words, or not at all."""
    for name in ("tea", "tea with milk", "coffee"):
        await remind.type(f"1h {name}")
    assert "Cancelled: coffee" in text_of(await remind.type("cancel cof"))
    assert "Cancelled: tea\n" in text_of(await remind.type("cancel tea"))
    assert "#2 isn't your reminder" in text_of(await remind.type("cancel #2", remind.ben))
    assert "Cancelled: tea with milk" in text_of(await remind.slash("cancel"))
    assert "You don't have a reminder #2" in text_of(await remind.type("cancel #2"))
    remind.bot.advance(3600)
    await remind.type("list")
    assert remind.due() == []


async def test_autocomplete(remind: Reminding) -> None:
    """Autocomplete suggests one's own reminders, by number and by words, soonest first."""
    await remind.type("1h tea")
    await remind.type("2h " + "x" * 200)
    await remind.type("30m green tea")
    await remind.type("pause green")
    await remind.type("1h tea of ben", remind.ben)

    async def offered(command: str, typed: str) -> list[str]:
        choices = await remind.ann.autocomplete(remind.general, f"remind {command}", "reminder", typed)
        return [f"{choice['name']} = {choice['value']}" for choice in choices]

    assert await offered("cancel", "tea") == ["green tea · paused · #3 = #3", "tea · 1 h · #1 = #1"]
    (long,) = await offered("edit", "#2")
    assert long == f"{'x' * 88}… · 2 h · #2 = #2"
    assert len(await offered("pause", "")) == 3
    assert await offered("resume", "ben") == []
