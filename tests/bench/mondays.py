"""Mondays: servers that have a weekly digest, and one person's focus in each."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.stats.log import Entry, EntryOutcome
from bot.domain.stats.statistics import monday_of
from bot.localdiscord.events import Event
from bot.localdiscord.local import LocalDiscord, text_of
from tests.bench import history, waiting

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


class Mondays:
    """Servers with a digest each, no two weeks alike, and when each was posted, by channel id."""

    def __init__(self, discord: LocalDiscord, count: int) -> None:
        guilds = [discord.add_guild(f"server-{number}") for number in range(count)]
        channels = {channel.guild_id: channel for channel in discord.world.channels.values()}
        self.channels = [channels[guild.id] for guild in guilds]
        # One member of each.
        self._people: list[int] = []
        for number, guild in enumerate(guilds):
            user = discord.world.new_person(f"worker-{number}")
            discord.backend.members.welcome(guild, user)
            self._people.append(int(user.id))
        self.told_at: dict[str, list[float]] = {}
        self._discord = discord
        discord.backend.events.listeners.append(self._hear)

    def plant(self, file: Path, dues: Sequence[datetime]) -> None:
        """Write their digests, with their due times, into a migrated and empty SQLite file."""
        digests = [
            waiting.Telling(f"digest{number}", channel.id, due_at.timestamp(), guild_id=channel.guild_id or "")
            for number, (channel, due_at) in enumerate(zip(self.channels, dues, strict=True))
        ]
        waiting.write(file, digests, self._discord.person("ann").id, self._discord.guild.id)
        week = monday_of(dues[0].astimezone(UTC).date()) - 7 * _DAY
        monday = datetime(week.year, week.month, week.day, 12, tzinfo=UTC)
        entries = (
            Entry(
                self._people[number], int(channel.guild_id or 0), int(channel.id), 1000, None,
                monday + day * _DAY, monday + day * _DAY + minutes * _MINUTE, minutes * _MINUTE, "hidden",
                EntryOutcome.FINISHED,
            )
            for number, channel in enumerate(self.channels)
            for day, minutes in ((1, 1 + number % 50), (4, 1 + number // 50))
        )  # fmt: skip
        history.write(file, entries)
        history.share(file, self._people)

    @property
    def missing(self) -> int:
        """Count the servers whose digest has not been posted yet."""
        return len(self.channels) - len(self.told_at)

    @property
    def doubled(self) -> int:
        """Count the digests that were posted more than once."""
        return sum(len(moments) - 1 for moments in self.told_at.values())

    def _hear(self, event: Event) -> None:
        message = event.message
        if event.name != "MESSAGE_CREATE" or message is None or message.author["id"] != self._discord.bot.id:
            return
        if "The week from" in text_of(message.wire(self._discord.world, deep=False)):
            self.told_at.setdefault(message.channel_id, []).append(message.posted_at)
