"""Shared sessions, as people see them."""

import asyncio
import re
from datetime import timedelta
from typing import Any

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.reading import Message, as_shown, buttons, says, shows

CARD = ["Join", "Leave", "My task", "Just me ⏯", "Pause", "Skip", "+5 min", "Stop"]
REVIEW = ["Done", "Partly", "Not yet"]


def is_live(message: Message) -> bool:
    return "Join" in buttons(message)


def newest(discord: LocalDiscord, room: Any) -> Message:
    """The card that people press; all earlier ones are closed."""
    *_, card = [message for message in discord.messages(room) if is_live(message)]
    return card


def replies(asked: Message) -> Any:
    """Match the answer to a command that was typed."""
    return lambda message: (message.get("message_reference") or {}).get("message_id") == asked["id"]


async def begin(discord: LocalDiscord, typed: str = "3x(20m focus, 5m break)", who: str = "ann") -> Message:
    room = discord.channel("general")
    asked = await discord.person(who).say(room, f"!focus {typed}")
    return await discord.wait_for(is_live, channel=room, after=asked)


async def test_every_phase(discord: LocalDiscord, bot: Running) -> None:
    """A plan runs through all its phases: each on a new card at its moment, the old one closed, then the recap."""
    ann, room = discord.person("ann"), discord.channel("general")

    def shown() -> str:
        return text_of(as_shown(discord, card))

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
        assert buttons(following) == (CARD + REVIEW if is_after_focus else CARD)
        # It may have been redrawn a moment ago, and waits then for its turn.
        await bot.until(lambda: "goes on here" in shown(), step=0.002)
        assert buttons(as_shown(discord, card)) == []
        card = following
    bot.clock.advance((place - bot.clock.now()).total_seconds())
    recap = await discord.wait_for(says("That was it"), channel=room)
    assert re.search(rf"<@{ann.id}> · \*\*9 min\*\*", text_of(recap))
    assert buttons(recap) == REVIEW
    await bot.until(lambda: "The session is over" in shown(), step=0.002)
    assert not any(is_live(message) for message in discord.messages(room))


async def test_in_company(discord: LocalDiscord, bot: Running) -> None:
    """Two people join, say what they do, rest, leave and tell how it went; the recap has each one's minutes."""
    ann, ben, room = discord.person("ann"), discord.person("ben"), discord.channel("general")
    card = await begin(discord)
    form = await ben.click(card, "Join")
    assert form.modal
    assert "You are in" in form.modal["title"]
    bot.advance(300)
    assert (await ben.submit(form.modal, {"task": "the *report*", "notify": ["silent"]})).kind == "none"
    bot.advance(1)
    await discord.wait_for(shows(card, r"the \*report\*"), channel=room)
    assert (await ben.click(card, "Just me ⏯")).kind == "none"  # five minutes in
    bot.advance(299)
    await ben.click(card, "Just me ⏯")
    bot.advance(600)
    rest = await discord.wait_for(says("Break"), channel=room, after=card)
    assert [user["id"] for user in rest["mentions"]] == [str(ann.id)]
    noted = await ben.click(rest, "Partly")
    assert noted.answer["flags"] & 64
    assert (await ben.click(rest, "Leave")).kind == "none"
    assert (await ann.click(rest, "Stop")).kind == "none"
    recap = await discord.wait_for(says("was stopped"), channel=room)
    assert f"<@{ann.id}> · **20 min**" in text_of(recap)
    assert rf"<@{ben.id}> · **15 min 1 s** · ◐ the \*report\*" in text_of(recap)


async def test_one_skip(discord: LocalDiscord, bot: Running) -> None:
    """Two presses of Skip at once skip one phase; the other is told, and so is a press on an old card."""
    ann, room = discord.person("ann"), discord.channel("general")
    card = await begin(discord)
    first, second = await asyncio.gather(ann.click(card, "Skip"), ann.click(card, "Skip"))
    assert sorted((first.kind, second.kind)) == ["message", "none"]
    told = first if first.kind == "message" else second
    assert "a phase that is over" in text_of(told.answer)
    assert told.answer["flags"] & 64
    await discord.wait_for(says("Break"), channel=room, after=card)
    old = await ann.click(card | {"components": card["components"]}, "Pause")
    assert "a phase that is over" in text_of(old.answer)
    assert "Break" in text_of(newest(discord, room))


