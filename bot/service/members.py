"""Members: who is in a server now, and what they may do there; asked of Discord when it matters."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from bot.domain.rights import Rights

# How many seconds an answer is valid: for a request just made, and for a look ahead of a delivery.
JUST_NOW, AHEAD = 5.0, 150.0
# Seconds between looks ahead, how far each looks, and how old an answer may be then: not too old when it is needed.
LOOK_EVERY, LOOK_AHEAD = 30.0, timedelta(seconds=60)
LOOK_MAX_AGE = AHEAD - LOOK_AHEAD.total_seconds()
# Seconds between what a look asks: Discord takes 120 messages a minute from each connection.
LOOK_APART = 0.75
# Seconds to wait for a gateway that is coming up: for late messages, or to keep a mention.
CONNECTING = 5.0


class Members:
    """Knows members of servers. People missing from an answer are *unknown*: Discord did not answer in time.

    This base class knows nobody; it serves where there is no Discord to ask.
    """

    def known(self, guild_id: int, user_ids: Collection[int], max_age: float = AHEAD) -> Mapping[int, bool]:
        """Return whether each is a member of the server, from earlier answers only."""
        return {}

    async def present(
        self, guild_id: int, user_ids: Collection[int], max_age: float = JUST_NOW, connecting: float = 0.0
    ) -> Mapping[int, bool]:
        """Return whether each is a member of the server, as of at most ``max_age`` seconds ago.

        ``connecting`` is for how many seconds to wait for a gateway that is just coming up.
        """
        return {}

    async def names(self, guild_id: int, user_ids: Collection[int]) -> Mapping[int, str]:
        """Return the members' names in the server."""
        return {}

    async def rights(
        self,
        guild_id: int,
        channel_id: int,
        user_ids: Collection[int],
        max_age: float = JUST_NOW,
        connecting: float = 0.0,
    ) -> Mapping[int, Rights]:
        """Return what each may do in a channel or thread; ``LEFT`` for whoever has left the server."""
        return {}

    async def unable_to_see(
        self, guild_id: int, channel_id: int, user_ids: Collection[int], *, may_wait: bool
    ) -> Mapping[int, Rights]:
        """Return those who cannot see a channel, with their rights; people whose rights are unknown can.

        What is late anyway ``may_wait`` for a gateway that is just coming up, and to learn who has left.
        """
        return {}


NOBODY_KNOWN = Members()
