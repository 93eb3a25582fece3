"""A person's time zone: by its name in the tz database, a place, an abbreviation, or an offset from UTC.

Ambiguous and misspelt names are asked about. Nothing is taken for a zone by its spelling alone.
"""

import functools
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.domain import courtesy
from bot.domain.errors import BadZone
from bot.domain.question import Choice, Question
from bot.domain.time import abbreviation, place, zone_names
from bot.messages.catalogue import N_

UTC = ZoneInfo("UTC")
EXAMPLE = "remind timezone Europe/Berlin"
LONGEST = 60
_MOST_CHOICES = 10


def parse(text: str) -> ZoneInfo:
    """Return the zone that a text names.

    Raises ``Question`` if it may be several, and ``BadZone`` if it is none.
    """
    wanted = courtesy.bare(" ".join(text[: LONGEST + 1].split()).strip(" .,;!"))
    if not wanted:
        raise BadZone(N_("Which time zone? Tell me your city, such as Berlin."), EXAMPLE)
    names = [] if len(wanted) > LONGEST else zone_names.of(wanted)
    if len(names) == 1:
        return ZoneInfo(names[0])
    if names:
        raise Question(N_("“{quote}” could be several time zones. Which is yours?"), *_choices(names), quote=wanted)
    if near := [] if len(wanted) > LONGEST else zone_names.likely(wanted):
        raise Question(N_("I don't know “{quote}”. Did you mean this?"), *_choices(near), quote=wanted)
    if abbreviation.is_offset(wanted):
        raise BadZone(N_("There's no time zone at “{quote}”. Tell me your city, such as Berlin."), quote=wanted)
    raise BadZone(N_("I don't know a place called “{quote}”. Try the nearest big city."), quote=wanted[:40])


def spelled(zone: ZoneInfo) -> str:
    """Return how people write a zone: ``Europe/Berlin``, or ``UTC+2`` for an offset."""
    return abbreviation.spelled(zone.key)


def is_fixed(zone: ZoneInfo) -> bool:
    """Return whether a zone is a mere offset, which knows no summer time."""
    return abbreviation.is_fixed(zone.key)


def suggestions(typed: str, most: int) -> list[tuple[str, str]]:
    """Return labels and names of zones by what is typed so far of a place, an abbreviation or a zone."""
    typed = typed[:LONGEST]
    start = place.folded(typed)
    labelled = {name: name for name in map(abbreviation.spelled, abbreviation.zones(typed.strip()))}
    if start:
        known: dict[tuple[str, int, str], place.City] = {}
        for city in place.cities_beginning(start):
            key = city.country, city.weight, city.zone
            known[key] = max(city, known.get(key, city), key=lambda city: city.is_main)
        for area in place.areas_beginning(start):
            labelled |= {_label(area.name, name): name for name in area.zones}
        largest = sorted(known.values(), key=lambda city: (not city.is_main, -city.weight))[:most]
        labelled |= {_label(city.name, city.zone): city.zone for city in largest}
    labelled |= {name: name for plain, name in zone_names.by_name().items() if start in plain}
    return list(labelled.items())[:most]


def _label(called: str, zone: str) -> str:
    return f"{called.title()} · {zone}"


@functools.lru_cache(maxsize=1_000)
def known(name: str | None, otherwise: ZoneInfo = UTC) -> ZoneInfo:
    """Return the zone of an exact name; another where there is no name, or no such zone on this machine."""
    try:
        return ZoneInfo(name) if name else otherwise
    except (ValueError, LookupError, OSError):
        return otherwise


def _choices(names: Iterable[str]) -> list[Choice]:
    return [
        Choice(N_("{zone}"), f"remind timezone {abbreviation.spelled(name)}", {"zone": abbreviation.spelled(name)})
        for name in list(names)[:_MOST_CHOICES]
    ]