async def test_twenty_at_once(discord: LocalDiscord, bot: Running) -> None:
    """Twenty press Join, Leave and Just me at once: each is answered, few edits are made, the card is right."""
    room = discord.channel("general")
    people = [discord.add_person(f"p{number}") for number in range(20)]
    card = await begin(discord)
    edits: list[Any] = []
    is_edit = re.compile(r"/channels/[0-9]+/messages/[0-9]+$").search
    discord.on_exchange.append(
        lambda one: edits.append(one) if one.method == "PATCH" and is_edit(one.path) else None
    )

    async def press(number: int) -> list[str]:
        person = people[number]
        outcomes = [await person.click(card, "Join")]
        if number % 4 == 1:
            outcomes.append(await person.click(card, "Leave"))
        if number % 4 == 2:
            outcomes.append(await person.click(card, "Just me ⏯"))
        return [one.kind for one in outcomes]

    kinds = await asyncio.gather(*map(press, range(20)))
    assert all(kind in (["modal"], ["modal", "none"]) for kind in kinds)
    expected = {person.id: number % 4 == 2 for number, person in enumerate(people) if number % 4 != 1}

    def is_right() -> bool:
        said = text_of(newest(discord, room))
        return all(
            (f"<@{person.id}>" in said) is (person.id in expected)
            and (f"<@{person.id}> ⏸️" in said) is expected.get(person.id, False)
            for person in people
        )

    await bot.until(is_right)
    assert 1 <= len(edits) <= 4


async def test_whose_session(discord: LocalDiscord, bot: Running) -> None:
    """The clock is the host's and the moderators'; the host can hand it over, and leaving does."""
    ann, ben, mia, room = (*map(discord.person, ("ann", "ben", "mia")), discord.channel("general"))
    card = await begin(discord)
    await ben.click(card, "Join")
    refused = await ben.click(card, "Pause")
    assert "Only the host or a moderator" in text_of(refused.answer)
    assert (await mia.click(card, "Pause")).kind == "none"  # she manages messages
    await discord.wait_for(shows(card, "Paused with 20 min left"), channel=room)
    await ann.say(room, f"!focus host <@{ben.id}>")
    await discord.wait_for(says("hosts the session now"), channel=room)
    assert (await ben.click(card, "Resume")).kind == "none"
    await ben.click(card, "Leave")
    bot.advance(2)
    await discord.wait_for(shows(card, f"<@{ann.id}> 👑"), channel=room)
    await ann.click(card, "Leave")
    await discord.wait_for(says("Everybody has left"), channel=room)


async def test_ways_to_be_told(discord: LocalDiscord, bot: Running) -> None:
    """Each hears of a new phase as they chose: mentioned, not at all, or by direct message."""
    ann, ben, room = discord.person("ann"), discord.person("ben"), discord.channel("general")
    card = await begin(discord, "2x(20m focus, 5m break) warn")
    await ben.say(room, "!focus join")
    await discord.wait_for(says("You are in"), channel=room)
    await ben.say(room, "!focus notify dm")
    await discord.wait_for(says("write to you directly"), channel=room)
    bot.advance(19 * 60)
    warned = await discord.wait_for(says("1 min left of Focus 1 of 2"), channel=room)
    assert [user["id"] for user in warned["mentions"]] == [str(ann.id)]
    bot.advance(60)
    following = await discord.wait_for(says("Break"), channel=room, after=warned)
    assert [user["id"] for user in following["mentions"]] == [str(ann.id)]
    await discord.wait_for(says("Break", f"<#{room.id}>"), channel=await ben.dm())
    assert card["id"] != following["id"]


async def test_a_press_begins_it(discord: LocalDiscord, bot: Running) -> None:
    """Where phases do not begin by themselves, the next waits for a press and counts from then."""
    ann, room = discord.person("ann"), discord.channel("general")
    await begin(discord, "2x(20m focus, 5m break) manual")
    bot.advance(1200)
    waiting = await discord.wait_for(says("is next", "each phase waits for a press"), channel=room)
    assert "Start break" in buttons(waiting)
    bot.advance(3600)
    await ann.click(waiting, "Start break")
    ends = bot.clock.now() + timedelta(minutes=5)
    bot.advance(1)
    await discord.wait_for(shows(waiting, f"Ends <t:{round(ends.timestamp())}:R>"), channel=room)


async def test_open_doors(discord: LocalDiscord, bot: Running) -> None:
    """A session can be announced beforehand: people come in, and it begins at its time."""
    ben, room = discord.person("ben"), discord.channel("general")
    card = await begin(discord, "deep in 10m")
    assert "Doors are open" in text_of(card)
    await ben.click(card, "Join")
    bot.advance(600)
    begun = await discord.wait_for(says("Focus · 1 of 3"), channel=room)
    assert {user["id"] for user in begun["mentions"]} == {str(ben.id), str(discord.person("ann").id)}


async def test_nobody_there(discord: LocalDiscord, bot: Running) -> None:
    """Where nobody does anything for three rounds they are asked, and without an answer it ends; a press is one."""
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
    await discord.wait_for(says("Nobody was there any more"), channel=room)


