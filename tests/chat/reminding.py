"""Helpers that ask for reminders and read what the bot answers."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.localdiscord.channel import Channel
from bot.localdiscord.local import text_of
from bot.localdiscord.people import Person
from tests.reading import Message, buttons

if TYPE_CHECKING:
    from tests.chat.conftest import Running

# When the clock of a test begins.
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALL = ["Done", "Snooze 10 min", "1 h", "Tomorrow 9:00", "⋯"]
PAUSED_OR_RUNNING = "SELECT count(*) FROM timers WHERE state IN ('running', 'paused')"


def at(moment: datetime | timedelta) -> str:
    """Format a moment, or how long after noon it is, as the bot shows it that day: dated from the next on."""
    moment = NOON + moment if isinstance(moment, timedelta) else moment
    unix, style = round(moment.timestamp()), "t" if moment.date() == NOON.date() else "F"
    return f"<t:{unix}:{style}> (<t:{unix}:R>)"


class Reminding:
    """People who ask for reminders, and a look into the database."""

    def __init__(self, bot: "Running", database: Path) -> None:
        self.bot = bot
        self.discord = bot.discord
        self.ann, self.ben, self.mia = map(bot.discord.person, ("ann", "ben", "mia"))
        self.general, self.focus = map(bot.discord.channel, ("general", "focus"))
        self.database = database

    async def type(
        self,
        words: str,
        by: Person | None = None,
        place: Channel | None = None,
        command: str = "!remind",
        **more: Any,
    ) -> Message:
        """Type a command, by default as Ann in general, and return the answer."""
        place = place or self.general
        request = await (by or self.ann).say(place, f"{command} {words}".strip(), **more)
        return await self.discord.wait_for(
            lambda message: (
                message.get("message_reference", {}).get("message_id") == request["id"]
                and message["author"].get("bot")
            ),
            channel=place,
        )

    async def slash(
        self, command: str, by: Person | None = None, place: Channel | None = None, **options: Any
    ) -> Message:
        """Use a slash command of reminders, and return the answer, which must be ephemeral."""
        out = await (by or self.ann).slash(place or self.general, f"remind {command}", **options)
        assert out.ephemeral, out
        return out.answer

    async def press(self, message: Message, button: str, by: Person | None = None) -> Message:
        """Press a button, and return its message as changed, or the answer."""
        out = await (by or self.ann).click(message, button)
        assert out.kind in {"update", "message"}, out
        return out.answer

    async def fill_in(self, message: Message, button: str, by: Person | None = None, **fields: Any) -> Message:
        """Press a button that opens a form, submit it, and return the answer."""
        person = by or self.ann
        form = (await person.click(message, button)).modal
        assert form
        out = await person.submit(form, fields)
        assert out.kind in {"update", "message"}, out
        return out.answer

    async def choose(self, message: Message, entry: str, by: Person | None = None) -> Message:
        """Choose an entry from the menu of a message, and return the answer."""
        menu = menus(message)[0]
        (value,) = (option["value"] for option in menu["options"] if option["label"] == entry)
        out = await (by or self.ann).select(message, menu["custom_id"], [value])
        assert out.kind == "message", out
        return out.answer

    async def come(self, words: str, place: Channel | None = None, after: Message | None = None) -> Message:
        """Wait until a reminder with this text has come, and return its message."""
        return await self.discord.wait_for(
            lambda message: message["author"].get("bot") and is_due(message) and words in text_of(message),
            channel=place,
            after=after,
        )

    def due(self, place: Channel | None = None) -> list[Message]:
        """Return all messages in a channel about reminders that have come."""
        return [message for message in self.discord.messages(place or self.general) if is_due(message)]

    def rows(self, statement: str) -> list[Any]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(statement).fetchall()

    @property
    def pending(self) -> int:
        return int(self.rows(PAUSED_OR_RUNNING)[0][0])


def is_due(message: Message) -> bool:
    """Return whether a message announces that a reminder is due, or did."""
    return bool(re.match(r"⏰ (?!I will|Changed|It comes|Undone)|📣", text_of(message))) and bool(
        {"Done", "1 h"} & set(buttons(message)) or menus(message)
    )


def menus(message: Message) -> list[dict[str, Any]]:
    """Return the menus of a message."""
    return [inner for row in message["components"] for inner in row.get("components", []) if inner["type"] == 3]
