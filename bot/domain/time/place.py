"""Places and the time zones of their clocks: cities, countries and states, by the names that people call them.

``places/cities.tsv`` is an extract of GeoNames (https://www.geonames.org, CC BY 4.0); ``places/areas.tsv`` has
countries and states, from that and the tables of the tz database. ``python -m tests.places`` writes both. They are
sorted by name, and read on first use.
"""

import bisect
import functools
import importlib.resources
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CITIES, AREAS = (Path(__file__).parent / "places" / name for name in ("cities.tsv", "areas.tsv"))
# Letters with strokes and ligatures, which Unicode does not take apart.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe"})
_LETTERS |= str.maketrans({"\N{LATIN SMALL LETTER DOTLESS I}": "i", "þ": "th"})
_SAINTS = {"saint": "st", "sankt": "st"}
# The first of the letters that flags are made of; the length of a country's code.
_FLAG_A, CODE = 0x1F1E6, 2
# A city is meant if it is this many times as large as the next of its name. Many who write English live in the US:
# cities there count for more.
_CLEARLY, _FOR_THE_US = 2, 3
# If all are small, it has to be larger by this factor: an island's capital may be among them.
_CLEARLY_OF_SMALL, _LARGE_ENOUGH = 5, 1000
# The weight from which a city is preferred by its main name to a larger one that has it as another, from which it
# is the only candidate, and from which it is a candidate at all.
_LARGE_BY_NAME, _LARGEST_BY_NAME, _KNOWN_BY_NAME = 500, 3000, 100
# The least weight of cities whose misspelt names are recognised.
_LARGE = 300
_POSSESSIVE = re.compile(r"(?<=[^ ])s\Z")
_PARTS = re.compile(r"[()]")
# Accents are left out of Latin letters only: elsewhere a mark may be a vowel.
_LAST_LATIN = "\u024f"


@dataclass(frozen=True, slots=True)
class City:
    """A city by one of its names, folded: ``is_main`` is that in English or its own language.

    ``weight`` is its population in thousands; a capital weighs ten times as much.
    """

    name: str
    country: str
    weight: int
    zone: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class Area:
    """A country or a part of one, by a folded name, with a zone for each clock, that of most people first."""

    name: str
    country: str
    zones: tuple[str, ...]


def folded(name: str) -> str:
    """Return the key of a name: without accents, capitals and punctuation; every saint is *st*."""
    kept: list[str] = []
    for c in unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS)):
        if not unicodedata.combining(c):
            kept.append(c if c.isalnum() or unicodedata.category(c).startswith("M") else " ")
        elif kept and kept[-1] > _LAST_LATIN:
            kept.append(c)
    return " ".join(_SAINTS.get(word, word) for word in "".join(kept).split())


def cities(name: str) -> list[City]:
    """Return the cities of this (folded) name, the weightiest first."""
    spellings = {name, _POSSESSIVE.sub(" s", name)}  # st johns is st. john's
    return _weightiest(_city(line) for spelling in spellings for line in _beginning(f"{spelling}\t", _city_lines()))


def meant(cities: Sequence[City]) -> Sequence[City]:
    """Return the weightiest city, which comes first, and those that are not much smaller or have more people."""
    own = next((city for city in cities if city.is_main), None)
    if own and own.weight >= _LARGE_BY_NAME:
        # Others of that name had it once, or have it in another language: Amman was Philadelphia.
        most = 0 if own.weight >= _LARGEST_BY_NAME else own.weight
        cities = [city for city in cities if city.is_main or city.weight < most]
    weights = {city: city.weight * (_FOR_THE_US if city.country == "US" else 1) for city in cities}
    first = max(cities, key=lambda city: weights[city], default=None)
    if first is None:
        return []
    near = [city for city in cities if weights[city] >= weights[first] / _CLEARLY or city.weight > first.weight]
    if first.weight < _LARGE_ENOUGH and first.country != "US":
        least = max(_KNOWN_BY_NAME, weights[first] / _CLEARLY_OF_SMALL)
        near += [city for city in cities if city.is_main and weights[city] >= least and city not in near]
    if own and not first.is_main and own.weight >= _KNOWN_BY_NAME and own not in near:
        near.append(own)
    return sorted(near, key=lambda city: -weights[city])


