"""Abbreviations of time zones and offsets from UTC: ``JST``, ``ET``, ``UTC+2``, ``-05:00``.

Some are ambiguous: *IST* is India's, Ireland's or Israel's time, and *EST* is not New York's in summer,
though many who write it then mean New York. Those have several zones here.
"""

import re

from bot.domain.time.plain import plain

_NEW_YORK, _CHICAGO, _DENVER, _LOS_ANGELES = (
    f"America/{city}" for city in ("New_York", "Chicago", "Denver", "Los_Angeles")
)
_LONG = {"eastern": "est", "central": "cst", "mountain": "mst", "pacific": "pst"}
# The zone of most people comes first. The tz database's names of fixed offsets have the opposite sign.
_SPELLINGS = {
    "utc, z, zulu, coordinated universal time, universal time, etc/utc, etc/gmt": ("UTC",),
    "gmt, greenwich mean time": ("Europe/London", "UTC"),
    "et, edt, eastern time, us eastern, eastern us, eastern usa, us east coast, usa east coast, est/edt": (
        _NEW_YORK,
    ),
    "ct, cdt, central time, us central, central us, central usa, cst/cdt": (_CHICAGO,),
    "mt, mdt, mountain time, us mountain, mountain us, mst/mdt": (_DENVER,),
    "pt, pdt, pacific time, us pacific, pacific us, us west coast, usa west coast, pst/pdt": (_LOS_ANGELES,),
    "est": (_NEW_YORK, "Etc/GMT+5"),
    "cst": (_CHICAGO, "Asia/Shanghai", "Etc/GMT+6"),
    "mst": (_DENVER, "America/Phoenix"),
    "pst": (_LOS_ANGELES, "Etc/GMT+8"),
    "ast": ("America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"),
    "adt, ast/adt": ("America/Halifax",),
    "nst, ndt": ("America/St_Johns",),
    "akst, akdt, akst/akdt": ("America/Anchorage",),
    "hst": ("Pacific/Honolulu",),
    "brt": ("America/Sao_Paulo",),
    "art": ("America/Argentina/Buenos_Aires",),
    "clt": ("America/Santiago",),
    "cot": ("America/Bogota",),
    "gmt/bst, gmt standard time": ("Europe/London",),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "wet, west, wet/west, western european time": ("Europe/Lisbon",),
    "cet, cest, cet/cest, mez, mesz, central european time, w. europe standard time": ("Europe/Berlin",),
    "romance standard time": ("Europe/Paris",),
    "eet, eest, eastern european time": ("Europe/Athens", "Africa/Cairo"),
    "msk": ("Europe/Moscow",),
    "trt": ("Europe/Istanbul",),
    "amt": ("America/Manaus", "Asia/Yerevan"),
    "uyt": ("America/Montevideo",),
    "azt": ("Asia/Baku",),
    "irst": ("Asia/Tehran",),
    "uzt": ("Asia/Tashkent",),
    "yekt": ("Asia/Yekaterinburg",),
    "vlat": ("Asia/Vladivostok",),
    "wat, west africa time": ("Africa/Lagos",),
    "cat, sast, central africa time": ("Africa/Johannesburg",),
    "eat, east africa time": ("Africa/Nairobi",),
    "gst, gulf time, gulf standard time": ("Asia/Dubai",),
    "pkt": ("Asia/Karachi",),
    "npt": ("Asia/Kathmandu",),
    "ict": ("Asia/Bangkok",),
    "wib": ("Asia/Jakarta",),
    "wita": ("Asia/Makassar",),
    "hkt": ("Asia/Hong_Kong",),
    "sgt": ("Asia/Singapore",),
    "myt": ("Asia/Kuala_Lumpur",),
    "pht, philippine time, philippine standard time": ("Asia/Manila",),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "awst": ("Australia/Perth",),
    "acst": ("Australia/Adelaide", "Australia/Darwin"),
    "acdt": ("Australia/Adelaide",),
    "aest, australian eastern time": ("Australia/Sydney", "Australia/Brisbane"),
    "aus eastern standard time": ("Australia/Sydney",),
    "aedt, aest/aedt": ("Australia/Sydney",),
    "nzt, nzst, nzdt, nzst/nzdt": ("Pacific/Auckland",),
}
_ZONES = {name: zones for names, zones in _SPELLINGS.items() for name in names.split(", ")}
_ZONES |= {f"{name} standard time": _ZONES[short] for name, short in _LONG.items()}
_ZONES |= {f"{name} daylight time": _ZONES[name + " time"] for name in _LONG}
_ZONES = {
    f"{name.removesuffix(' time')} {season} time": zones
    for name, zones in _ZONES.items()
    for season in ("standard", "summer")
    if name.endswith(" time") and name.count(" ") > 1
} | _ZONES
# Usual meanings of unclear names, which are asked about.
LIKELY = {name: _ZONES[name + " time"] for name in _LONG}
LIKELY |= {
    "us east": (_NEW_YORK,),
    "east coast": (_NEW_YORK,),
    "us west": (_LOS_ANGELES,),
    "western us": (_LOS_ANGELES, _DENVER),
    "western usa": (_LOS_ANGELES, _DENVER),
    "west coast": (_LOS_ANGELES,),
}
# In small letters these are words.
_WORDS = {"art", "cat", "eat", "west"}
# Whole hours have names in the tz database; these have a place without summer time.
_PLACES = {
    (-9, 30): "Pacific/Marquesas",
    (3, 30): "Asia/Tehran",
    (4, 30): "Asia/Kabul",
    (5, 30): "Asia/Kolkata",
    (5, 45): "Asia/Kathmandu",
    (6, 30): "Asia/Yangon",
    (8, 45): "Australia/Eucla",
    (9, 30): "Australia/Darwin",
}
# Offsets that exist only in summer time, with the place.
_IN_SUMMER = {(-3, 30): "America/St_Johns", (-2, 30): "America/St_Johns", (10, 30): "Australia/Lord_Howe"}
_IN_SUMMER |= {(12, 45): "Pacific/Chatham", (13, 45): "Pacific/Chatham"}
_OFFSET = re.compile(r"(?:utc|gmt)? ?([-+]) ?(\d{1,2})(?:(?::?(\d{2})|\.(5))(?!\d))?", re.ASCII)
# An offset without its sign, and the tz database's name of one, whose sign is the opposite.
_UNSIGNED, _INVERTED = re.compile(r"(?:utc|gmt) ?(\d{1,2})"), re.compile(r"etc/gmt([+-])(\d{1,2})")
# Signs in other forms, and an offset before what it is from: UTC plus 2, UTC±0, +2 UTC.
_SIGN_OF = {"plus": "+", "minus": "-", "\N{PLUS-MINUS SIGN}": "+"}
_SIGNS = re.compile(r"(?<=\w) (?:plus|minus) (?=\d)|\N{PLUS-MINUS SIGN}(?=0)")
_BEHIND = re.compile(r"([-+] ?\d{1,2}(?::?\d{2})?) ?(utc|gmt)")
_FURTHEST_WEST, _FURTHEST_EAST = -12, 14


