"""A person's time zone, by its name in the tz database: ``Europe/Berlin``."""

import difflib
import functools
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.errors import BadZone

UTC = ZoneInfo("UTC")
EXAMPLE = "remind timezone Europe/Berlin"
# Moments of two years by which zones are compared.
_MOMENTS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(weeks=week) for week in range(104)]


def parse(text: str) -> ZoneInfo:
    """Find a zone by its name, whole or only its city, however it is spelt: ``berlin``, ``new york``.

    Raises ``BadZone``, with the nearest zone for an example, where none has that name, or more than one.
    """
    wanted = _plain(text)
    if not wanted:
        raise BadZone("Say which time zone, by the name of its region and city.", EXAMPLE)
    if found := _by_name().get(wanted):
        return ZoneInfo(found)
    cities = [name for plain, name in _by_name().items() if plain.rpartition("/")[2] == wanted]
    # Some cities have two names for one zone: Asia/Istanbul, Europe/Istanbul.
    if len({_offsets(name) for name in cities}) == 1:
        return ZoneInfo(max(cities, key=len))
    if cities:
        raise BadZone("More than one time zone has the name “{}”.", f"remind timezone {cities[0]}", text[:40])
    near = suggestions(text, 1) or [
        _by_name()[plain] for plain in difflib.get_close_matches(wanted, _by_name(), n=1)
    ]
    example = f"remind timezone {near[0]}" if near else EXAMPLE
    raise BadZone("I know no time zone “{}”; a region and its city is one.", example, text[:40])


def suggestions(typed: str, most: int) -> list[str]:
    """Offer zones whose names have in them what is typed so far; those whose city begins with it come first."""
    wanted = _plain(typed)
    fitting = [(plain, name) for plain, name in _by_name().items() if wanted in plain]
    fitting.sort(key=lambda one: (not one[0].rpartition("/")[2].startswith(wanted), one[0]))
    return [name for _, name in fitting[:most]]


def _plain(text: str) -> str:
    return "_".join(text.casefold().split())


def _offsets(name: str) -> tuple[timedelta | None, ...]:
    zone = ZoneInfo(name)
    return tuple(moment.astimezone(zone).utcoffset() for moment in _MOMENTS)


@functools.cache
def _by_name() -> dict[str, str]:
    """Give the names of all zones by how they are compared.

    Offsets such as Etc/GMT-3 mean their opposite, and what is the machine's own means another zone elsewhere.
    """
    names = available_timezones() - {"localtime", "posixrules", "Factory"}
    return {_plain(name): name for name in sorted(names) if not name.startswith("Etc/")}
