"""Questions: asked where a request is ambiguous, and what a press on a choice does."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.chat.runtime import topics
from bot.localdiscord.channel import Channel
from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.people import Person
from tests.chat.conftest import Running
from tests.chat.runtime.test_odd_answers import CALLBACK
from tests.reading import Message, answers, as_shown, buttons, change, eventually, rows, says, shows

LIVE = "SELECT id FROM timers WHERE state IN ('running', 'paused') ORDER BY id"
DAY = 24 * 3600


async def start(bot: Running, person: Person, place: Channel, *names: str) -> None:
    """Start timers of half an hour."""
    for name in names:
        request = await person.say(place, f"!pomodoro {name} 30m")
        await bot.discord.wait_for(says(name, "Ends"), channel=place, after=request)
        bot.advance(2)


async def ask_which(bot: Running, person: Person, place: Channel, words: str = "cancel tea") -> Message:
    """Ask for something that fits two timers, and return the question."""
    await start(bot, person, place, "tea", "tea")
    return await ask(bot, person, place, f"!pomodoro {words}")


async def ask(bot: Running, person: Person, place: Channel, words: str) -> Message:
    """Write something, and return the answer."""
    request = await person.say(place, words)
    return await bot.discord.wait_for(answers(request), channel=place)


def alone(bot: Running, person: Person, place: Channel) -> list[Message]:
    """Return the ephemeral messages."""
    return [message for message in bot.discord.messages(place, person) if message["flags"] & 64]


def live(tmp_path: Path) -> list[int]:
    return [number for (number,) in rows(tmp_path / "test.db", LIVE)]


async def test_a_press_does_it(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A press carries out its choice, and the question becomes the answer, without buttons."""
    question = await ask_which(bot, ann, general)
    assert (text_of(question), buttons(question)) == ("Which one?", ["#1 tea", "#2 tea"])
    bot.advance(2)
    outcome = await ann.click(question, "#2 tea")
    assert (outcome.kind, live(tmp_path)) == ("update", [1])
    message = as_shown(bot.discord, question)
    assert "Cancelled tea (#2)" in text_of(message)
    assert buttons(message) == []