def cities_beginning(start: str) -> list[City]:
    """Return the cities whose names begin so, the weightiest first."""
    return _weightiest(_city(line) for line in _beginning(start, _city_lines()))


def areas(name: str) -> list[Area]:
    """Return the countries and states of this (folded) name."""
    return [_area(line) for line in _beginning(f"{name}\t", _area_lines())]


def states(code: str) -> list[Area]:
    """Return the states and provinces of a (folded) code of the US, Canada or Australia."""
    return [area for country in ("us", "ca", "au") for area in areas(f"{country} {code}")]


def coded(text: str) -> list[Area]:
    """Return the country of an ISO code in capitals or of a flag, and the US state of such a code."""
    code = "".join(chr(ord(c) - _FLAG_A + ord("A")) if ord(c) >= _FLAG_A else c for c in text.strip())
    if len(code) != CODE or not (code.isascii() and code.isalpha() and code.isupper()):
        return []
    names = _PARTS.split(_countries().get(code, ""))
    known = [area for name in names for area in areas(folded(name)) if area.country == code]
    return [*known[:1], *areas(f"us {code.casefold()}" if text.isascii() else "")]


def areas_beginning(start: str) -> list[Area]:
    """Return the countries and states whose names begin so."""
    return [_area(line) for line in _beginning(start, _area_lines())]


def _beginning(start: str, lines: Sequence[str]) -> Iterator[str]:
    for place in range(bisect.bisect_left(lines, start), len(lines)):
        if not lines[place].startswith(start):
            return
        yield lines[place]


def _weightiest(cities: Iterable[City]) -> list[City]:
    return sorted(cities, key=lambda city: -city.weight)


def _city(line: str) -> City:
    name, country, weight, zone = line.split("\t")
    # The file has the weight below zero for other names.
    return City(name, country, abs(int(weight)), _zones()[int(zone)], is_main=not weight.startswith("-"))


def _area(line: str) -> Area:
    name, country, zones = line.split("\t")
    return Area(name, country, tuple(zones.split()))


@functools.cache
def _zones() -> Sequence[str]:
    return _read(CITIES)[0][0].split()


def _city_lines() -> Sequence[str]:
    return _read(CITIES)[1]


def _area_lines() -> Sequence[str]:
    return _read(AREAS)[1]


@functools.cache
def _read(file: Path) -> tuple[Sequence[str], Sequence[str]]:
    """Return the comments and names, without ``# ``, of the head of a file, and its lines."""
    lines = file.read_text("utf-8").splitlines()
    size = sum(1 for line in lines if line.startswith("# "))
    return [line.removeprefix("# ") for line in lines[:size]], lines[size:]


@functools.cache
def _countries() -> dict[str, str]:
    """Return the names of countries by their ISO codes, as the tz database has them."""
    table = importlib.resources.files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text("utf-8")
    return dict(line.split("\t", 1) for line in table.splitlines() if line and not line.startswith("#"))


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A common name, with doubled letters made single, and the zones that it stands for."""

    name: str
    weight: int
    zones: Sequence[str]
    is_main: bool = True


def single(name: str) -> str:
    """Return a name with doubled letters made single, since people mix these up."""
    return re.sub(r"(.)\1+", r"\1", name)


@functools.cache
def often_named() -> Mapping[tuple[str, int], Sequence[KnownPlace]]:
    """Return the names of large cities and of countries, by first letter and length."""
    named: dict[tuple[str, int], list[KnownPlace]] = {}
    large = (city for city in cities_beginning("") if city.weight >= _LARGE)
    known = [KnownPlace(single(city.name), city.weight, [city.zone], city.is_main) for city in large]
    known += [KnownPlace(single(area.name), _LARGE, area.zones) for area in areas_beginning("")]
    for each in known:
        named.setdefault((each.name[0], len(each.name)), []).append(each)
    return named
