"""Rights: who may ping everyone, and who may write where, as they are given and taken."""

from collections.abc import Callable
from typing import Any

from bot.localdiscord.local import LocalDiscord

_CALL, _WRITE = "MENTION_EVERYONE", "SEND_MESSAGES"
# Seconds that the bot may rely on an earlier answer, including a request that hangs.
STALE = 200.0


class Rights:
    """Gives and takes rights, and knows since when each has been as it is."""

    def __init__(self, local: LocalDiscord, now: Callable[[], float]) -> None:
        self._local = local
        self._now = now
        # Who may ping everyone at all, and where.
        self.heralds: dict[str, list[Any]] = {}
        # Whether somebody has a right in a channel, and since when.
        self._known: dict[tuple[str, str, str], tuple[bool, float]] = {}

    def appoint(self, person: Any, channels: list[Any]) -> None:
        """Let a person, and the bot with them, ping everyone in some channels."""
        self.heralds[person.id] = channels
        for channel in channels:
            self._local.allow(channel, _CALL)
        self.set_herald(person, may=True)

    def set_herald(self, person: Any, *, may: bool) -> None:
        """Give a person the right to ping everyone, or take it."""
        for channel in self.heralds[person.id]:
            if channel.id not in self._local.world.channels:
                continue
            if may:
                self._local.allow(channel, _CALL, user=person.user)
            else:
                self._local.deny(channel, _CALL, user=person.user)
            self._known[person.id, channel.id, _CALL] = may, self._now()

    def set_writer(self, person: Any, channel: Any, *, may: bool) -> None:
        """Let a person write in a channel again, or not."""
        if channel.id not in self._local.world.channels:
            return
        if may:
            self._local.reset_permissions(channel, _WRITE, user=person.user)
        else:
            self._local.deny(channel, _WRITE, user=person.user)
        self._known[person.id, channel.id, _WRITE] = may, self._now()

    def surely_calls(self, user_id: str, channel_id: str) -> bool:
        """Return whether the bot must know by now that a person may ping everyone there."""
        return self._surely(user_id, channel_id, _CALL, may=True)

    def surely_calls_not(self, user_id: str, channel_id: str) -> bool:
        """Return whether the bot must know by now that a person may not ping everyone there."""
        return not self._surely(user_id, channel_id, _CALL, may=True, stale=-STALE)

    def surely_silent(self, user_id: str, channel_id: str) -> bool:
        """Return whether the bot must know by now that a person may not write there."""
        return self._surely(user_id, channel_id, _WRITE, may=False)

    def _surely(self, user_id: str, channel_id: str, right: str, *, may: bool, stale: float = STALE) -> bool:
        known, since = self._known.get((user_id, channel_id, right), (right == _WRITE, 0.0))
        if known == may:
            return self._now() - since > stale
        return stale < 0 and self._now() - since < -stale
