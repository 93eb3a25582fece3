"""What a bot has told of sessions: each of its messages as it first was, whatever became of it later."""

import re
from collections import Counter
from dataclasses import dataclass

from bot.localdiscord.channel import Channel
from bot.localdiscord.events import Event
from bot.localdiscord.local import LocalDiscord, text_of

# The first line of a card, or of a direct message, after its picture.
_TITLE = re.compile(r"(?:### )?[^\w\s<-]+ (.+?)(?: · <#\d+>)?$", re.MULTILINE)
_BRIEF = re.compile(r"-# (.+) is over\.")


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it was posted: the channel's id, and all that it said."""

    channel_id: str
    text: str

    def is_in(self, place: Channel) -> bool:
        return self.channel_id == place.id

    @property
    def title(self) -> str | None:
        """The phase it tells of, as a card does or in brief; None where it tells of none."""
        found = _TITLE.match(self.text) or _BRIEF.match(self.text)
        return found[1].replace(" · ", " ") if found else None


class Told:
    """Hears what the bot says from now on, in channels and directly."""

    def __init__(self, discord: LocalDiscord) -> None:
        self.all: list[Said] = []
        self._discord = discord
        discord.backend.events.listeners.append(self._hear)

    def titles(self, place: Channel) -> Counter[str]:
        """Count the messages that tell of a phase, or of the end, by its title."""
        return Counter(said.title for said in self.all if said.is_in(place) and said.title)

    def _hear(self, event: Event) -> None:
        if event.name != "MESSAGE_CREATE" or event.message is None:
            return
        message = event.message.wire(self._discord.world)
        if message["author"]["id"] == self._discord.bot.id:
            self.all.append(Said(message["channel_id"], text_of(message)))
