import pytest
from hypothesis import given, strategies as st

from bot.domain.errors import BadZone
from bot.domain.question import Question
from bot.domain.time import zone, zone_in_text
from bot.domain.time.place import AREAS, CITIES

MEANT = {
    "Europe/Berlin": "Europe/Berlin",
    "europe/berlin": "Europe/Berlin",
    " Berlin ": "Europe/Berlin",
    "new york": "America/New_York",
    "America/New York": "America/New_York",
    "KATHMANDU": "Asia/Kathmandu",
    "lord howe": "Australia/Lord_Howe",
    "utc": "UTC",
    "US/Eastern": "US/Eastern",
    "Singapore": "Singapore",
    # Two names of one zone.
    "istanbul": "Europe/Istanbul",
    "buenos aires": "America/Argentina/Buenos_Aires",
    "indianapolis": "America/Indiana/Indianapolis",
}
REFUSED = [
    *("", "  ", "Moon/Base", "home", "asdf", "nowhere", "berl", "UTC+15", "UTC-3:31", "x" * 2000, "../etc/passwd"),
    # It means another zone on another machine.
    "localtime",
]


@pytest.mark.parametrize(("text", "name"), MEANT.items())
def test_means(text: str, name: str) -> None:
    """A zone is found by its name or its city alone, in any spelling."""
    assert zone.parse(text).key == name


@pytest.mark.parametrize("text", REFUSED)
def test_refuses(text: str) -> None:
    """An unknown zone without a near match is refused, without a suggestion."""
    with pytest.raises(BadZone) as refused:
        zone.parse(text)
    assert refused.value.example in {None, zone.EXAMPLE}


@given(st.text() | st.sampled_from(sorted(MEANT)).map(lambda name: name[1:]))
def test_never_fails(text: str) -> None:
    """Any text is a zone, asked about, or refused in a short sentence."""
    try:
        zone.parse(text)
    except Question as question:
        for choice in question.choices:
            zone.parse(choice.line.removeprefix("remind timezone "))
    except BadZone as refused:
        assert len(str(refused)) < 140


def test_suggestions() -> None:
    """Partial names of cities, countries and zones are completed, the largest first, up to the limit."""
    assert zone.suggestions("lond", 5)[0] == ("London · Europe/London", "Europe/London")
    assert zone.suggestions("münch", 5) == [("Munchen · Europe/Berlin", "Europe/Berlin")]
    assert [name for _, name in zone.suggestions("spain", 2)] == ["Europe/Madrid", "Atlantic/Canary"]
    assert zone.suggestions("america/new", 5) == [("America/New_York", "America/New_York")]
    assert zone.suggestions("utc+2", 1) == [("UTC+2", "UTC+2")]
    assert zone.suggestions("moon base", 5) == []
    assert len(zone.suggestions("", 25)) == 25
    assert all(zone.spelled(zone.parse(name)) == name for _, name in zone.suggestions("", 1000) if "/" in name)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Berlin", ["Europe/Berlin"]),
        ("Tokyo time", ["Asia/Tokyo"]),
        ("india time", ["Asia/Kolkata"]),
        ("ET", ["America/New_York"]),
        ("EST", ["America/New_York", "Etc/GMT+5"]),
        ("IST", ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
        ("utc+2", ["Etc/GMT-2"]),
        ("Z", ["UTC"]),
        ("Europe/London", ["Europe/London"]),
        ("berlin", ["Europe/Berlin"]),
        ("New York", ["America/New_York"]),
        ("new york", ["America/New_York"]),
        ("Los Angeles time", ["America/Los_Angeles"]),
        ("rio de janeiro", ["America/Sao_Paulo"]),
        ("Washington DC", ["America/New_York"]),
        ("Sofia", ["Europe/Sofia"]),
        *(
            (word, [])
            for word in ("cat", "May", "reading", "Reading", "Nice", "Split", "Mobile", "Austin", "IT", "Jo")
        ),
        *(
            (word, [])
            for word in ("nice", "split", "sofia", "lima", "phoenix", "White House", "garden city", "man")
        ),
    ],
)
def test_within_a_request(words: str, names: list[str]) -> None:
    """After a time an abbreviation in capitals and a well-known city are zones; ordinary words are not."""
    assert [known.key for known in zone_in_text.certain(words)] == names


def test_size() -> None:
    """The bot's data on places takes less than a megabyte."""
    assert CITIES.stat().st_size + AREAS.stat().st_size < 1_000_000
