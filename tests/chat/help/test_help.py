"""Help: each example can be pressed, and is then carried out for the presser."""

from pathlib import Path

import pytest

import bot.cogs  # noqa: F401 - brings all topics
from bot.chat.runtime.topics import topics
from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.outcome import Outcome
from bot.localdiscord.people import Person
from tests.chat.conftest import Running
from tests.chat.runtime.test_forged import Forger
from tests.reading import Message, buttons, until_synced


async def press(bot: Running, person: Person, card: Message, label: str) -> Outcome:
    bot.advance(2)
    return await person.click(card, label)


@pytest.mark.parametrize("name", sorted(topics()))
async def test_every_example_can_be_pressed(
    bot: Running, discord: LocalDiscord, log: list[object], name: str
) -> None:
    """Each example of a command has a button, and each press is answered."""
    ann, general = discord.person("ann"), discord.channel("general")
    card = await bot.ask(ann, general, f"!help {name} more")
    labels = buttons(card)
    assert labels == [
        verb.pressed.get(example, example) for verb in topics()[name].verbs.values() for example in verb.examples
    ]
    assert labels
    for label in labels:
        outcome = await press(bot, ann, card, label)
        if outcome.kind == "message":
            assert "Did you mean" not in text_of(outcome.answer), label
    assert not [event for event in log if "request_failed" in str(event)]


@pytest.mark.parametrize("name", sorted(topics()))
async def test_the_likeliest_examples_first(bot: Running, discord: LocalDiscord, name: str) -> None:
    """Help has no wall of buttons: of many examples a row is shown, and all to whoever presses for more."""
    ann, general = discord.person("ann"), discord.channel("general")
    card = await bot.ask(ann, general, f"!help {name}")
    labels = buttons(card)
    if "More…" not in labels:
        assert len(labels) <= 10
        return
    assert len(labels) == 5
    whole = await press(bot, ann, card, "More…")
    assert whole.ephemeral
    assert set(labels) - {"More…"} < set(buttons(whole.answer))


async def test_the_presser_gets_it(bot: Running, discord: LocalDiscord) -> None:
    """A pressed example is carried out, as often as it is pressed; the help message stays as it is."""
    ann, ben, general = discord.person("ann"), discord.person("ben"), discord.channel("general")
    card = await bot.ask(ann, general, "!help pomodoro more")
    text = text_of(card)
    for person in (ben, ann, ann):
        started = await press(bot, person, card, "tea 5m")
        assert not started.ephemeral
        assert f"5 min · <@{person.id}>" in text_of(started.answer)
    listed = (await press(bot, ben, card, "list")).answer
    assert text_of(listed).count("tea") == 3
    assert text_of((await press(bot, ben, card, "cancel tea")).answer) == "Cancelled tea (#1)."
    assert text_of(card) == text


async def test_words_of_an_example_can_be_undone(bot: Running, discord: LocalDiscord) -> None:
    """An example with a text sets that reminder, which the presser can undo, also after a restart."""
    ann, general = discord.person("ann"), discord.channel("general")
    card = await bot.ask(ann, general, "!help remind")
    await bot.stop()
    await bot.start()
    set_ = await press(bot, ann, card, "20m stretch")
    assert set_.ephemeral
    assert "stretch" in text_of(set_.answer)
    undone = await press(bot, ann, set_.answer, "Undo")
    assert undone.kind == "update"
    listed = (await press(bot, ann, card, "list")).answer
    assert "stretch" not in text_of(listed)


async def test_an_example_with_a_number(bot: Running, discord: LocalDiscord) -> None:
    """The button of an example with a number in it asks which of the presser's own is meant."""
    ann, general = discord.person("ann"), discord.channel("general")
    card = await bot.ask(ann, general, "!help remind more")
    for name in ("water", "oven"):
        await bot.ask(ann, general, f"!remind 20m {name}")
    question = (await press(bot, ann, card, "cancel")).answer
    assert (text_of(question), buttons(question)) == ("Which one?", ["#1 water", "#2 oven"])
    cancelled = await press(bot, ann, question, "#2 oven")
    assert "Cancelled: oven" in text_of(cancelled.answer)
    listed = (await press(bot, ann, card, "edit")).answer
    assert "water" in text_of(listed)


async def test_for_a_newcomer(bot: Running, discord: LocalDiscord) -> None:
    """Help has a button for each of three things to try, and one for each larger command."""
    ann = discord.person("ann")
    place = await ann.dm()
    card = await bot.ask(ann, place, "help")
    examples, more = buttons(card)[:3], buttons(card)[3:]
    for label, answer in zip(examples, ("Focus", "5 min", "stretch"), strict=True):
        assert answer in text_of((await press(bot, ann, card, label)).answer)
    for name in more:
        assert f"/{name} " in text_of((await press(bot, ann, card, name)).answer)
    slash = await ann.slash(discord.channel("general"), "help", topic="remind")
    assert slash.ephemeral
    assert "stretch" in text_of((await press(bot, ann, slash.answer, "20m stretch")).answer)


async def test_rules_hold(bot: Running, discord: LocalDiscord) -> None:
    """An example does nothing where commands aren't wanted, and a forged one no more than typing it."""
    general, focus = discord.channel("general"), discord.channel("focus")
    ben = discord.person("ben")
    card = await bot.ask(ben, general, "!help pomodoro")
    await discord.person("mia").slash(general, "settings channel", channel=focus.id)
    assert "In this server I only work in" in text_of((await press(bot, ben, card, "tea 5m")).answer)
    await bot.ask(ben, focus, "!pomodoro list")
    forger = Forger(discord)
    assert "You need Manage Server" in await forger.press("example:settings prefix ?", ben, focus)
    assert "I no longer know that command" in await forger.press("example:explode now", ben, focus)


@pytest.mark.parametrize("name", sorted(topics().keys() - {"help"}))
async def test_each_command_has_help(bot: Running, discord: LocalDiscord, tmp_path: Path, name: str) -> None:
    """``!privacy help`` shows the same as ``!help privacy``, without repetition."""
    ann, general = discord.person("ann"), discord.channel("general")
    await until_synced(tmp_path / "test.db")
    asked = text_of(await bot.ask(ann, general, f"!help {name}"))
    bot.advance(2)
    assert text_of(await bot.ask(ann, general, f"!{name} help")) == asked
    assert asked.count(topics()[name].introduction or topics()[name].description) == 1
