"""`Playground`: a local Discord with a page on it, and the switches of the bot's process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord.local import LocalDiscord
from bot.playground.play import Play
from bot.playground.scenery import STUDY_HALL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.playground.botprocess import BotProcess


class Playground(LocalDiscord):
    """A local Discord whose `page_url` opens in a browser.

    `bot`, where there is one, is switched from the page; `start_over` is called when the page asks for a new one.
    """

    def __init__(
        self,
        port: int = 0,
        token: str | None = None,
        archive: Path | None = None,
        bot: BotProcess | None = None,
        start_over: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(port, token, archive, STUDY_HALL)
        self.serve(Play(self.backend, bot, start_over))

    @property
    def page_url(self) -> str:
        """Where the page is."""
        return f"{self.base_url}/"
