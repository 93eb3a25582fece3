"""Files that go with an answer."""

import io
from dataclasses import dataclass

import discord


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with an answer; ``alt`` says what a picture shows."""

    name: str
    content: bytes
    alt: str | None = None

    @property
    def file(self) -> discord.File:
        """Make a new file for discord.py; each try needs its own."""
        return discord.File(io.BytesIO(self.content), self.name, description=self.alt)