async def test_a_second_press(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A repeated or simultaneous press does nothing more, and says so."""
    question = await ask_which(bot, ann, general, "extend tea 5m")
    outcomes = await asyncio.gather(*(ann.click(question, "#1 tea") for _ in range(3)))
    assert sorted(outcome.kind for outcome in outcomes) == ["none", "none", "update"]
    assert rows(tmp_path / "test.db", "SELECT extended FROM timers ORDER BY id") == [(300_000,), (0,)]


async def test_answered_already(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A press on an answered question that kept its buttons does nothing, and says why."""
    question = await ask_which(bot, ann, general)
    await change(tmp_path / "test.db", "UPDATE questions SET answered_at = created_at")
    assert text_of((await ann.click(question, "#1 tea")).answer) == "You've already answered that."
    assert live(tmp_path) == [1, 2]


async def test_its_asker_alone(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """Nobody can answer another person's question, not even a moderator; it stays open."""
    question = await ask_which(bot, ann, general)
    for other in ("ben", "mia"):
        outcome = await bot.discord.person(other).click(question, "#1 tea")
        assert (outcome.ephemeral, "question was for somebody else" in text_of(outcome.answer)) == (True, True)
    assert live(tmp_path) == [1, 2]
    assert "Cancelled" in text_of((await ann.click(question, "#1 tea")).answer)


async def test_after_a_restart(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A question asked before a crash can be answered after it."""
    question = await ask_which(bot, ann, general)
    await bot.crash()
    await bot.start()
    assert "Cancelled tea (#1)" in text_of((await ann.click(question, "#1 tea")).answer)
    assert live(tmp_path) == [2]


async def test_too_old(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """After a day a question is too old to answer, and an hour later it is deleted."""
    question = await ask_which(bot, ann, general)
    await bot.stop()
    bot.advance(DAY - 60)
    await bot.start()
    assert rows(tmp_path / "test.db", "SELECT count(*) FROM questions") == [(1,)]
    bot.advance(60)
    outcome = await ann.click(question, "#1 tea")
    assert text_of(outcome.answer) == "That question is too old to answer. Please ask me again."
    await bot.stop()
    bot.advance(3600)
    await bot.start()
    await eventually(lambda: rows(tmp_path / "test.db", "SELECT count(*) FROM questions") == [(0,)])


async def test_damaged(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A question with an unreadable row counts as too old, and an unknown choice as none."""
    question = await ask_which(bot, ann, general)
    await change(tmp_path / "test.db", "UPDATE questions SET lines = '[]'")
    assert "too old to answer" in text_of((await ann.click(question, "#1 tea")).answer)
    await change(tmp_path / "test.db", "UPDATE questions SET lines = '[\"pomodoro cancel #1\"]'")
    assert "don't know that choice" in text_of((await ann.click(question, "#2 tea")).answer)
    await change(tmp_path / "test.db", "UPDATE questions SET lines = '[\"gone x\"]'")
    assert "no longer know that command" in text_of((await ann.click(question, "#1 tea")).answer)
    assert live(tmp_path) == [1, 2]


async def test_many(
    bot: Running, ann: Person, general: Channel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """More than five choices are a menu, which does not work as a button."""
    await start(bot, ann, general, *(["tea"] * 6))
    question = await ask(bot, ann, general, "!pomodoro cancel")
    (row,) = [part for part in question["components"] if part["type"] == 1]
    (menu,) = row["components"]
    assert [option["label"] for option in menu["options"]] == [f"#{number} tea" for number in range(1, 7)]
    await ann.select(question, menu["custom_id"], ["5"])
    assert live(tmp_path) == [1, 2, 3, 4, 5]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("place", ["dm", "thread"])
async def test_elsewhere(bot: Running, ann: Person, general: Channel, tmp_path: Path, place: str) -> None:
    """Questions work in direct messages and in threads as in channels."""
    if place == "dm":
        where = await ann.dm()
    else:
        where = await ann.open_thread(await ann.say(general, "let us work"), "work")
    question = await ask_which(bot, ann, where)
    assert "Cancelled" in text_of((await ann.click(question, "#1 tea")).answer)
    assert live(tmp_path) == [2]


async def test_a_slash_command(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """The question to a slash command and its answer are ephemeral."""
    await start(bot, ann, general, "tea", "tea")
    outcome = await ann.slash(general, "pomodoro extend", timer="tea", by="10m")
    assert (outcome.ephemeral, buttons(outcome.answer)) == (True, ["#1 tea", "#2 tea"])
    assert "Extended tea (#2)" in text_of((await ann.click(outcome.answer, "#2 tea")).answer)
    assert rows(tmp_path / "test.db", "SELECT extended FROM timers ORDER BY id") == [(0,), (600_000,)]


async def test_an_installed_app(bot: Running, ann: Person) -> None:
    """Where the bot is no member, questions work too, ephemerally."""
    ann.install()
    lounge = bot.discord.channel("lounge")
    for _ in range(2):
        await ann.slash(lounge, "remind set", when="20m", what="stretch")
        bot.advance(2)
    outcome = await ann.slash(lounge, "remind cancel", reminder="stretch")
    assert (outcome.ephemeral, text_of(outcome.answer)) == (True, "Which one?")
    assert "Cancelled: stretch" in text_of((await ann.click(outcome.answer, "#2 stretch")).answer)


async def test_a_press_that_is_refused(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A refused choice is answered ephemerally, and another choice can still be made."""
    question = await ask_which(bot, ann, general, "pause tea")
    bot.advance(2)
    await ask(bot, ann, general, "!pomodoro cancel #1")
    outcome = await ann.click(question, "#1 tea")
    assert (outcome.ephemeral, "no timer #1 running" in text_of(outcome.answer)) == (True, True)
    assert "Paused tea (#2)" in text_of((await ann.click(question, "#2 tea")).answer)


async def test_the_rights_of_that_moment(bot: Running, general: Channel, tmp_path: Path) -> None:
    """A person who lost the right to command others' timers after being asked cannot do so by a press."""
    discord = bot.discord
    ann, mia = discord.person("ann"), discord.person("mia")
    await start(bot, ann, general, "tea", "tea")
    question = await ask(bot, mia, general, "!pomodoro cancel tea")
    discord.deny(general, "MANAGE_MESSAGES", user=mia.user)
    refused = await mia.click(question, "#1 tea")
    assert "isn't your" in text_of(refused.answer)
    discord.reset_permissions(general, "MANAGE_MESSAGES", user=mia.user)
    assert "Cancelled" in text_of((await mia.click(question, "#1 tea")).answer)


async def test_rate_limit(discord: LocalDiscord, clock: Any, sqlite: str, ann: Person, general: Channel) -> None:
    """A press counts as a command towards the rate limit, and one over it leaves the question open."""
    running = Running(discord, clock, sqlite)
    await running.start(commands_per_10s=3)
    for _ in range(2):
        await ask(running, ann, general, "!pomodoro tea 30m")
    question = await ask(running, ann, general, "!pomodoro cancel tea")
    assert "Slow down a little" in text_of((await ann.click(question, "#1 tea")).answer)
    running.advance(11)
    assert "Cancelled" in text_of((await ann.click(question, "#1 tea")).answer)
    for _ in range(2):
        request = await ann.say(general, "!pomodoro time tea")
        await discord.wait_for(says("tea", "left"), channel=general, after=request)
    await running.end()


async def test_it_cannot_be_kept(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A question that cannot be saved is asked without buttons, with the corrected request to copy."""
    await start(bot, ann, general, "tea", "tea")
    await change(tmp_path / "test.db", "ALTER TABLE questions RENAME TO elsewhere")
    answer = await ask(bot, ann, general, "!pomodoro extend tea 5m")
    assert text_of(answer) == "Which one?\nTry `!pomodoro extend #1 5m`"
    assert buttons(answer) == []


async def test_a_refusal_links_to_its_command(bot: Running, ann: Person, general: Channel) -> None:
    """A refused slash command has a link that opens the one with examples."""
    await eventually(lambda: bot.discord.commands)
    (command,) = [command for command in bot.discord.commands if command["name"] == "pomodoro"]
    link = f"</pomodoro help:{command['id']}>"
    for _ in range(2):
        await eventually(lambda: topics.mention("pomodoro"))
        answer = text_of((await ann.slash(general, "pomodoro start", name="\N{ZERO WIDTH SPACE}")).answer)
        assert link in answer
        await bot.stop()
        topics.learn_ids([])  # as in a new process, which learns them where the commands have not changed
        await bot.start()
    assert "</" not in text_of(await ask(bot, ann, general, "!pomodoro \N{ZERO WIDTH SPACE} 5m"))


async def rewrite(tmp_path: Path, *lines: str) -> None:
    """Replace the choices of all questions with these lines."""
    await change(tmp_path / "test.db", "UPDATE questions SET lines = ?", json.dumps(lines))


async def test_a_card_takes_its_place(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A question in a channel becomes the card it led to; an ephemeral one is replaced by it."""
    question = await ask_which(bot, ann, general)
    await rewrite(tmp_path, "pomodoro soup 5m")
    await ann.click(question, "#1 tea")
    card = as_shown(bot.discord, question)
    assert ("soup" in text_of(card), buttons(card)) == (True, ["Pause", "+5 min", "Cancel"])
    assert "Paused" in text_of((await ann.click(card, "Pause")).answer)
    own = (await ann.slash(general, "pomodoro cancel", timer="tea")).answer
    await rewrite(tmp_path, "pomodoro broth 5m")
    await ann.click(own, "#1 tea")
    card = await bot.discord.wait_for(says("broth", "Ends"), channel=general)
    assert not card["flags"] & 64
    await bot.discord.wait_until(lambda: not alone(bot, ann, general), 10)
    assert "Paused" in text_of((await ann.click(card, "Pause")).answer)


async def test_a_question_after_a_question(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """An ambiguous choice leads to the next question in the same message."""
    question = await ask_which(bot, ann, general)
    await start(bot, ann, general, "egg", "egg")
    await rewrite(tmp_path, "pomodoro cancel egg")
    outcome = await ann.click(question, "#1 tea")
    assert (outcome.kind, buttons(outcome.answer)) == ("update", ["#3 egg", "#4 egg"])
    assert "Cancelled egg (#4)" in text_of((await ann.click(as_shown(bot.discord, question), "#4 egg")).answer)


async def test_what_it_replied_to(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A request that replied to a message is still about that message when chosen later."""
    about = await ann.say(general, "the minutes")
    await start(bot, ann, general, "tea", "tea")
    request = await ann.say(general, "!pomodoro cancel tea", reply_to=about)
    question = await bot.discord.wait_for(says("Which one?"), channel=general, after=request)
    await rewrite(tmp_path, "remind 1h read it")
    await ann.click(question, "#1 tea")
    assert rows(tmp_path / "test.db", "SELECT about_id FROM reminders") == [(int(about["id"]),)]


async def test_for_their_eyes_alone(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A private answer is shown to the asker only, and the public question says so."""
    question = await ask_which(bot, ann, general)
    await rewrite(tmp_path, "privacy export")
    await ann.click(question, "#1 tea")
    message = await bot.discord.wait_for(shows(question, "I've sent it to you by DM"), channel=general)
    assert buttons(message) == []
    (given,) = alone(bot, ann, general)
    assert "pomodoro.zip" in str(given["components"])


async def test_started_once(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A press whose answer was lost starts nothing twice: pressed again, it shows what it started."""
    question = await ask_which(bot, ann, general)
    await rewrite(tmp_path, "pomodoro soup 5m")
    bot.discord.interactions.answer_seconds = 3
    fault = bot.discord.faults.fail("503", only=CALLBACK)
    await ann.click(question, "#1 tea")
    fault.off()
    await bot.discord.wait_for(says("soup", "Ends"), channel=general)
    await eventually(lambda: rows(tmp_path / "test.db", "SELECT 1 FROM questions WHERE answered_at IS NOT NULL"))
    await change(tmp_path / "test.db", "UPDATE questions SET answered_at = NULL")  # as after a crash
    await ann.click(question, "#1 tea")
    assert "soup" in text_of(as_shown(bot.discord, question))
    request_id = question["message_reference"]["message_id"]
    assert rows(tmp_path / "test.db", "SELECT request FROM timers WHERE name = 'soup'") == [
        (f"question1:{request_id}",)
    ]


async def test_after_a_form(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """An ambiguous form is asked about too, and still refers to its message."""
    about = await ann.say(general, "the minutes")
    form = (await ann.context_menu("Remind me", about)).modal
    assert form
    assert "remind you" in text_of((await ann.submit(form, {"when": "1h", "what": "read it"})).answer)
    assert rows(tmp_path / "test.db", "SELECT about_id FROM reminders") == [(int(about["id"]),)]
