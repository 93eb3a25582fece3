"""How tests fill the focus log, ask for it, and read pictures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot.domain.stats.log import Entry, Outcome
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
    """People with a history, who ask what came of it."""

    async def did(self, who: Person, *what: tuple[datetime, int, str | None], **more: Any) -> None:
        """Let somebody have focused: when that ended, how many minutes, and on what; more fields of an entry."""
        entries = [
            replace(
                Entry(
                    int(who.id), int(self.discord.guild.id), int(self.general.id), 1000, None, ended - minutes * M,
                    ended, minutes * M, task, Outcome.FINISHED,
                ),
                **more,
            )
            for ended, minutes, task in what
        ]  # fmt: skip
        database = Database(f"sqlite:///{self.database}")
        async with database.write() as connection:
            await focus_log.add(connection, entries)
        await database.close()

    async def prefers(self, who: Person, **values: Any) -> None:
        """Let somebody have said something of themself."""
        database = Database(f"sqlite:///{self.database}")
        async with database.write() as connection:
            await preferences.keep(connection, int(who.id), **values)
        await database.close()

    async def ask(self, typed: str, who: Person | None = None, place: Channel | None = None) -> Message:
        """Type a command in words of any kind, and give the answer."""
        return await self.type("", who, place, command=typed)

    async def use(
        self, command: str, who: Person | None = None, place: Channel | None = None, **how: Any
    ) -> Message:
        """Use a slash command, whose answer must be for that person alone, and give it once it is there."""
        person = who or self.ann
        out = await person.slash(place or self.general, command, **how)
        assert out.ephemeral, out
        return await self.discord.settled(out, person)

    async def turn(self, message: Message, button: str, who: Person | None = None) -> Message:
        """Press a button that shows the message in another way, and give it then."""
        person = who or self.ann
        out = await person.click(message, button)
        assert out.kind == "none", out
        return await self.discord.wait_for(
            lambda one: one["id"] == message["id"] and url(one) != url(message), reader=person
        )

    def kept(self) -> list[Any]:
        """Give all that could have been changed."""
        tables = ("focus_log", "focus_slices", "preferences", "timers", "presets")
        return [self.rows(f"SELECT * FROM {table}") for table in tables]


def alt(message: Message) -> str:
    """Give what the picture of a message shows, in words."""
    said = str(_item(message)["description"])
    assert 0 < len(said) <= 1024
    return said


async def picture(message: Message) -> bytes:
    """Fetch the picture of a message."""
    async with aiohttp.ClientSession() as session, session.get(url(message)) as response:
        assert response.status == 200
        assert response.content_type == "image/png"
        return await response.read()


def url(message: Message) -> str:
    """Give the address of the picture of a message."""
    return str(_item(message)["media"]["url"])


def _item(message: Message) -> dict[str, Any]:
    (gallery,) = [one for one in message["components"] if one["type"] == 12]
    (item,) = gallery["items"]
    return dict(item)


def enabled(message: Message) -> dict[str, bool]:
    """Tell which buttons of a message can be pressed."""
    return {
        inner["label"]: not inner.get("disabled", False)
        for row in message["components"]
        for inner in row.get("components", [])
        if inner["type"] == 2
    }


def lines(message: Message) -> list[str]:
    """Give what a message says, line by line."""
    return text_of(message).splitlines()
