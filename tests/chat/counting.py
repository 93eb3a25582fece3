"""Helpers that fill the focus log, ask for statistics, and read pictures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot.domain.stats.log import Entry, EntryOutcome
from bot.localdiscord.channel import Channel
from bot.localdiscord.local import text_of
from bot.localdiscord.people import Person
from bot.store import focus_log, preferences
from bot.store.database import Database
from tests.chat.reminding import Reminding
from tests.reading import Message

# When the clock of a test begins: on a Sunday.
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
M, DAY = timedelta(minutes=1), timedelta(days=1)
PNG = b"\x89PNG\r\n\x1a\n"


class Counting(Reminding):
    """People with a focus history, who ask for their statistics."""

    async def did(self, person: Person, *pomodoros: tuple[datetime, int, str | None], **more: Any) -> None:
        """Let a person have focused: when it ended, how many minutes, and on what; more fields of the entry."""
        entries = [
            replace(
                Entry(
                    int(person.id), int(self.discord.guild.id), int(self.general.id), 1000, None,
                    ended - minutes * M, ended, minutes * M, task, EntryOutcome.FINISHED,
                ),
                **more,
            )
            for ended, minutes, task in pomodoros
        ]  # fmt: skip
        database = Database(f"sqlite:///{self.database}")
        async with database.write() as connection:
            await focus_log.add(connection, entries)
        await database.close()

    async def prefers(self, person: Person, **values: Any) -> None:
        """Set a person's preferences."""
        database = Database(f"sqlite:///{self.database}")
        async with database.write() as connection:
            await preferences.save(connection, int(person.id), **values)
        await database.close()

    async def ask(self, typed: str, asker: Person | None = None, place: Channel | None = None) -> Message:
        """Type a command in words of any kind, and return the answer."""
        return await self.type("", asker, place, command=typed)

    async def see(self, typed: str, asker: Person | None = None, place: Channel | None = None) -> Message:
        """Type a command whose answer is private, and return that once they have pressed *Show me*."""
        person = asker or self.ann
        offered = await self.ask(typed, person, place)
        out = await person.click(offered, "Show me")
        assert out.ephemeral, out
        return await self.discord.settled(out, person)

    async def use(
        self, command: str, asker: Person | None = None, place: Channel | None = None, **how: Any
    ) -> Message:
        """Use a slash command, whose answer must be ephemeral, and return that."""
        person = asker or self.ann
        out = await person.slash(place or self.general, command, **how)
        assert out.ephemeral, out
        return await self.discord.settled(out, person)

    async def turn(self, message: Message, button: str, presser: Person | None = None) -> Message:
        """Press a button that redraws the message, and return it as redrawn."""
        person = presser or self.ann
        out = await person.click(message, button)
        assert out.kind == "none", out
        return await self.discord.wait_for(
            lambda candidate: candidate["id"] == message["id"] and url(candidate) != url(message), reader=person
        )

    def kept(self) -> list[Any]:
        """Return everything that a command could have changed."""
        tables = ("focus_log", "focus_slices", "preferences", "timers", "presets")
        return [self.rows(f"SELECT * FROM {table}") for table in tables]


def alt(message: Message) -> str:
    """Return the alt text of a message's picture."""
    description = str(_item(message)["description"])
    assert 0 < len(description) <= 1024
    return description


async def picture(message: Message) -> bytes:
    """Fetch the picture of a message."""
    async with aiohttp.ClientSession() as session, session.get(url(message)) as response:
        assert response.status == 200
        assert response.content_type == "image/png"
        return await response.read()


def url(message: Message) -> str:
    """Return the URL of a message's picture."""
    return str(_item(message)["media"]["url"])


def _item(message: Message) -> dict[str, Any]:
    (gallery,) = [component for component in message["components"] if component["type"] == 12]
    (item,) = gallery["items"]
    return dict(item)


def enabled(message: Message) -> dict[str, bool]:
    """Return which buttons of a message can be pressed."""
    return {
        inner["label"]: not inner.get("disabled", False)
        for row in message["components"]
        for inner in row.get("components", [])
        if inner["type"] == 2
    }


def lines(message: Message) -> list[str]:
    """Return what a message says, line by line."""
    return text_of(message).splitlines()
