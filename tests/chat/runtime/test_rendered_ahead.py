"""Messages are rendered shortly before they are due."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.chat.runtime.sender import DiscordSender, MessageEdit, Renderer
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.timers.timer import Actor, Purpose, State, Timer
from bot.engine.clock import Clock
from bot.engine.countdown import LEAD
from bot.engine.unsent import FRESH
from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.reading import eventually, says
from tests.statements import noted


class Counting(Renderer):
    """Counts its renderings."""

    count = 0

    async def message(self, outbox_message: OutboxMessage) -> dict[str, Any]:
        del outbox_message
        self.count += 1
        return {"content": str(self.count)}

    async def edit(self, outbox_message: OutboxMessage) -> MessageEdit:
        raise AssertionError(outbox_message)


def sending(bot: Running) -> DiscordSender:
    """Make a sender of the bot's client that counts."""
    parts = bot._app._health.parts
    assert parts
    invalid_requests = parts.rate_limiter.breaker.invalid_requests
    return DiscordSender(parts.client, {Purpose.POMODORO: Counting()}, invalid_requests, bot.clock)


def over(discord: LocalDiscord, clock: Clock, nonce: str) -> OutboxMessage:
    """Return the announcement of a pomodoro in a channel."""
    actor = Actor(int(discord.person("ann").id), int(discord.guild.id), int(discord.channel("general").id))
    timer = Timer.begun(actor, "tea", timedelta(minutes=5), clock.now(), clock.now())
    return OutboxMessage(nonce, Kind.ANNOUNCEMENT, actor.channel_id, (replace(timer, state=State.DONE),))


async def test_nothing_is_read_once_it_is_due(discord: LocalDiscord, bot: Running) -> None:
    """An announcement reads its owner's day before it is due, and not again then."""
    ann, general = discord.person("ann"), discord.channel("general")
    await ann.say(general, "!privacy share")
    await discord.wait_for(says("leaderboards"), channel=general)
    await ann.say(general, "!pomodoro tea 25m")
    await discord.wait_for(says("tea", "Ends"), channel=general)
    bot.advance(2)
    with noted() as statements:

        def read() -> list[str]:
            return [statement for statement in statements if re.match("SELECT .*(preferences|focus_)", statement)]

        bot.advance(25 * 60 - 2 - LEAD)
        await eventually(lambda: any("sum(focus_slices.seconds)" in statement for statement in read()))
        before = read()
        bot.advance(LEAD)
        told = await discord.wait_for(says("POMODORO! tea"), channel=general)
        assert read() == before
    assert "-# Today 25 min" in text_of(told)


async def test_a_message_that_waited_is_rendered_again(discord: LocalDiscord, bot: Running) -> None:
    """A message rendered ahead is posted at once or not at all, and never in place of another."""
    sender, general = sending(bot), discord.channel("general")
    posted: list[str] = []
    for wait, mentioned in ((FRESH, frozenset[int]()), (2 * FRESH, frozenset[int]()), (0.0, frozenset({7}))):
        message = over(discord, bot.clock, f"nonce{wait}")
        await sender.prepare(message)
        bot.advance(wait)
        message_id = await sender.deliver(replace(message, mentioned=mentioned))
        posted += [text_of(each) for each in discord.messages(general) if each["id"] == str(message_id)]
    assert posted == ["1", "3", "5"]
    assert not sender._rendered
