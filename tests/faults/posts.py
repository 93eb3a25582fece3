"""Announcements of sessions: each of the bot's messages as first posted, whatever happened to it later."""

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
class Post:
    """A message as first posted: the channel's id, and its text."""

    channel_id: str
    text: str

    def is_in(self, place: Channel) -> bool:
        return self.channel_id == place.id

    @property
    def title(self) -> str | None:
        """The phase it announces, in full or in brief; None if it announces none."""
        match = _TITLE.match(self.text) or _BRIEF.match(self.text)
        return match[1].replace(" · ", " ") if match else None


class Posts:
    """Collects the bot's posts from now on, in channels and directly."""

    def __init__(self, discord: LocalDiscord) -> None:
        self.all: list[Post] = []
        self._discord = discord
        discord.backend.events.listeners.append(self._hear)

    def titles(self, place: Channel) -> Counter[str]:
        """Count the messages that announce a phase, or the end, by title."""
        return Counter(post.title for post in self.all if post.is_in(place) and post.title)

    def _hear(self, event: Event) -> None:
        if event.name != "MESSAGE_CREATE" or event.message is None:
            return
        if event.reader_id is not None:  # a note for one person alone
            return
        message = event.message.wire(self._discord.world)
        if message["author"]["id"] == self._discord.bot.id:
            self.all.append(Post(message["channel_id"], text_of(message)))
