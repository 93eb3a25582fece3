"""Shared sessions, as people see them."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.reading import Message, answers, as_shown, buttons, choose, eventually, rows, says, shows, shows_a_way_on
from tests.statements import noted

CARD = ["Join", "My task", "⋯"]
REVIEW = ["Done", "Partly", "Not yet"]


def is_live(message: Message) -> bool:
    return "Join" in buttons(message)


def newest(discord: LocalDiscord, room: Any) -> Message:
    """The current card; all earlier ones are closed."""
    *_, card = [message for message in discord.messages(room) if is_live(message)]
    return card


async def begin(discord: LocalDiscord, typed: str = "3x(20m focus, 5m break)", person: str = "ann") -> Message:
    room = discord.channel("general")
    request = await discord.person(person).say(room, f"!focus {typed}")
    return await discord.wait_for(is_live, channel=room, after=request)


async def test_every_phase(discord: LocalDiscord, bot: Running) -> None:
    """A plan runs through all its phases: each on a new card on time, the old one deleted, then the recap."""
    ann, room = discord.person("ann"), discord.channel("general")

    def is_gone() -> bool:
        return all(message["id"] != card["id"] for message in discord.messages(room))

    began = bot.clock.now()
    card = await begin(discord, "focus 3m short 1m long 2m rounds 3")
    assert buttons(card) == CARD
    assert "Focus · 1 of 3" in text_of(card)
    place = began + timedelta(minutes=3)
    assert f"<t:{round(place.timestamp())}:R>" in text_of(card)
    for title, minutes, is_after_focus in (
        ("Short break", 1, True),
        ("Focus · 2 of 3", 3, False),
        ("Short break", 1, True),
        ("Focus · 3 of 3", 3, False),
        ("Long break", 2, True),
    ):
        bot.clock.advance((place - bot.clock.now()).total_seconds())
        place += timedelta(minutes=minutes)
        ends = f"<t:{round(place.timestamp())}:R>"
        following = await discord.wait_for(says(title, ends), channel=room, after=card)
        assert [user["id"] for user in following["mentions"]] == [str(ann.id)]
        assert buttons(following) == (REVIEW + CARD if is_after_focus else CARD)
        # It may have been redrawn a moment ago, and then has to wait its turn.
        await bot.until(is_gone, step=0.002)
        card = following
    bot.clock.advance((place - bot.clock.now()).total_seconds())
    recap = await discord.wait_for(says("All done"), channel=room)
    assert re.search(rf"<@{ann.id}> · \*\*9 min\*\*", text_of(recap))
    assert buttons(recap) == REVIEW
    await bot.until(is_gone, step=0.002)
    assert not any(is_live(message) for message in discord.messages(room))


async def test_in_company(discord: LocalDiscord, bot: Running) -> None:
    """Two people join, set tasks, rest, leave and review; the recap has each one's minutes."""
    ann, ben, room = discord.person("ann"), discord.person("ben"), discord.channel("general")
    card = await begin(discord)
    form = await ben.click(card, "Join")
    assert form.modal
    assert "You're in!" in form.modal["title"]
    bot.advance(300)
    assert (await ben.submit(form.modal, {"task": "the *report*", "notify": ["silent"]})).kind == "none"
    bot.advance(1)
    await discord.wait_for(shows(card, r"the \*report\*"), channel=room)
    assert "You're on a break" in text_of((await choose(ben, card, "Pause just me")).answer)  # five minutes in
    bot.advance(299)
    await choose(ben, card, "Pause just me")
    bot.advance(600)
    rest = await discord.wait_for(says("Break"), channel=room, after=card)
    assert [user["id"] for user in rest["mentions"]] == [str(ann.id)]
    assert (await ben.click(rest, "Partly")).kind == "none"
    bot.advance(2)
    await discord.wait_for(shows(rest, f"<@{ben.id}> ◐"), channel=room)
    assert "You've left" in text_of((await choose(ben, rest, "Leave")).answer)
    assert "Session ended" in text_of((await choose(ann, rest, "Stop")).answer)
    recap = await discord.wait_for(says("Session stopped"), channel=room)
    assert f"<@{ann.id}> · **20 min**" in text_of(recap)
    assert rf"<@{ben.id}> · **15 min 1 s** · ◐ the \*report\*" in text_of(recap)


