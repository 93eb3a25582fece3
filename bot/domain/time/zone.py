"""A person's time zone: by its name in the tz database, a place, an abbreviation, or an offset from UTC.

Ambiguous and misspelt names are asked about. Nothing is taken for a zone by its spelling alone.
"""

import functools
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.domain import courtesy
from bot.domain.errors import BadZone
from bot.domain.question import Choice, Question
from bot.domain.spelling import is_slip
from bot.domain.time import abbreviation, airport, place
from bot.messages.catalogue import N_

UTC = ZoneInfo("UTC")
EXAMPLE = "remind timezone Europe/Berlin"
LONGEST = 60
# Weekly moments over the years in which clocks are compared.
_MOMENTS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(weeks=week) for week in range(5 * 52)]
# The least weight of a city that has the name of a country too, and of one that needs no *time* behind it within a
# request: Charlotte and Austin are people.
_RIVAL, _WELL_KNOWN = 500, 1500
# The least weight of one that is asked about there.
_KNOWN = 400
# What else may say which clock it is, besides the names of countries: in capitals, and in any letters.
_SHORT = frozenset({"ATL", "DC", "HK", "KL", "LA", "NY", "SF", "UAE", "UK", "US", "USA"})
_NICKNAMES = frozenset(
    {
        "bay area", "cdmx", "chi town", "frisco", "hcmc", "las vegas", "melb", "nola", "norcal", "philly",
        "san fran",
        "silicon valley", "socal", "vegas",
    }
)  # fmt: skip
_COASTS = frozenset({"eastern", "pacific", "east coast", "west coast"})
# Other names of such cities that everybody uses.
_ALSO_KNOWN = frozenset(
    {"new delhi", "bombay", "calcutta", "saigon", "peking", "kiev", "nyc", "munchen", "koln", "wien"}
)
# The least letters of a name in small letters; these are of people and things too.
_LEAST = 5
_AMBIGUOUS = frozenset({"golfe", "hamilton", "kennedy", "milan", "natal", "salem", "santos", "warder"})
# Names of such cities that are of people and things too: in small letters these are no zones.
_EVERYDAY = frozenset(
    {
        "batman", "best", "brooklyn", "cali", "chad", "essen", "georgia",
        "guinea", "houston", "jersey", "jordan", "kingston", "kobe", "lima",
        "muscat", "new territories", "phoenix", "queens", "sale", "salvador", "santiago",
        "sofia", "sucre", "surat", "sydney", "turkey", "valencia", "virginia",
        "washington", "wellington",
    }
)  # fmt: skip
_MOST_CHOICES = 10
_TIME = re.compile(r" (?:(?:standard |summer |daylight )?time(?: ?zone)?|tz)\Z", re.IGNORECASE)
# What people say before the name of their zone, and behind it.
_LED = re.compile(
    r"(?:(?:i'?m|i am|i live|we'?re|we are|we live) )?(?:in|near) |(?:set )?(?:it )?to |use |= ?"
    r"|(?:(?:my |our |the )?(?:time ?zone|tz) )?(?:is |= ?)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[,()]+")
# The shortest name whose misspellings are recognised, and the most zones that are offered for one.
_SHORTEST_SLIP, _MOST_LIKELY = 5, 6


def parse(text: str) -> ZoneInfo:
    """Return the zone that a text names.

    Raises ``Question`` where it may be several, and ``BadZone`` where it is none.
    """
    wanted = courtesy.bare(" ".join(text[: LONGEST + 1].split()).strip(" .,;!"))
    if not wanted:
        raise BadZone(N_("Which time zone? Tell me your city, such as Berlin."), EXAMPLE)
    names = [] if len(wanted) > LONGEST else _named(wanted)
    if len(names) == 1:
        return ZoneInfo(names[0])
    if names:
        raise Question(N_("“{quote}” could be several time zones. Which is yours?"), *_choices(names), quote=wanted)
    if near := [] if len(wanted) > LONGEST else _likely(wanted):
        raise Question(N_("I don't know “{quote}”. Did you mean this?"), *_choices(near), quote=wanted)
    if abbreviation.is_offset(wanted):
        raise BadZone(N_("There's no time zone at “{quote}”. Tell me your city, such as Berlin."), quote=wanted)
    raise BadZone(N_("I don't know a place called “{quote}”. Try the nearest big city."), quote=wanted[:40])


