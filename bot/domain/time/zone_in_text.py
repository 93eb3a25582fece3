"""Time zones that are named within a request, where words may as well be something else: *5pm JFK*, *in Boston*.

Places count where they are well known, and abbreviations in capitals: *reading*, *May* and *cat* are no zones.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.time import abbreviation, airport, clock_names, place, zone_names

# The least weight of a city that needs no *time* behind it, since Charlotte and Austin are people, and of one that
# is asked about.
_WELL_KNOWN, _KNOWN = 1500, 400
# Other names that may stand for a zone, besides those of countries: in capitals, and in any case.
_SHORT = frozenset({"ATL", "DC", "HK", "KL", "LA", "NY", "SF", "UAE", "UK", "US", "USA"})
_NICKNAMES = frozenset(
    {
        "bay area", "cdmx", "chi town", "frisco", "hcmc", "las vegas", "melb", "nola", "norcal", "philly",
        "san fran", "silicon valley", "socal", "vegas",
    }
)  # fmt: skip
_COASTS = frozenset({"eastern", "pacific", "east coast", "west coast"})
# Other names of such cities that everybody uses.
_ALSO_KNOWN = frozenset(
    {"new delhi", "bombay", "calcutta", "saigon", "peking", "kiev", "nyc", "munchen", "koln", "wien"}
)
# The least letters of a name in lower case, and names that people and things have too.
_LEAST = 5
_AMBIGUOUS = frozenset({"golfe", "hamilton", "kennedy", "milan", "natal", "salem", "santos", "warder"})
# City names that people and things have too: in lower case they are no zones.
_EVERYDAY = frozenset(
    {
        "batman", "best", "brooklyn", "cali", "chad", "essen", "georgia",
        "guinea", "houston", "jersey", "jordan", "kingston", "kobe", "lima",
        "muscat", "new territories", "phoenix", "queens", "sale", "salvador", "santiago",
        "sofia", "sucre", "surat", "sydney", "turkey", "valencia", "virginia",
        "washington", "wellington",
    }
)  # fmt: skip


def certain(words: str) -> Sequence[ZoneInfo]:
    """Return the zones that words right behind a time may name; none if they may as well be something else."""
    bare = zone_names.without_time(words)
    is_said, folded = bare != words, place.folded(bare)
    names: Sequence[str] = ()
    if bare.isupper() or is_said or abbreviation.is_offset(bare) or bare.casefold() in {"utc", "gmt", "z"}:
        names = abbreviation.zones(words) or abbreviation.zones(bare)
    if not names and "/" in bare:
        names = [name] if (name := zone_names.by_name().get(folded)) else []
    if not names and is_said and (words[:1].isupper() or _is_large(folded)):
        names = zone_names.of_places(folded) or zone_names.of_areas(place.coded(bare))
    elif not names and (bare[:1].isupper() or folded not in _EVERYDAY):
        names = _well_known(folded)
    return [ZoneInfo(name) for name in names]


def possible(words: str) -> Sequence[ZoneInfo]:
    """Return the zones that words behind a time may name, though they may as well be something else."""
    folded = place.folded(words)
    names = list(airport.zones(words)) or (zone_names.of(words) if words in _SHORT or folded in _NICKNAMES else [])
    if words.casefold() in _COASTS:
        names = list(abbreviation.LIKELY[words.casefold()])
    is_capital = words[:1].isupper()
    is_name = folded not in _EVERYDAY and (is_capital or (len(folded) >= _LEAST and folded not in _AMBIGUOUS))
    if not names and (bare := zone_names.without_time(words)) != words:  # bath time
        names = zone_names.of_places(place.folded(bare))
    if not names and is_name:
        areas = zone_names.of_areas(place.areas(folded)) if is_capital else []
        names = _well_known(folded, _KNOWN) or areas
    return [ZoneInfo(name) for name in names]


def _is_large(name: str) -> bool:
    """Return whether a country or a large city has a name: *bath time* and *reading time* belong to the text."""
    is_city = name not in _EVERYDAY and any(city.weight >= _KNOWN for city in place.cities(name))
    return bool(is_city or place.areas(name))


def _well_known(name: str, least: int = _WELL_KNOWN) -> list[str]:
    """Return the zones of cities that need no *time* behind them; New York is that without its *City*."""
    known = place.cities(name.removesuffix(" dc"))
    large = [city for city in known if city.weight >= least and (city.is_main or name in _ALSO_KNOWN)]
    if not large and " " in name:
        large = [city for city in place.cities(f"{name} city") if city.is_main and city.weight >= least]
    return clock_names.distinct([city.zone for city in place.meant(large)])