def zones(text: str) -> tuple[str, ...]:
    """Return the names of the zones that an abbreviation or an offset may mean; none if it is neither."""
    known = _plain(text)
    if known in _WORDS and not text.isupper():
        return ()
    return _ZONES.get(known) or _zones_at(known)


def is_offset(text: str) -> bool:
    """Return whether it has the form of an offset, even one that no clock has."""
    return _OFFSET.fullmatch(_plain(text)) is not None


def likely(text: str) -> tuple[str, ...]:
    """Return the zones that a text close to an offset probably means; none if it is not close to one."""
    offset = _plain(text)
    if match := _UNSIGNED.fullmatch(offset):
        return _zones_at(f"+{match[1]}")
    if match := _INVERTED.fullmatch(offset):
        return tuple(
            zone for sign in ("+-" if match[1] == "-" else "-+") for zone in _zones_at(f"{sign}{match[2]}")
        )
    match = _OFFSET.fullmatch(offset)
    place = _IN_SUMMER.get(_amount(match)) if match else None
    return (place,) if place else ()


def spelled(zone: str) -> str:
    """Return how people write a zone: ``UTC+2`` for the tz database's ``Etc/GMT-2``; others as they are called."""
    if not zone.startswith("Etc/GMT"):
        return zone
    offset = zone.removeprefix("Etc/GMT")
    return "UTC" + offset.translate(str.maketrans("+-", "-+"))


def is_fixed(zone: str) -> bool:
    """Return whether a zone is a mere offset, which knows no summer time."""
    return zone.startswith("Etc/GMT")


def _zones_at(offset: str) -> tuple[str, ...]:
    match = _OFFSET.fullmatch(offset)
    if match is None:
        return ()
    hours, minutes = _amount(match)
    if minutes:
        place = _PLACES.get((hours, minutes))
        return (place,) if place else ()
    if not _FURTHEST_WEST <= hours <= _FURTHEST_EAST:
        return ()
    return (f"Etc/GMT{-hours:+}",) if hours else ("UTC",)


def _amount(match: re.Match[str]) -> tuple[int, int]:
    return int(match[2]) * (1 if match[1] == "+" else -1), int(match[3] or (30 if match[4] else 0))


def _plain(text: str) -> str:
    words = _SIGNS.sub(lambda sign: _SIGN_OF[sign[0].strip()], " ".join(plain(text).split()))
    return _BEHIND.sub(r"\2\1", words) if words[:1] in {"+", "-"} else words