async def test_commands(discord: LocalDiscord, bot: Running) -> None:
    """What the buttons do can be typed as well, and the plan changed; status and list tell how it stands."""
    ann, room = discord.person("ann"), discord.channel("general")
    await begin(discord, "classic")
    for typed, answer in (
        ("task write tests", "Your task: write tests"),
        ("pause", "Paused for all"),
        ("resume", "Ends"),
        ("rest", "You are paused"),
        ("back", "Your time counts again"),
        ("extend 5", "Ends"),
        ("+5", "Ends"),
        ("edit rounds: 4 short: 8", "3x(25m focus, 8m short break)"),
        ("edit short 10 rounds 5", "4x(25m focus, 10m short break)"),
        ("status", "Focus · 1 of 5"),
        ("list", "1 person"),
        ("save Mine 2x(10m focus, 5m break)", "Kept mine"),
        ("presets", "mine"),
        ("forget mine", "Forgot"),
        ("next", "Short break"),
        ("help", "!focus start deep"),
        ("end", "The session is over"),
    ):
        asked = await ann.say(room, f"!focus {typed}")
        answered = await discord.wait_for(replies(asked), channel=room)
        assert answer in text_of(answered)
        assert answered["mentions"] == []
        bot.advance(2)


async def test_slash(discord: LocalDiscord, bot: Running) -> None:
    """The slash twins do the same; names of plans are offered while one types."""
    ann, room = discord.person("ann"), discord.channel("focus")
    (choice,) = await ann.autocomplete(room, "focus start", "preset", "de")
    out = await ann.slash(room, "focus start", preset=choice["value"])
    assert "Focus · 1 of 3" in text_of(out.answer)
    for command, options, answer in (
        ("focus task", {"task": "tests"}, "Your task: tests"),
        ("focus edit", {"rounds": 4}, "4"),
        ("focus extend", {}, "Ends"),
        ("focus save", {"name": "my plan", "plan": "25m"}, "`/focus start preset: my plan`"),
        ("focus forget", {"name": "my plan"}, "Forgot the plan my plan"),
        ("focus help", {}, "`/focus start preset: deep`"),
        ("focus notify", {"how": "silent"}, "I do not call you"),
        ("focus status", {}, "Focus · 1 of 4"),
        ("focus skip", {}, "break"),
        ("focus stop", {}, "over"),
        ("focus stop", {}, "No session goes on"),
    ):
        out = await ann.slash(room, command, **options)
        assert answer in text_of(out.answer)
        assert out.answer["flags"] & 64
        bot.advance(2)


async def test_voice(discord: LocalDiscord, bot: Running) -> None:
    """Being in the linked voice channel is being in the session; who came while the bot was away is found."""
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
    "10m break": "only breaks",
    "focus 0": "",
    "focus 25 rounds 0": "",
    "deap": "no plan",
    "deep at 25:99": "time of day",
    "deep voice #Nowhere": "no voice channel",
    "deep voice <#1>": "no voice channel",
    "extend 5": "No session goes on",
    "join": "No session goes on",
    "forget nothing": "no plan",
    "save deep 25m": "",
}


async def test_bad_input(discord: LocalDiscord, bot: Running, log: list[dict[str, str]]) -> None:
    """What cannot be is answered by one sentence with a right example, and nothing is started."""
    ann, room = discord.person("ann"), discord.channel("general")
    discord.deny(discord.channel("Study"), "VIEW_CHANNEL")
    bad = BAD | {f"deep voice <#{discord.channel('Study').id}>": "cannot see that voice channel"}
    for typed, sentence in bad.items():
        asked = await ann.say(room, f"!focus {typed}")
        answer = await discord.wait_for(says(sentence, "Try `!focus "), channel=room, after=asked)
        assert answer["message_reference"]["message_id"] == asked["id"]
        assert answer["mentions"] == []
        bot.advance(1)
    assert not any(is_live(message) for message in discord.messages(room))
    await begin(discord)
    asked = await ann.say(room, "!focus deep")
    await discord.wait_for(says("goes on in this channel already"), channel=room, after=asked)
    wrong = {entry["event"] for entry in log if entry["log_level"] in {"warning", "error"}}
    assert wrong <= {"clock_skew"}, "the test turns the clock away from the local Discord's"


async def test_where_it_may_not_speak(discord: LocalDiscord, bot: Running) -> None:
    """Where the bot may not write nothing is started, and the person is told so in private."""
    ann, room = discord.person("ann"), discord.channel("focus")
    discord.deny(room, "SEND_MESSAGES")
    out = await ann.slash(room, "focus start")
    assert "may not write" in text_of(out.answer)
    await ann.say(room, "!focus")
    await discord.wait_for(says("may not write"), channel=await ann.dm())


async def test_a_list_names_no_hidden_channel(discord: LocalDiscord, bot: Running) -> None:
    """A list of the server's sessions has only those in channels that the person may see."""
    ann, ben, quiet = discord.person("ann"), discord.person("ben"), discord.channel("quiet")
    await ann.slash(quiet, "focus start", plan="20m secret focus")
    discord.deny(quiet, "VIEW_CHANNEL", user=ben.user)
    listed = await ann.slash(discord.channel("focus"), "focus list")
    assert f"<#{quiet.id}>" in text_of(listed.answer)
    listed = await ben.slash(discord.channel("focus"), "focus list")
    assert "No session is going on" in text_of(listed.answer)
