"""A person's time zone, by its name in the tz database: ``Europe/Berlin``."""

import functools
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.domain import spelling
from bot.domain.errors import BadZone
from bot.messages.catalogue import N_

UTC = ZoneInfo("UTC")
EXAMPLE = "remind timezone Europe/Berlin"
# Moments over two years at which zones are compared.
_MOMENTS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(weeks=week) for week in range(104)]


def parse(text: str) -> ZoneInfo:
    """Return the zone of a name, in full or by its city, in any capitalisation: ``berlin``, ``new york``.

    Raises ``BadZone``, with the nearest zone as an example, where none has that name, or several have.
    """
    wanted = _plain(text)
    if not wanted:
        raise BadZone(N_("Say which time zone, by the name of its region and city."), EXAMPLE)
    if key := _by_name().get(wanted):
        return ZoneInfo(key)
    cities = [name for plain, name in _by_name().items() if plain.rpartition("/")[2] == wanted]
    # Some cities have two names for the same zone: Asia/Istanbul, Europe/Istanbul.
    if len({_offsets(name) for name in cities}) == 1:
        return ZoneInfo(max(cities, key=len))
    if cities:
        raise BadZone(
            N_("More than one time zone has the name “{quote}”."), f"remind timezone {cities[0]}", quote=text[:40]
        )
    near = next(iter(suggestions(text, 1)), None) or _misspelt(wanted)
    example = f"remind timezone {near}" if near else EXAMPLE
    raise BadZone(N_("I know no time zone “{quote}”; a region and its city is one."), example, quote=text[:40])


def suggestions(typed: str, most: int) -> list[str]:
    """Return zones whose names contain what is typed so far; those whose city begins with it come first."""
    wanted = _plain(typed)
    fitting = [(plain, name) for plain, name in _by_name().items() if wanted in plain]
    fitting.sort(key=lambda pair: (not pair[0].rpartition("/")[2].startswith(wanted), pair[0]))
    return [name for _, name in fitting[:most]]


def _misspelt(wanted: str) -> str | None:
    """Return the zone closest to a misspelt name, of those that begin with the same letter, or whose city does."""
    alike = [plain for plain in _by_name() if wanted[0] in {plain[0], plain.rpartition("/")[2][0]}]
    near = spelling.nearest(wanted, alike)
    return _by_name()[near] if near else None


def _plain(text: str) -> str:
    return "_".join(text.casefold().split())


def _offsets(name: str) -> tuple[timedelta | None, ...]:
    zone = ZoneInfo(name)
    return tuple(moment.astimezone(zone).utcoffset() for moment in _MOMENTS)


@functools.cache
def _by_name() -> dict[str, str]:
    """Return the names of all zones by their normalised form.

    Offsets such as Etc/GMT-3 are inverted, and the machine's local zone means another zone elsewhere.
    """
    names = available_timezones() - {"localtime", "posixrules", "Factory"}
    return {_plain(name): name for name in sorted(names) if not name.startswith("Etc/")}
