"""Buttons, menus and forms that the bot never showed: anybody can send any custom id from anywhere."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.localdiscord.channel import Channel
from bot.localdiscord.interaction import COMMAND, COMPONENT, MODAL_SUBMIT
from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.people import Person
from tests.chat.conftest import Running
from tests.chat.reminding import Reminding, menus
from tests.reading import Message, answers, eventually, rows, says

ELSEWHERE = "That belongs somewhere else, so it doesn't work here."
UNKNOWN = "That button or form no longer works."
BUTTON, MENU = 2, 3


class Forger:
    """Mia, who moderates a server of her own with the bot in it, and sends forged interactions from there."""

    def __init__(self, discord: LocalDiscord) -> None:
        self.discord = discord
        self.mia, self.ann, self.ben = (discord.person(name) for name in ("mia", "ann", "ben"))
        self.guild = discord.add_guild("den")
        self.place = next(
            channel
            for channel in discord.world.channels.values()
            if channel.guild_id == self.guild.id and channel.type == 0
        )

    async def press(self, custom_id: str, person: Person | None = None, place: Channel | None = None) -> str:
        """Press a button that the bot never showed there; return the ephemeral answer."""
        part = {"type": BUTTON, "id": 2, "style": 2, "label": "x", "custom_id": custom_id}
        return await self._use(part, {}, person, place)

    async def choose(self, custom_id: str, value: str, person: Person | None = None) -> str:
        """Choose from a menu that the bot never showed there."""
        option = {"label": "x", "value": value}
        part = {
            "type": MENU,
            "id": 2,
            "custom_id": custom_id,
            "options": [option],
            "min_values": 1,
            "max_values": 1,
        }
        return await self._use(part, {"values": [value]}, person, None)

    async def fill_in(
        self, custom_id: str, person: Person | None = None, place: Channel | None = None, **fields: Any
    ) -> str:
        """Submit a form that was never opened."""
        trigger = self.begin(COMPONENT, {"component_type": BUTTON, "custom_id": "x"}, person, place)
        parts = [
            {"type": 18, "component": {"custom_id": name, "values" if isinstance(value, list) else "value": value}}
            for name, value in fields.items()
        ]
        data = {"custom_id": custom_id, "components": parts}
        return await answer_of(self.begin(MODAL_SUBMIT, data, person, place, trigger=trigger))

    async def _use(self, part: Any, data: Any, person: Person | None, place: Channel | None) -> str:
        """Put a control under the newest message of a place, and use it."""
        self._newest(place).components = [{"type": 1, "id": 1, "components": [part]}]
        sent = {"component_type": part["type"], "custom_id": part["custom_id"], "id": 2}
        return await answer_of(self.begin(COMPONENT, sent | data, person, place))

    def _newest(self, place: Channel | None) -> Any:
        messages = self.discord.world.messages[(place or self.place).id]
        return messages[max(messages, key=int)]

    def begin(
        self, kind: int, data: Any, person: Person | None = None, place: Channel | None = None, **more: Any
    ) -> Any:
        place = place or self.place
        owners = {"0": place.guild_id or ""}
        message = self._newest(place)
        started = self.discord.backend.interactions
        return started.start(kind, (person or self.mia).user, place, data, owners, message=message, **more)


async def answer_of(started: Any) -> str:
    """Return the ephemeral answer."""
    outcome = await started.outcome
    assert outcome.kind == "message", outcome
    assert outcome.ephemeral
    return text_of(outcome.answer)


@pytest.fixture
async def forger(bot: Running, discord: LocalDiscord) -> Forger:
    """Mia in her own server, where the bot has posted something."""
    forger = Forger(discord)
    await forger.mia.say(forger.place, "!pomodoro list")
    await discord.wait_for(says("No timer"), channel=forger.place)
    return forger


async def start(discord: LocalDiscord, words: str, *answer: str) -> Message:
    """Let Ann start something in general."""
    request = await discord.person("ann").say(discord.channel("general"), words)
    return await discord.wait_for(says(*answer), channel=discord.channel("general"), after=request)


async def test_timers(discord: LocalDiscord, forger: Forger) -> None:
    """A timer's button does nothing from another place, not even for a moderator there, and its card stays."""
    await start(discord, "!pomodoro tea 20m", "tea")
    edits = sum(exchange.method == "PATCH" for exchange in discord.exchanges)
    for action in ("cancel", "pause", "extend"):
        assert await forger.press(f"timer:{action}:1") == ELSEWHERE
    assert "tea" in text_of(await start(discord, "!pomodoro list", "tea"))
    assert sum(exchange.method == "PATCH" for exchange in discord.exchanges) == edits
    for never_shown in ("explode:1", "make:1:300", f"make:1:{10**18}"):
        assert await forger.press(f"timer:{never_shown}", forger.ann, discord.channel("general")) == UNKNOWN


