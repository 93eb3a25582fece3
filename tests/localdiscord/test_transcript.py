"""The transcript of everything said and done."""

import aiohttp
import pytest

from bot.localdiscord.local import LocalDiscord
from bot.localdiscord.people import Person
from bot.localdiscord.transcript import Transcript
from tests.localdiscord.conftest import Probe, Rest


def lines_of(transcript: Transcript) -> list[str]:
    """Return the lines without their times, with single spaces between place and text."""
    return [" ".join(line.split()[1:]) for line in transcript.lines]


async def test_messages_are_in_order(local: LocalDiscord, rest: Rest) -> None:
    """Messages, edits and deletions are listed in order, with who did it where."""
    transcript = Transcript(local.backend)
    ann, general = local.person("ann"), local.channel("general")
    message = await ann.say(general, "hello\nthere")
    await rest.say("hi", embeds=[{"title": "Card", "fields": [{"name": "left", "value": "5"}]}])
    await ann.edit(message, "hello, all")
    await ann.delete(message)

    assert lines_of(transcript) == [
        "#general ann: hello ⏎ there",
        "#general Robin: hi ⏎ Card ⏎ left ⏎ 5",
        "#general ann changes it to: hello, all",
        f"#general message delete {message['id']}",
    ]


async def test_refused_and_lost_requests(local: LocalDiscord, rest: Rest) -> None:
    """A refused request is listed with the reason, and so is a lost one."""
    transcript = Transcript(local.backend)
    path = f"/channels/{local.channel('quiet').id}/messages"
    local.deny(local.channel("quiet"), "SEND_MESSAGES")
    await rest("POST", path, {"content": "x"})
    local.faults.fail("500", times=1)
    await rest("POST", path, {"content": "x"})
    local.faults.fail("drop", times=1)
    with pytest.raises(aiohttp.ClientError):
        await rest("POST", path, {"content": "x"})

    _, refused, struck, lost = lines_of(transcript)
    assert refused.startswith(f"REST POST {path} refused with 403")
    assert "50013" in refused
    assert struck.startswith(f"REST POST {path} refused with 500 by a fault")
    assert lost == f"REST POST {path} was not answered"


async def test_interactions_and_their_answers(local: LocalDiscord, probe: Probe) -> None:
    """Commands, buttons, forms and choices are listed as people see them, and so are missing answers."""
    transcript = Transcript(local.backend)
    ann, general = local.person("ann"), local.channel("general")
    await ann.slash(general, "pomodoro start", name="tea", minutes=5)
    await ann.autocomplete(general, "pomodoro start", "name", "t")
    card = await local.wait_for(lambda message: message["components"], after=await ann.say(general, "buttons"))
    await ann.click(card, "Cancel")
    await _rename(local, ann)

    lines = lines_of(transcript)
    for expected in (
        "#general ann uses /pomodoro start name:tea minutes:5",
        "#general Robin: started tea for 5",
        "#general ann is typing /pomodoro start name:t",
        "interaction ann is offered: tea, toast",
        "#general Robin: choose [Cancel] [Rename] [Silence] [length: 5 | 25]",
        "#general ann presses [Cancel]",
        "#general Robin changes it to: cancelled",
        "interaction Robin shows a form",
        '#general ann sends the form: {"name": "soup"}',
    ):
        assert expected in lines, "\n".join(lines)


async def test_nobody_answers(local: LocalDiscord, probe: Probe) -> None:
    """An interaction that the bot leaves unanswered is listed as failed."""
    local.interactions.answer_seconds = 0.1
    transcript = Transcript(local.backend)
    ann, general = local.person("ann"), local.channel("general")
    card = await local.wait_for(lambda message: message["components"], after=await ann.say(general, "buttons"))
    await ann.click(card, "Silence")

    assert lines_of(transcript)[-1] == "interaction failed for ann: The application did not respond"


async def test_connections(local: LocalDiscord, probe: Probe) -> None:
    """A connection that breaks off and comes back is listed."""
    transcript = Transcript(local.backend)
    await local.drop_gateway()
    await local.wait_connected()

    assert lines_of(transcript) == ["gateway 0 connected, 1 before", "gateway 1 connected, 0 before"]


def test_a_long_one_shows_its_end(local: LocalDiscord) -> None:
    """Of a long transcript the last lines are shown, and how many there were before."""
    transcript = Transcript(local.backend)
    for number in range(5):
        local.create_channel(f"room-{number}")

    texts = transcript.text(most=2).splitlines()
    assert texts[0] == "… 3 lines before"
    assert [line.split()[-1] for line in texts[1:]] == ["room-3", "room-4"]


async def _rename(local: LocalDiscord, person: Person) -> None:
    general = local.channel("general")
    card = await local.wait_for(lambda message: message["components"], after=await person.say(general, "buttons"))
    outcome = await person.click(card, "Rename")
    assert outcome.modal
    await person.submit(outcome.modal, {"name": "soup"})
