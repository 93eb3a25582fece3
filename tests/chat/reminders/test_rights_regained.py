"""Rights that were given back, and rights unknown until the gateway answers after a start."""

from typing import Any

import pytest

from bot.localdiscord.local import text_of
from bot.localdiscord.wire import Json
from tests.chat.reminders.test_remind_rights import Hosts, remove
from tests.chat.reminding import Reminding
from tests.reading import eventually, says


@pytest.fixture
async def hosts(remind: Reminding) -> Hosts:
    return Hosts(remind)


async def test_a_right_that_was_given_back(hosts: Hosts) -> None:
    """A right that was lost at the look ahead and given back before the reminder is due counts."""
    await hosts.type("@everyone 1h stand-up")
    hosts.moderation.take_role(hosts.ann, hosts.role)
    hosts.bot.advance(3500)
    asked = hosts.discord.gateway.member_queries
    asked.clear()
    hosts.bot.advance(45)
    await eventually(lambda: asked)
    hosts.moderation.give_role(hosts.ann, hosts.role)
    hosts.bot.advance(55)
    assert (await hosts.come("stand-up"))["mention_everyone"]


async def test_a_right_that_was_given_back_during_the_answer(hosts: Hosts) -> None:
    """An answer describes the moment Discord was asked, however late it arrives: a right may be back since."""
    await hosts.type("@everyone 1h stand-up")
    hosts.moderation.take_role(hosts.ann, hosts.role)
    hosts.bot.advance(3500)

    def come_late(answer: Json) -> Json:
        hosts.moderation.give_role(hosts.ann, hosts.role)
        hosts.bot.advance(55)
        return answer

    late = hosts.discord.faults.alter_event("GUILD_MEMBERS_CHUNK", come_late, times=1)
    hosts.bot.advance(45)
    await eventually(lambda: late.struck)
    assert (await hosts.come("stand-up"))["mention_everyone"]


@pytest.mark.parametrize("what", ["reminder", "pomodoro", "session"])
async def test_due_while_away(hosts: Hosts, log: list[dict[str, Any]], what: str) -> None:
    """Reminders due during the bot's absence use current membership: they wait briefly for the gateway."""
    match what:
        case "reminder":
            await hosts.type("1h water the plants", hosts.ben)
        case "pomodoro":
            await hosts.type("plants 1h", hosts.ben, command="!pomodoro")
        case "session":
            await hosts.ann.say(hosts.general, "!focus 25/5")
            card = await hosts.discord.wait_for(says("Focus"), channel=hosts.general)
            await hosts.ben.click(card, "Join")
    await hosts.bot.stop()
    remove(hosts, hosts.ben, "kicked")
    hosts.bot.advance(1501 if what == "session" else 7200)
    held = hosts.discord.faults.hold_ready()
    hosts.bot.launch()
    await hosts.discord.wait_until(lambda: held.struck)
    await eventually(lambda: any(line["event"] == "gateway_wait" for line in log))
    held.off()
    if what == "session":
        phase = await hosts.discord.wait_for(hosts.discord.pinged, channel=hosts.general)
        assert hosts.discord.pinged(phase) == [hosts.ann.id]
    else:
        await hosts.discord.wait_for(says("plants"), channel=await hosts.ben.dm())
        later = [message for message in hosts.discord.messages(hosts.general) if "POMODORO" in text_of(message)]
        assert (later, hosts.due()) == ([], [])
