"""Names of time zones, of places, abbreviations and airports too, and the zones that they may mean."""

import functools
import re
from collections.abc import Sequence
from zoneinfo import available_timezones

from bot.domain.spelling import is_slip
from bot.domain.time import abbreviation, airport, clock_names, place
from bot.domain.time.clock_names import distinct

# The least weight of a city that has the name of a country too.
_RIVAL = 500
_TIME = re.compile(r" (?:(?:standard |summer |daylight )?time(?: ?zone)?|tz)\Z", re.IGNORECASE)
# What people say before the name of their zone, and behind it.
_LED = re.compile(
    r"(?:(?:i'?m|i am|i live|we'?re|we are|we live) )?(?:in|near|from|based in) |(?:set )?(?:it )?to |use |= ?"
    r"|(?:it'?s|it is) (?:in )?"
    r"|(?:(?:my |our |the )?(?:time ?zone|tz) )?(?:is |= ?)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[,()]+")
# The shortest name whose misspellings are recognised, and the most zones that are offered for one.
_SHORTEST_SLIP, _MOST_LIKELY = 5, 6


def of(text: str) -> list[str]:
    """Return the zones that a text may mean, one for each clock."""
    text = text[led.end() :] if (led := _LED.match(text)) else text
    return _single(text) or clock_names.agreeing(text, _single)


def _single(text: str) -> list[str]:
    """Return the zones that a name may mean, with its country or state."""
    bare = without_time(text)
    if names := abbreviation.zones(text) or abbreviation.zones(bare):
        return list(names)
    wanted = place.folded(bare)
    if name := by_name().get(wanted):
        return [name]
    # The third last step is for what only the tz database has: lord howe, indianapolis.
    return (
        of_places(wanted)
        or _in_a_region(bare)
        or _in_an_area(wanted.split())
        or _in_parts([part for part in map(place.folded, _PARTS.split(bare)) if part])
        or of_areas(place.coded(text))
        or list(airport.zones(text))
        or ([] if wanted in abbreviation.LIKELY else distinct(_by_last_part().get(wanted, ())))
        or _in_a_coded_state(bare)
    )


def without_time(text: str) -> str:
    """Return a name without *time*, *time zone* or *standard time* behind it."""
    return _TIME.sub("", text)


def of_places(wanted: str) -> list[str]:
    """Return the zones of the countries, states and cities of a folded name."""
    areas = place.areas(wanted)
    cities = [city.zone for city in place.meant(place.cities(wanted)) if not areas or city.weight >= _RIVAL]
    return distinct([*of_areas(areas), *cities])


def of_areas(areas: Sequence[place.Area]) -> list[str]:
    """Return the zones of countries and states, one for each clock."""
    return distinct([zone for area in areas for zone in area.zones])


def _in_an_area(words: Sequence[str]) -> list[str]:
    """Return the zones of a place that is named with its country or state: *portland oregon*, *goa india*."""
    for size in range(1, len(words)):
        city, region = " ".join(words[:size]), " ".join(words[size:])
        areas = [*place.areas(region), *place.states(region)]
        areas += place.coded(region.upper()) if len(region) == place.CODE else []
        inside = [
            known.zone
            for known in place.cities(city)
            for area in areas
            if known.country == area.country
            and clock_names.offsets(known.zone) in map(clock_names.offsets, area.zones)
        ]
        parts = [part for part in place.areas(city) for area in areas if part.country == area.country]
        if inside or parts:
            return inside[:1] or of_areas(parts)
    return []


def _in_a_region(text: str) -> list[str]:
    """Return the zones of a city that is named as in the tz database: *America/Boston*, *USA/Boston*."""
    region, _, city = text.rpartition("/")
    known = of_places(place.folded(city)) if region else []
    inside = [name for name in known if place.folded(name.partition("/")[0]) == place.folded(region)]
    return inside or (_in_an_area(place.folded(f"{city} {region}").split()) if region else [])


def _in_parts(parts: Sequence[str]) -> list[str]:
    """Return the zones of a place in a country or state, all of which are possible where the place is unknown."""
    if len(parts) < 2:
        return []
    for city, region in (*((parts[0], region) for region in parts[1:]), (parts[-1], parts[0])):
        if names := _in_an_area(f"{city} {region}".split()):
            return names
    zones = of_areas(place.areas(parts[-1]))
    return distinct([*zones, *of_places(parts[0])]) if zones else []


def _in_a_coded_state(text: str) -> list[str]:
    """Return the zones of a place in a state by its code, all that are possible where it is unknown: *Paris TX*."""
    city, _, code = text.rpartition(" ")
    states = place.states(code.casefold()) if code.isupper() else []
    return distinct([*of_areas(states), *of_places(place.folded(city))]) if city and states else []


def likely(wanted: str) -> list[str]:
    """Return the zones that are probably meant: of large cities and countries whose names are a slip away."""
    if offsets := abbreviation.likely(wanted):
        return list(offsets)
    region, _, city = wanted.rpartition("/")
    plain = place.folded(city)
    if plain in abbreviation.LIKELY:
        return list(abbreviation.LIKELY[plain])
    if len(plain) < _SHORTEST_SLIP:
        return of_areas(place.coded(plain.upper()))[:_MOST_LIKELY]
    if region:
        return [name for name in by_name().values() if is_slip(f"{region}/{city}", name.replace("_", " "))][:1]
    single = place.single(plain)
    sizes = len(single) - 1, len(single), len(single) + 1
    alike = [known for size in sizes for known in place.often_named().get((single[0], size), ())]
    near = [known for known in alike if single == known.name or is_slip(single, known.name)]
    # Other names of a city come from other languages and times: Philadelphia was Amman.
    near = [known for known in near if known.is_main] or near
    names = [zone for known in sorted(near, key=lambda known: -known.weight) for zone in known.zones]
    return distinct(names)[:_MOST_LIKELY]


@functools.cache
def by_name() -> dict[str, str]:
    """Return the names of all zones by their normalised form.

    Offsets such as Etc/GMT-3 are inverted, and the machine's local zone means another zone elsewhere.
    """
    names = available_timezones() - {"localtime", "posixrules", "Factory"}
    return {place.folded(name): name for name in sorted(names) if not name.startswith("Etc/")}


@functools.cache
def _by_last_part() -> dict[str, list[str]]:
    """Return the names of zones by what stands last in them, normalised."""
    names: dict[str, list[str]] = {}
    for name in by_name().values():
        names.setdefault(place.folded(name.rpartition("/")[2]), []).append(name)
    return names
