"""A leaderboard: who has focused most; ties share a rank."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """The rank of one person, from 1, and their seconds."""

    rank: int
    user_id: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """The top standings, and that of the person who asks: ``own`` is None if they have nothing yet.

    ``own`` may be in the ``top`` or not. ``total`` is the seconds of all who have a rank.
    """

    top: tuple[Standing, ...]
    own: Standing | None
    total: int


def leaderboard(totals: Mapping[int, int], top: int, own_id: int | None = None) -> Leaderboard:
    """Rank people by their seconds. Ties share a rank, and the next rank skips them: 1, 2, 2, 4.

    Nobody is ranked for no focus at all. Ties are ordered by id, that is, by age on Discord. ``top`` is the most
    that are shown, even where the last of them is tied with others.
    """
    standings: list[Standing] = []
    rank, before = 0, 0
    ranked = sorted((-seconds, user_id) for user_id, seconds in totals.items() if seconds > 0)
    for place, (minus, user_id) in enumerate(ranked, start=1):
        seconds = -minus
        rank = rank if seconds == before else place
        standings.append(Standing(rank, user_id, seconds))
        before = seconds
    own = next((standing for standing in standings if standing.user_id == own_id), None)
    return Leaderboard(tuple(standings[:top]), own, sum(standing.seconds for standing in standings))
