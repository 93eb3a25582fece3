"""A leaderboard: who has focused most, where those who did the same share a rank."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """The rank of one person, from 1 on, and their seconds."""

    rank: int
    user_id: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """The ``shown`` first ones, and where the one who asks stands: ``own`` is None where they have nothing yet.

    ``own`` may be among those shown or not. ``ranked`` is how many have a rank at all, and ``total`` the seconds of
    all of them.
    """

    shown: tuple[Standing, ...]
    own: Standing | None
    ranked: int
    total: int

    @property
    def own_is_shown(self) -> bool:
        """Tell whether the one who asks is among those shown."""
        return self.own in self.shown


def leaderboard(totals: Mapping[int, int], shown: int, own_id: int | None = None) -> Leaderboard:
    """Rank people by their seconds. Two who are alike share a rank, and the next one's counts both: 1, 2, 2, 4.

    Nobody has a rank for no focus at all. Those who share one come by their ids, that is, by how long they have
    been on Discord. ``shown`` is how many are shown at most, also where the last of them shares their rank with
    more.
    """
    standings: list[Standing] = []
    rank, before = 0, 0
    for place, (seconds, user_id) in enumerate(
        sorted(((seconds, user_id) for user_id, seconds in totals.items() if seconds > 0), key=_most_first), start=1
    ):
        rank = rank if seconds == before else place
        standings.append(Standing(rank, user_id, seconds))
        before = seconds
    own = next((standing for standing in standings if standing.user_id == own_id), None)
    return Leaderboard(tuple(standings[:shown]), own, len(standings), sum(one.seconds for one in standings))


def _most_first(total: tuple[int, int]) -> tuple[int, int]:
    seconds, user_id = total
    return -seconds, user_id
