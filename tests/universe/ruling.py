"""Ruling: what a moderator sets for a server, and what it means for those who use the bot there."""

import math

from tests.universe import sentences
from tests.universe.claims import LEAST, Span
from tests.universe.digests import Digests
from tests.universe.human import Human

_MINUTES = (0, 1, 5, 10, 25)
# How often a moderator cares for the server's week.
_DIGESTS = 0.3


class Ruling:
    """From how many minutes on a pomodoro counts in each server, as it was set."""

    def __init__(self, digests: Digests) -> None:
        self._digests = digests
        # When it was asked for, when it was answered (never, where that is in doubt), and the seconds.
        self._set: dict[str, list[tuple[float, float, float]]] = {}

    async def act(self, human: Human) -> None:
        """Look at how the bot is set up, or change it."""
        if human.chance.random() < _DIGESTS:
            await self._digests.act(human)
            return
        channel = human.channels[0]
        if human.chance.random() < 0.3:
            await human.type(channel, "!settings")
            return
        minutes = human.chance.choice(_MINUTES)
        answer = await human.slash(channel, "settings counts", minutes=minutes)
        sentence = sentences.COUNT_FROM.format(number=minutes) if minutes else sentences.ALL_COUNT
        if answer.words is None or sentence in answer.words:
            answered_at = math.inf if answer.words is None else answer.answered_at
            self._set.setdefault(channel.guild_id, []).append((answer.asked_at, answered_at, minutes * 60.0))
        if sentence in (answer.words or ""):
            shown = await human.type(channel, "!settings")
            is_right = sentence in (shown.words or "")
            human.hold_reading(shown, f"!settings, after {minutes} minutes", is_right=is_right)

    def least(self, guild_id: str, asked_at: float, answered_at: float) -> Span:
        """Return from and to how many seconds a pomodoro must have that was begun between two moments."""
        may_be = [LEAST]
        for begins, ends, seconds in self._set.get(guild_id, []):
            if ends < asked_at:
                may_be = [seconds]
            elif begins <= answered_at:
                may_be.append(seconds)
        return max(1.0, min(may_be)), max(1.0, *may_be)