@pytest.mark.parametrize("may_attach", [True, False])
async def test_the_picture_of_a_recap(
    discord: LocalDiscord, bot: Running, tmp_path: Path, *, may_attach: bool
) -> None:
    """A recap gets its picture if the bot may post files; otherwise the card is final without one."""
    ann, room = discord.person("ann"), discord.channel("general")
    card = await begin(discord)
    if not may_attach:
        discord.deny(room, "ATTACH_FILES")
    bot.advance(1200)
    rest = await discord.wait_for(says("Break"), channel=room, after=card)
    await choose(ann, rest, "Stop")
    recap = await discord.wait_for(says("Session stopped", "20 min"), channel=room)
    last_look = "SELECT id FROM outbox WHERE kind = 'card' AND state = 'sent' AND stage IS NULL"
    await bot.until(lambda: rows(tmp_path / "test.db", last_look))
    assert ("recap.png" in str(as_shown(discord, recap)["components"])) == may_attach


async def test_one_skip(discord: LocalDiscord, bot: Running) -> None:
    """Two presses of Skip at once skip one phase; the other is refused, and so is a press on an old card."""
    ann, room = discord.person("ann"), discord.channel("general")
    card = await begin(discord)
    menus = [(await ann.click(card, "⋯")).answer for _ in range(2)]
    first, second = await asyncio.gather(*(ann.click(menu, "Skip") for menu in menus))
    assert sorted((first.kind, second.kind)) == ["message", "update"]
    answered = first if first.kind == "message" else second
    assert "from an earlier phase" in text_of(answered.answer)
    assert answered.answer["flags"] & 64
    await discord.wait_for(says("Break"), channel=room, after=card)
    old = await ann.click(menus[1] if answered is second else menus[0], "Pause")
    assert "from an earlier phase" in text_of(old.answer)
    assert "Break" in text_of(newest(discord, room))


async def test_twenty_at_once(discord: LocalDiscord, bot: Running) -> None:
    """Twenty people press Join, Leave and Just me at once: each is answered, edits are few, the card is right."""
    room = discord.channel("general")
    people = [discord.add_person(f"p{number}") for number in range(20)]
    card = await begin(discord)
    edits: list[Any] = []
    is_edit = re.compile(r"/channels/[0-9]+/messages/[0-9]+$").search
    discord.on_exchange.append(
        lambda exchange: edits.append(exchange) if exchange.method == "PATCH" and is_edit(exchange.path) else None
    )

    async def press(number: int) -> list[str]:
        person = people[number]
        outcomes = [await person.click(card, "Join")]
        if number % 4 == 1:
            outcomes.append(await choose(person, card, "Leave"))
        if number % 4 == 2:
            outcomes.append(await choose(person, card, "Pause just me"))
        return [outcome.kind for outcome in outcomes]

    kinds = await asyncio.gather(*map(press, range(20)))
    assert all(kind in (["modal"], ["modal", "update"]) for kind in kinds)
    expected = {person.id: number % 4 == 2 for number, person in enumerate(people) if number % 4 != 1}

    def is_right() -> bool:
        text = text_of(newest(discord, room))
        return all(
            (f"<@{person.id}>" in text) is (person.id in expected)
            and (f"<@{person.id}> ⏸️" in text) is expected.get(person.id, False)
            for person in people
        )

    await bot.until(is_right)
    assert 1 <= len(edits) <= 4


