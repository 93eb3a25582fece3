"""Slash commands and buttons of people who may not write in the channel: nothing is posted there for them."""

from typing import Any

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.outcome import Outcome
from tests.chat.conftest import Running
from tests.reading import answers, as_shown, says

MUTED = "You can't post in this channel, so I can't post that here for you."


class Muted:
    """Ben, who may no longer write in general."""

    def __init__(self, discord: LocalDiscord) -> None:
        self.discord = discord
        self.ann, self.ben, self.general = discord.person("ann"), discord.person("ben"), discord.channel("general")

    def mute(self) -> None:
        self.discord.deny(self.general, "SEND_MESSAGES", user=self.ben.user)

    async def slash(self, command: str, **options: Any) -> str:
        return self.refused(await self.ben.slash(self.general, command, **options))

    def refused(self, outcome: Outcome) -> str:
        """Return the ephemeral answer; nothing was posted."""
        assert outcome.ephemeral, outcome
        return text_of(outcome.answer)


@pytest.fixture
async def muted(bot: Running, discord: LocalDiscord) -> Muted:
    """Ben in general, with the bot in it."""
    return Muted(discord)


async def test_a_timer(muted: Muted, bot: Running) -> None:
    """A muted person's timer is neither started, restarted nor renamed, and no card is posted."""
    request = await muted.ben.say(muted.general, "!pomodoro tea 5")
    await muted.discord.wait_for(says("### 🍅 tea"), channel=muted.general, after=request)
    bot.advance(5)
    over = await muted.discord.wait_for(says("POMODORO! tea"), channel=muted.general)
    request = await muted.ben.say(muted.general, "!pomodoro eggs 20m")
    card = await muted.discord.wait_for(says("### 🍅 eggs"), channel=muted.general, after=request)
    muted.mute()
    before = len(muted.discord.messages(muted.general))
    dm = await muted.ben.dm()
    request = await muted.ben.say(dm, "!pomodoro rename eggs to rude words")
    refused = text_of(await muted.discord.wait_for(answers(request), channel=dm))
    nothing_new = f"You can't post in <#{muted.general.id}> any more, so I can't post anything new there for you."
    assert refused.startswith(nothing_new)
    assert (await muted.slash("pomodoro rename", timer="eggs", name="rude words")).startswith(nothing_new)
    assert "rude" not in text_of(as_shown(muted.discord, card))
    await muted.slash("pomodoro cancel", timer="eggs")
    assert (await muted.slash("pomodoro start", name="rude words")).startswith(MUTED)
    for button in ("Again", "Take 5", "Make it 5 min"):
        assert muted.refused(await muted.ben.click(over, button)).startswith(MUTED)
    assert "No timers running here." in await muted.slash("pomodoro list")
    assert len(muted.discord.messages(muted.general)) == before


async def test_the_words_of_a_plan(muted: Muted) -> None:
    """A muted host cannot edit the plan, whose labels are on the card."""
    request = await muted.ben.say(muted.general, "!focus start")
    await muted.discord.wait_for(says("Focus"), channel=muted.general, after=request)
    muted.mute()
    assert (await muted.slash("focus edit", plan="25m focus, 5m rude words")).startswith(MUTED)


async def test_a_session(muted: Muted) -> None:
    """A muted person starts no session and sets no task, but can join without one."""
    muted.mute()
    assert (await muted.slash("focus start")).startswith(MUTED)
    request = await muted.ann.say(muted.general, "!focus start")
    card = await muted.discord.wait_for(says("Focus"), channel=muted.general, after=request)
    for command, options in (("focus join", {"task": "rude words"}), ("focus task", {"task": "rude words"})):
        assert (await muted.slash(command, **options)).startswith(MUTED)
    outcome = await muted.ben.click(card, "Join")
    assert outcome.modal is None
    await muted.discord.wait_for(says("Focus", muted.ben.mention), channel=muted.general)
    form = (await muted.ben.click(card, "My task")).modal
    assert form
    outcome = await muted.ben.submit(form, {"task": "rude words", "notify": ["ping"]})
    assert muted.refused(outcome).startswith(MUTED)