def within(words: str) -> Sequence[ZoneInfo]:
    """Return the zones that words right behind a time may name; none where they may as well be something else.

    Abbreviations count in capitals, places if they are well known: *reading*, *May* and *cat* are no zones.
    """
    bare = _TIME.sub("", words)
    is_said = bare != words
    names: Sequence[str] = ()
    if bare.isupper() or is_said or abbreviation.is_offset(bare) or bare.casefold() in {"utc", "gmt", "z"}:
        names = abbreviation.zones(words) or abbreviation.zones(bare)
    if not names and "/" in bare:
        names = [name for plain, name in _by_name().items() if plain == place.folded(bare)]
    if not names and is_said and (words[:1].isupper() or _is_large(place.folded(bare))):
        names = _of_places(place.folded(bare)) or [zone for area in place.coded(bare) for zone in area.zones]
    elif not names and (bare[:1].isupper() or place.folded(bare) not in _EVERYDAY):
        names = _well_known(place.folded(bare))
    return [ZoneInfo(name) for name in names]


def perhaps(words: str) -> Sequence[ZoneInfo]:
    """Return the zones that words behind a time may name, though they may as well be something else."""
    folded = place.folded(words)
    names = list(airport.zones(words)) or (_named(words) if words in _SHORT or folded in _NICKNAMES else [])
    if words.casefold() in _COASTS:
        names = list(abbreviation.LIKELY[words.casefold()])
    is_capital = words[:1].isupper()
    is_name = folded not in _EVERYDAY and (is_capital or (len(folded) >= _LEAST and folded not in _AMBIGUOUS))
    if not names and (bare := _TIME.sub("", words)) != words:  # bath time
        names = _of_places(place.folded(bare))
    if not names and is_name:
        areas = _distinct([zone for area in place.areas(folded) for zone in area.zones]) if is_capital else []
        names = _well_known(folded, _KNOWN) or areas
    return [ZoneInfo(name) for name in names]


def _is_large(name: str) -> bool:
    """Return whether a name is of a country or a large city: *bath time* and *reading time* are of a text."""
    is_city = name not in _EVERYDAY and any(city.weight >= _KNOWN for city in place.cities(name))
    return bool(is_city or place.areas(name))


def _well_known(name: str, least: int = _WELL_KNOWN) -> list[str]:
    """Return the zones of cities that need no *time* behind them; New York is that without its *City*."""
    known = place.cities(name.removesuffix(" dc"))
    large = [city for city in known if abs(city.weight) >= least and (city.is_main or name in _ALSO_KNOWN)]
    if not large and " " in name:
        large = [city for city in place.cities(f"{name} city") if city.is_main and city.weight >= least]
    return _distinct([city.zone for city in place.meant(large)])


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
    labelled |= {name: name for plain, name in _by_name().items() if start in plain}
    return list(labelled.items())[:most]


def _label(called: str, zone: str) -> str:
    return f"{called.title()} · {zone}"


def _named(text: str) -> list[str]:
    """Return the zones that a text may mean, one for each clock."""
    text = text[led.end() :] if (led := _LED.match(text)) else text
    bare = _TIME.sub("", text)
    if names := abbreviation.zones(text) or abbreviation.zones(bare):
        return list(names)
    wanted = place.folded(bare)
    if name := _by_name().get(wanted):
        return [name]
    # The last step is for what only the tz database has: lord howe, indianapolis.
    return (
        _of_places(wanted)
        or _in_a_region(bare)
        or _in_an_area(wanted.split())
        or _in_parts([part for part in map(place.folded, _PARTS.split(bare)) if part])
        or _distinct([zone for area in place.coded(text) for zone in area.zones])
        or list(airport.zones(text))
        or _distinct(
            [
                name
                for name in _by_name().values()
                if place.folded(name.rpartition("/")[2]) == wanted and wanted not in abbreviation.LIKELY
            ]
        )
    )


@functools.lru_cache(maxsize=1_000)
def known(name: str | None, otherwise: ZoneInfo = UTC) -> ZoneInfo:
    """Return the zone of an exact name; another where there is no name, or no such zone on this machine."""
    try:
        return ZoneInfo(name) if name else otherwise
    except (ValueError, LookupError, OSError):
        return otherwise