async def test_what_a_press_reads(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """Joining by a button reads the session once, under the lock of the change."""
    ben = discord.person("ben")
    card = await begin(discord)
    await eventually(lambda: rows(tmp_path / "test.db", "SELECT card_id FROM timers") == [(int(card["id"]),)])
    with noted() as statements:
        await ben.click(card, "Join")
    joined = next(number for number, each in enumerate(statements) if each.startswith("INSERT INTO participants"))
    assert len([each for each in statements[:joined] if "JOIN sessions" in each]) == 1


async def test_whose_session(discord: LocalDiscord, bot: Running) -> None:
    """The host and moderators control the clock; the host can hand it over, by command or by leaving."""
    ann, ben, mia, room = (*map(discord.person, ("ann", "ben", "mia")), discord.channel("general"))
    card = await begin(discord)
    await ben.click(card, "Join")
    menu = (await ben.click(card, "⋯")).answer
    assert buttons(menu) == ["Pause just me", "Leave"]
    refused = await ben.slash(room, "focus pause")
    assert "Only the host or a moderator" in text_of(refused.answer)
    assert "Paused for everyone" in text_of((await choose(mia, card, "Pause")).answer)  # she manages messages
    await discord.wait_for(shows(card, "Paused with 20 min left"), channel=room)
    await ann.say(room, f"!focus host <@{ben.id}>")
    await discord.wait_for(says("is the host now"), channel=room)
    assert (await ben.click(card, "Resume")).kind == "none"
    again = await ben.click(card, "Join")
    assert again.ephemeral
    assert "You're already in" in text_of(again.answer)
    assert "You've left" in text_of((await ben.click(again.answer, "Leave")).answer)
    bot.advance(2)
    await discord.wait_for(shows(card, f"<@{ann.id}> 👑"), channel=room)
    await choose(ann, card, "Leave")
    await discord.wait_for(says("Everyone's left"), channel=room)


async def test_notifications(discord: LocalDiscord, bot: Running) -> None:
    """Each participant is notified of a new phase as they chose: by mention, not at all, or by direct message."""
    ann, ben, room = discord.person("ann"), discord.person("ben"), discord.channel("general")
    card = await begin(discord, "2x(20m focus, 5m break) warn")
    await ben.say(room, "!focus join")
    await discord.wait_for(says("You're in!"), channel=room)
    await ben.say(room, "!focus notify dm")
    await discord.wait_for(says("I'll DM you"), channel=room)
    bot.advance(19 * 60)
    warned = await discord.wait_for(says("1 minute left in Focus 1 of 2"), channel=room)
    assert [user["id"] for user in warned["mentions"]] == [str(ann.id)]
    bot.advance(60)
    following = await discord.wait_for(says("Break"), channel=room, after=warned)
    assert [user["id"] for user in following["mentions"]] == [str(ann.id)]
    await discord.wait_for(says("Break", f"<#{room.id}>"), channel=await ben.dm())
    assert card["id"] != following["id"]


async def test_a_press_begins_it(discord: LocalDiscord, bot: Running) -> None:
    """Where phases start by hand, the next waits for a press and counts from then."""
    ann, room = discord.person("ann"), discord.channel("general")
    await begin(discord, "2x(20m focus, 5m break) manual")
    bot.advance(1200)
    waiting = await discord.wait_for(says("Up next", "phases start by hand"), channel=room)
    assert "Start break" in buttons(waiting)
    bot.advance(3600)
    await ann.click(waiting, "Start break")
    ends = bot.clock.now() + timedelta(minutes=5)
    bot.advance(1)
    await discord.wait_for(shows(waiting, f"Ends <t:{round(ends.timestamp())}:R>"), channel=room)


async def test_open_doors(discord: LocalDiscord, bot: Running) -> None:
    """A session can be announced beforehand: people join, and it begins on time."""
    ben, room = discord.person("ben"), discord.channel("general")
    card = await begin(discord, "deep in 10m")
    assert "Starting soon – come on in" in text_of(card)
    await ben.click(card, "Join")
    bot.advance(600)
    begun = await discord.wait_for(says("Focus · 1 of 3"), channel=room)
    assert {user["id"] for user in begun["mentions"]} == {str(ben.id), str(discord.person("ann").id)}


async def test_nobody_there(discord: LocalDiscord, bot: Running) -> None:
    """After three rounds without activity, people are asked; without an answer it ends; a press is an answer."""
    ann, room = discord.person("ann"), discord.channel("general")
    card = await begin(discord, "12x(20m focus, 5m break)")

    async def go_on(rounds: int) -> Message:
        following = card
        for _ in range(rounds):
            for seconds, title in ((1200, "Break"), (300, "Focus ·")):
                bot.advance(seconds)
                following = await discord.wait_for(says(title), channel=room, after=following)
        return following

    card = await go_on(4)
    assert "Still there?" in text_of(card)
    assert (await ann.click(card, "Still here")).kind == "none"
    card = await go_on(4)
    assert "Still there?" in text_of(card)
    bot.advance(1200)
    await discord.wait_for(says("Ended – nobody was around"), channel=room)


async def test_commands(discord: LocalDiscord, bot: Running) -> None:
    """Every button has a typed command, and the plan can be edited; status and list show how it stands."""
    ann, room = discord.person("ann"), discord.channel("general")
    await begin(discord, "classic")
    for typed, answer in (
        ("task write tests", "Got it: write tests"),
        ("pause", "Paused for everyone. 24 min left in Focus 1 of 4."),
        ("resume", "Ends"),
        ("rest", "You're on a break"),
        ("back", "Your time counts again"),
        ("extend 5", "Ends"),
        ("+5", "Ends"),
        ("edit rounds: 4 short: 8", "3x(25m focus, 8m short break)"),
        ("edit short 10 rounds 5", "4x(25m focus, 10m short break)"),
        ("status", "Focus · 1 of 5"),
        ("list", "1 person"),
        ("save Mine 2x(10m focus, 5m break)", "Saved as mine"),
        ("presets", "mine"),
        ("forget mine", "Deleted the plan mine"),
        ("help", "!focus start deep"),
    ):
        request = await ann.say(room, f"!focus {typed}")
        answered = await discord.wait_for(answers(request), channel=room)
        assert answer in text_of(answered)
        assert answered["mentions"] == []
        bot.advance(2)


async def test_a_new_card_is_the_answer(discord: LocalDiscord, bot: Running) -> None:
    """A typed skip or stop is answered by the new card and nothing else."""
    ann, room = discord.person("ann"), discord.channel("general")
    await begin(discord)
    for typed, title in (("skip", "Break"), ("stop", "Session stopped")):
        bot.advance(2)
        request = await ann.say(room, f"!focus {typed}")
        await discord.wait_for(says(title), channel=room, after=request)
        bot.advance(2)
        outcome = await ann.slash(room, "focus list")
        assert outcome.ephemeral
        since = [message for message in discord.messages(room) if int(message["id"]) > int(request["id"])]
        assert sum(message["author"].get("bot", False) and not message["flags"] & 64 for message in since) == 1


async def test_slash(discord: LocalDiscord, bot: Running) -> None:
    """The slash commands do the same; plan names are suggested while typing."""
    ann, room = discord.person("ann"), discord.channel("focus")
    choice, _ = await ann.autocomplete(room, "focus start", "plan", "de")
    out = await ann.slash(room, "focus start", plan=choice["value"])
    assert "Focus · 1 of 3" in text_of(out.answer)
    for command, options, answer in (
        ("focus task", {"task": "tests"}, "Got it: tests"),
        ("focus edit", {"rounds": 4}, "4"),
        ("focus extend", {}, "Ends"),
        ("focus save", {"name": "my plan", "plan": "25m"}, "`/focus start plan: my plan`"),
        ("focus forget", {"name": "my plan"}, "Deleted the plan my plan"),
        ("focus help", {}, "`/focus start plan: deep`"),
        ("focus notify", {"how": "silent"}, "I won't ping you"),
        ("focus status", {}, "Focus · 1 of 4"),
        ("focus skip", {}, "break"),
        ("focus stop", {}, "Session ended"),
        ("focus stop", {}, "There's no session running here"),
    ):
        out = await ann.slash(room, command, **options)
        assert answer in text_of(out.answer)
        assert out.answer["flags"] & 64
        bot.advance(2)


async def test_a_start_in_full(discord: LocalDiscord, bot: Running) -> None:
    """A plan and a task are two fields; all other options can be typed in the plan or filled into a form."""
    ann, room = discord.person("ann"), discord.channel("general")
    study = discord.channel("Study")
    out = await ann.slash(room, "focus start", plan="50 short 10 rounds 2 manual voice #Study", task="the *essay*")
    text = text_of(out.answer)
    assert "Focus · 1 of 2" in text
    assert r"👑 · the \*essay\*" in text
    assert f"<#{study.id}> · 2 h 5 min in total · phases start by hand" in text
    bot.advance(2)
    await ann.slash(room, "focus stop")
    bot.advance(2)
    *_, more = await ann.autocomplete(room, "focus start", "plan", "")
    assert more["name"] == "More…"
    form = (await ann.slash(room, "focus start", plan=more["value"], task="mail")).modal
    assert form
    refused = await ann.submit(form, {"plan": "deap"})
    assert "no plan" in text_of(refused.answer)
    given = {"plan": "deep", "start": "in 10m", "voice": [study.id], "ways": ["manual", "warn"]}
    text = text_of((await ann.submit(form, given)).answer)
    assert "Starting soon – come on in" in text
    assert "👑 · mail" in text
    assert f"<#{study.id}>" in text
    assert "phases start by hand · 1-minute warning" in text


async def test_voice(discord: LocalDiscord, bot: Running) -> None:
    """People in the linked voice channel are on the card, also those who moved while the bot was away."""
    ann, ben, mia = map(discord.person, ("ann", "ben", "mia"))
    study, room = discord.channel("Study"), discord.channel("general")
    await ben.join_voice(study)
    card = await begin(discord, "deep voice #Study")
    assert f"<@{ben.id}>" in text_of(card)
    await mia.join_voice(study)
    await discord.wait_for(shows(card, f"<@{mia.id}>"), channel=room)
    await ben.leave_voice()
    bot.advance(2)
    await bot.until(lambda: f"<@{ben.id}>" not in text_of(newest(discord, room)))
    await bot.stop()
    await mia.leave_voice()
    await ann.join_voice(study)
    await ben.join_voice(study)
    await bot.start()
    await bot.until(lambda: f"<@{ben.id}>" in text_of(newest(discord, room)))
    await bot.until(lambda: f"<@{mia.id}>" not in text_of(newest(discord, room)))


BAD = {
    "0x(25m focus)": "",
    "13h": "12 h",
    "20x(40m focus)": "12 hours",
    "99999999x(1s focus)": "",
    "3x(40m focus": "",
    "40m focus)": "",
    "25m,,5m": "",
    "10m break": "all breaks",
    "focus 0": "",
    "focus 25 rounds 0": "",
    "deap": "no plan",
    "deep at 25:99": "time of day",
    "deep voice #Nowhere": "find a voice channel",
    "deep voice <#1>": "see a voice channel",
    "extend 5": "There's no session running here",
    "join": "There's no session running here",
    "forget nothing": "no plan",
    "save deep 25m": "",
}


async def test_bad_input(discord: LocalDiscord, bot: Running, log: list[dict[str, str]]) -> None:
    """An impossible request is answered by one sentence with a way on, and starts nothing."""
    ann, room = discord.person("ann"), discord.channel("general")
    discord.deny(discord.channel("Study"), "VIEW_CHANNEL")
    bad = BAD | {f"deep voice <#{discord.channel('Study').id}>": "can't see that voice channel"}
    for typed, sentence in bad.items():
        request = await ann.say(room, f"!focus {typed}")
        answer = await discord.wait_for(says(sentence), channel=room, after=request)
        assert shows_a_way_on(answer), text_of(answer)
        assert answer["message_reference"]["message_id"] == request["id"]
        assert answer["mentions"] == []
        bot.advance(1)
    assert not any(is_live(message) for message in discord.messages(room))
    await begin(discord)
    request = await ann.say(room, "!focus deep")
    await discord.wait_for(says("already a session here"), channel=room, after=request)
    wrong = {entry["event"] for entry in log if entry["log_level"] in {"warning", "error"}}
    assert wrong <= {"clock_skew"}, "the test turns the clock away from the local Discord's"


async def test_where_it_may_not_speak(discord: LocalDiscord, bot: Running) -> None:
    """If the bot may not write, nothing starts, and the person learns why in private."""
    ann, room = discord.person("ann"), discord.channel("focus")
    discord.deny(room, "SEND_MESSAGES")
    out = await ann.slash(room, "focus start")
    assert "can't post in this channel" in text_of(out.answer)
    await ann.say(room, "!focus")
    await discord.wait_for(says("can't post in this channel"), channel=await ann.dm())


async def test_a_list_names_no_hidden_channel(discord: LocalDiscord, bot: Running) -> None:
    """A list of the server's sessions has only those in channels that the person may see."""
    ann, ben, quiet = discord.person("ann"), discord.person("ben"), discord.channel("quiet")
    await ann.slash(quiet, "focus start", plan="20m secret focus")
    discord.deny(quiet, "VIEW_CHANNEL", user=ben.user)
    listed = await ann.slash(discord.channel("focus"), "focus list")
    assert f"<#{quiet.id}>" in text_of(listed.answer)
    listed = await ben.slash(discord.channel("focus"), "focus list")
    assert "There are no sessions running" in text_of(listed.answer)