@pytest.mark.parametrize("typed", ["!focus 25/5", "!remind every day 9:00 water", "!stats digest"])
async def test_another_kind_of_timer(discord: LocalDiscord, forger: Forger, tmp_path: Path, typed: str) -> None:
    """A timer's button with another kind's id does nothing to it, not even for its owner."""
    general = discord.channel("general")
    discord.allow(general, "MANAGE_GUILD", user=forger.mia.user)
    request = await forger.mia.say(general, typed)
    await discord.wait_for(answers(request), channel=general)
    columns = "SELECT state, version, due_at, name FROM timers"
    await eventually(lambda: rows(tmp_path / "test.db", columns))
    before = rows(tmp_path / "test.db", columns)
    for action in ("pause", "resume", "extend", "cancel", "again", "rest", "done"):
        assert "That timer's gone." in await forger.press(f"timer:{action}:1", forger.mia, general), action
    for action in () if typed.startswith("!remind") else ("pause", "resume", "cancel", "edit"):
        assert "That reminder's gone." in await forger.press(f"reminder:{action}:1", forger.mia, general), action
    assert rows(tmp_path / "test.db", columns) == before


async def test_sessions(discord: LocalDiscord, forger: Forger) -> None:
    """Nobody joins, stops or inspects a session from another place."""
    await start(discord, "!focus start", "Focus")
    session = "1:1"
    for action in ("join", "task", "stop", "skip", "me", "here", "leave", "done"):
        assert await forger.press(f"focus:{action}:{session}") == ELSEWHERE, action
    assert await forger.fill_in(f"focus_form:task:{session}", task="spam", notify=["ping"]) == ELSEWHERE
    status = text_of(await start(discord, "!focus status", "Focus"))
    assert forger.mia.mention not in status
    general = discord.channel("general")
    refused = await forger.fill_in(f"focus_form:task:{session}", forger.ann, general, task="x" * 201, notify=["dm"])
    assert refused == "That's 201 characters; 200 is the limit."
    assert (
        await forger.fill_in(f"focus_form:task:{session}", forger.ann, general, task="x", notify=["?"]) == UNKNOWN
    )
    assert await forger.press(f"focus:explode:{session}", forger.ann, general) == UNKNOWN


async def test_reminders(remind: Reminding, forger: Forger) -> None:
    """Nobody reads, snoozes or changes a reminder from another place, nor by another reminder's button."""
    remind.discord.allow(remind.general, "MENTION_EVERYONE")
    await remind.type("@here 1h the plan for all", remind.mia)
    await remind.type("1h the secret of Ann")
    remind.bot.advance(3600)
    for words in ("the plan for all", "the secret of Ann"):
        await remind.come(words)
    ben = forger.ben
    remind.discord.backend.members.welcome(forger.guild, ben.user)
    for answer in (
        await forger.choose("reminders:due:0", "1", ben),
        await forger.press("reminder:snooze_ten:1", ben),
        await forger.press("reminder:snooze_tomorrow:1", ben),
        await forger.fill_in("reminder_form:snooze:1", ben, when="20m"),
    ):
        assert answer == ELSEWHERE
    await remind.type("3h an own one", ben)
    assert "#2 isn't your reminder." in await forger.press("reminder:wake:2:3", ben)
    assert "isn't your" in await forger.choose("reminders:due:0", "2", ben)
    assert "isn't your" in await forger.press("reminder:edit:2", ben)
    assert "isn't your" in await forger.fill_in("reminder_form:edit:2", ben, what="rude words")
    assert remind.pending == 1


async def test_a_number_that_was_guessed(remind: Reminding) -> None:
    """Guessing the number of another person's reminder shows its text only in the channel where it was posted."""
    secret = remind.discord.create_channel("secret")
    remind.discord.deny(secret, "VIEW_CHANNEL", user=remind.ben.user)
    remind.discord.allow(secret, "MANAGE_MESSAGES", user=remind.mia.user)
    role = remind.discord.moderation.create_role("Team", mentionable=True)
    await remind.type(f"<@&{role.id}> 1h the merger", remind.mia, secret)
    remind.bot.advance(3600)
    await remind.come("the merger", secret)
    dm = await remind.ben.dm()
    for place in (remind.general, dm):
        refused = text_of(await remind.type("snooze #1 1h", remind.ben, place))
        assert refused.startswith("That reminder's gone.")
    assert remind.pending == 0
    assert "> the merger" in text_of(await remind.type("snooze #1 1h", remind.ann, secret))


async def test_lists_of_a_channel(remind: Reminding, forger: Forger) -> None:
    """Nobody sees or cancels a channel's timers from another place, or after losing the moderator right."""
    await remind.type("every day 12:00 water the plants")
    role = remind.discord.moderation.create_role("Moderators", "MANAGE_MESSAGES")
    remind.discord.moderation.give_role(remind.ben, role)
    answer = (await remind.ben.slash(remind.general, "remind list", here=True)).answer
    single = (await remind.ben.select(answer, menus(answer)[0]["custom_id"], ["1"])).answer
    remind.discord.moderation.take_role(remind.ben, role)
    for button in ("Cancel it", "Cancel all theirs here", "Back"):
        assert "Only moderators can see" in text_of((await remind.ben.click(single, button)).answer)
    remind.discord.allow(forger.place, "MANAGE_MESSAGES", user=forger.mia.user)
    assert "That's no longer coming up here." in await forger.press("channel:cancel:1")
    assert await forger.press("channel:page:1:1:1") == UNKNOWN
    assert await forger.press("channel:explode:1") == UNKNOWN
    assert remind.pending == 1


