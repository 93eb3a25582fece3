"""Presence: who has given a sign of being there, and which rounds count without one.

Signs are what somebody does: joining, pressing, typing, coming into the linked voice channel. Nobody gives one for
another.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot.domain.focus.participant import Participant
from bot.domain.stats.log import Entry

# How long people can confirm that they were there.
OPEN_FOR = timedelta(days=7)


def signed(people: Iterable[Participant], user_id: int | None) -> tuple[Participant, ...]:
    """Note a sign of one person; None: of nobody in particular."""
    return tuple(replace(person, silent=0) if person.user_id == user_id else person for person in people)


def begin_round(people: Iterable[Participant]) -> tuple[Participant, ...]:
    """Count a round that begins as silent, for everyone, until they give a sign."""
    return tuple(replace(person, silent=person.silent + 1) for person in people)


def credit(
    entries: Iterable[Entry], people: Iterable[Participant], most_silent: int
) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Split the log entries of a round into those that count, and those that each person has to confirm.

    ``most_silent`` is the number of rounds in a row that count without a sign; 0 means no limit.
    """
    unsure = {person.user_id for person in people if most_silent and person.silent > most_silent}
    entries = tuple(entries)
    return (
        tuple(entry for entry in entries if entry.user_id not in unsure),
        tuple(entry for entry in entries if entry.user_id in unsure),
    )