def _of_places(wanted: str) -> list[str]:
    areas = place.areas(wanted)
    cities = [city.zone for city in place.meant(place.cities(wanted)) if not areas or city.weight >= _RIVAL]
    return _distinct([*(zone for area in areas for zone in area.zones), *cities])


def _in_an_area(words: Sequence[str]) -> list[str]:
    """Return the zones of a place that is said with its country or state: *portland oregon*, *goa india*."""
    for size in range(1, len(words)):
        city, region = " ".join(words[:size]), " ".join(words[size:])
        areas = [*place.areas(region), *place.areas(f"us {region}")]
        areas += place.coded(region.upper()) if len(region) == place.CODE else []
        inside = [
            known.zone
            for known in place.cities(city)
            for area in areas
            if known.country == area.country and _offsets(known.zone) in map(_offsets, area.zones)
        ]
        parts = [part for part in place.areas(city) for area in areas if part.country == area.country]
        if inside or parts:
            return inside[:1] or _distinct([zone for part in parts for zone in part.zones])
    return []


def _in_a_region(text: str) -> list[str]:
    """Return the zones of a city that is said as the tz database's zones are: *America/Boston*, *USA/Boston*."""
    region, _, city = text.rpartition("/")
    known = _of_places(place.folded(city)) if region else []
    inside = [name for name in known if place.folded(name.partition("/")[0]) == place.folded(region)]
    return inside or (_in_an_area(place.folded(f"{city} {region}").split()) if region else [])


def _in_parts(parts: Sequence[str]) -> list[str]:
    """Return the zones of a place in a country or state, all of which are possible where the place is unknown."""
    if len(parts) < 2:
        return []
    for region in parts[1:]:
        if names := _in_an_area(f"{parts[0]} {region}".split()):
            return names
    zones = [zone for area in place.areas(parts[-1]) for zone in area.zones]
    return _distinct([*zones, *_of_places(parts[0])]) if zones else []


def _likely(wanted: str) -> list[str]:
    """Return the zones that are probably meant: of large cities and countries whose names are a slip away."""
    if offsets := abbreviation.likely(wanted):
        return list(offsets)
    region, _, city = wanted.rpartition("/")
    plain = place.folded(city)
    if plain in abbreviation.LIKELY:
        return list(abbreviation.LIKELY[plain])
    if len(plain) < _SHORTEST_SLIP:
        return _distinct([zone for area in place.coded(plain.upper()) for zone in area.zones])[:_MOST_LIKELY]
    if region:
        return [name for name in _by_name().values() if is_slip(f"{region}/{city}", name.replace("_", " "))][:1]
    single = place.single(plain)
    sizes = len(single) - 1, len(single), len(single) + 1
    alike = [known for size in sizes for known in place.often_named().get((single[0], size), ())]
    near = [known for known in alike if single == known.name or is_slip(single, known.name)]
    # Other names of a city are of other languages and times: Philadelphia was Amman.
    near = [known for known in near if known.is_main] or near
    names = [zone for known in sorted(near, key=lambda known: -known.weight) for zone in known.zones]
    return _distinct(names)[:_MOST_LIKELY]


def _choices(names: Iterable[str]) -> list[Choice]:
    return [
        Choice(N_("{zone}"), f"remind timezone {abbreviation.spelled(name)}", {"zone": abbreviation.spelled(name)})
        for name in list(names)[:_MOST_CHOICES]
    ]


def _distinct(names: Sequence[str]) -> list[str]:
    """Return one name for each clock, in their order."""
    by_clock: dict[tuple[timedelta | None, ...], str] = {}
    for name in dict.fromkeys(names):
        by_clock.setdefault(_offsets(name), name)
    return list(by_clock.values())


@functools.cache
def _offsets(name: str) -> tuple[timedelta | None, ...]:
    zone = ZoneInfo(name)
    return tuple(moment.astimezone(zone).utcoffset() for moment in _MOMENTS)


@functools.cache
def _by_name() -> dict[str, str]:
    """Return the names of all zones by their normalised form.

    Offsets such as Etc/GMT-3 are inverted, and the machine's local zone means another zone elsewhere.
    """
    names = available_timezones() - {"localtime", "posixrules", "Factory"}
    return {place.folded(name): name for name in sorted(names) if not name.startswith("Etc/")}
