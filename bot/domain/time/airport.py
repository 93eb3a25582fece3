"""Airports by their IATA codes, which people write instead of a city: *5pm JFK*.

Only the busiest; codes that are words too, as MAN and SEA are, are left out.
"""

from collections.abc import Sequence

_CODES = {
    "America/New_York": "JFK LGA EWR BOS PHL IAD DCA FLL MCO ATL CLT DTW TPA PIT BWI RDU",
    "America/Chicago": "ORD MDW DFW IAH MSP MCI BNA MSY",
    "America/Denver": "SLC",
    "America/Phoenix": "PHX",
    "America/Los_Angeles": "LAX SFO PDX LAS SJC OAK",
    "Pacific/Honolulu": "HNL",
    "America/Toronto": "YYZ YUL",
    "America/Vancouver": "YVR",
    "America/Sao_Paulo": "GRU GIG",
    "America/Argentina/Buenos_Aires": "EZE",
    "Europe/London": "LHR LGW STN EDI",
    "Europe/Dublin": "DUB",
    "Europe/Lisbon": "LIS",
    "Europe/Paris": "CDG ORY",
    "Europe/Berlin": "BER FRA MUC DUS",
    "Europe/Amsterdam": "AMS",
    "Europe/Brussels": "BRU",
    "Europe/Zurich": "ZRH GVA",
    "Europe/Vienna": "VIE",
    "Europe/Madrid": "BCN",
    "Europe/Rome": "FCO MXP",
    "Europe/Copenhagen": "CPH",
    "Europe/Stockholm": "ARN",
    "Europe/Oslo": "OSL",
    "Europe/Helsinki": "HEL",
    "Europe/Warsaw": "WAW",
    "Europe/Prague": "PRG",
    "Europe/Athens": "ATH",
    "Asia/Dubai": "DXB AUH",
    "Asia/Qatar": "DOH",
    "Asia/Kolkata": "DEL BOM BLR MAA HYD CCU",
    "Asia/Bangkok": "BKK",
    "Asia/Hong_Kong": "HKG",
    "Asia/Shanghai": "PEK PVG",
    "Asia/Taipei": "TPE",
    "Asia/Seoul": "ICN",
    "Asia/Tokyo": "NRT HND KIX",
    "Asia/Manila": "MNL",
    "Asia/Jakarta": "CGK",
    "Asia/Kuala_Lumpur": "KUL",
    "Australia/Sydney": "SYD",
    "Australia/Melbourne": "MEL",
    "Pacific/Auckland": "AKL",
    "Africa/Johannesburg": "JNB CPT",
}
_ZONES = {code: zone for zone, codes in _CODES.items() for code in codes.split()}


def zones(code: str) -> Sequence[str]:
    """Return the zone of an airport by its code in capitals, or none."""
    return [_ZONES[code]] if code in _ZONES else []