@pytest.mark.parametrize(
    "custom_id",
    [
        "timer:cancel:99999999999999999999",
        "timer:cancel:1:2",
        "focus:join:1",
        "reminder:cancel:9999999999999999999",
        "reminder:page:1",
        "reminder:undo:1:2:3:4",
        "reminder:explode:1",
        "stats:week:1",
        "log:remove:1:2",
        "log:explode:1",
        "privacy:delete:1:2",
        "question:choose:1",
        "question:alone:1:2:3",
        "question:choose:99999999999999999999:0",
    ],
)
async def test_numbers(forger: Forger, custom_id: str, log: list[dict[str, Any]]) -> None:
    """A button with too large, too many or too few numbers is refused in a sentence, and no error is logged."""
    assert await forger.press(custom_id) == UNKNOWN
    assert [line for line in log if line["log_level"] in {"error", "critical"}] == []


async def test_controls_of_another_version(forger: Forger, log: list[dict[str, Any]]) -> None:
    """A control of a later version, or a made-up one, is answered with a sentence, without an error in the log."""
    for custom_id in ("vanished:cancel:1", "timer:cancel:1:2:3:4:5", "vanished"):
        assert await forger.press(custom_id) == UNKNOWN
    assert await forger.choose("timers:not_here:0", "1") == UNKNOWN
    for custom_id in ("vanished_form:new:5", "log_form:shorten"):
        assert await forger.fill_in(custom_id, when="1h") == UNKNOWN
    assert [line for line in log if line["log_level"] in {"error", "critical"}] == []


async def test_statistics(forger: Forger, log: list[dict[str, Any]]) -> None:
    """An unknown view, theme or day of one's statistics is refused in a sentence."""
    mia = forger.mia.id
    for custom_id in (
        f"stats:moon:{mia}:0:738000",
        f"stats:week:{mia}:99:738000",
        f"stats:week:{mia}:-1:738000",
        f"stats:week:{mia}:0:999999999",
        f"stats:week:{mia}:0:1",
        f"stats:week:{mia}:0:{date.max.toordinal()}",
        f"log:older:{10**18}:{mia}",
    ):
        assert await forger.press(custom_id) == UNKNOWN, custom_id
    assert "aren't yours" in await forger.press(f"stats:week:{forger.ann.id}:0:738000")
    assert await forger.press(f"privacy:explode:{mia}") == UNKNOWN
    assert [line for line in log if line["log_level"] in {"error", "critical"}] == []


async def test_fields(forger: Forger, log: list[dict[str, Any]]) -> None:
    """A form's fields are at most as long as the form allows, and its choices are among its options."""
    refused: Any
    for refused, sentence in (
        ({"when": "1h", "what": "x" * 1_501}, "That's 1,501 characters; 1,500 is the limit."),
        ({"when": "1" * 201}, "That's 201 characters; 200 is the limit."),
        ({"when": "1h", "every": "x" * 4_000}, "That's 4,000 characters; 500 is the limit."),
    ):
        assert await forger.fill_in("reminder_form:new:5", **refused) == sentence
    assert await forger.fill_in("reminder_form:explode:5", when="1h") == UNKNOWN
    assert await forger.fill_in("reminder_form:new:-5", when="1h", what="about no message") == UNKNOWN
    assert await forger.fill_in("log_form:shorten:5", length="9" * 21) == ("That's 21 characters; 20 is the limit.")
    assert "That reminder's gone." in await forger.choose("reminders:due:0", "all")
    assert "That reminder's gone." in await forger.choose("reminders:due:0", "9" * 30)
    assert await forger.choose("question:menu:5", "all") == UNKNOWN
    assert await forger.choose("question:menu:5", "9" * 30) == UNKNOWN
    assert [line for line in log if line["log_level"] in {"error", "critical"}] == []


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("vanished", []),
        ("pomodoro", [{"type": 1, "name": "vanished", "options": []}]),
        ("pomodoro", [{"type": 1, "name": "extend", "options": []}]),  # which wants to know by how much
    ],
)
async def test_commands_of_another_version(
    forger: Forger, log: list[dict[str, Any]], name: str, options: list[Any]
) -> None:
    """An unknown or different slash command is answered with a sentence, without an error in the log."""
    data = {"id": "1", "name": name, "type": 1, "options": options}
    answer = await answer_of(forger.begin(COMMAND, data))
    assert answer == "That command has changed. Please reload Discord, then try again."
    assert [line for line in log if line["log_level"] in {"error", "critical"}] == []
