import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadZone
from bot.domain.time import zone

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
REFUSED = {
    "": "remind timezone Europe/Berlin",
    "  ": "remind timezone Europe/Berlin",
    "Moon/Base": "remind timezone Europe/Berlin",
    "Berln": "remind timezone Europe/Berlin",
    "Europe/Berlim": "remind timezone Europe/Berlin",
    "new yorck": "remind timezone America/New_York",
    "berl": "remind timezone Europe/Berlin",
    # One in Australia, one in Brazil.
    "west": "remind timezone Australia/West",
    # What these mean is the opposite, or another zone on another machine.
    "Etc/GMT-3": None,
    "localtime": None,
    "../etc/passwd": None,
    "x" * 2000: "remind timezone Europe/Berlin",
}


@pytest.mark.parametrize(("text", "name"), MEANT.items())
def test_means(text: str, name: str) -> None:
    """A zone is found by its name or its city alone, however it is spelt."""
    assert zone.parse(text).key == name


@pytest.mark.parametrize(("text", "example"), REFUSED.items())
def test_refuses(text: str, example: str | None) -> None:
    """What is no zone, or more than one, is refused with the nearest one for an example."""
    with pytest.raises(BadZone) as refused:
        zone.parse(text)
    assert refused.value.example
    assert example is None or refused.value.example == example


@given(st.text() | st.sampled_from(sorted(MEANT)).map(lambda name: name[1:]))
def test_never_fails(text: str) -> None:
    """Whatever is typed is a zone, or refused in a short sentence with an example that is one."""
    try:
        zone.parse(text)
    except BadZone as refused:
        assert len(str(refused)) < 120
        assert refused.example
        zone.parse(refused.example.removeprefix("remind timezone "))


def test_suggestions() -> None:
    """What is typed so far is completed, at first by the cities that begin with it, as many as are asked for."""
    assert zone.suggestions("lond", 5) == ["Europe/London"]
    assert zone.suggestions("york", 5) == ["America/New_York"]
    assert zone.suggestions("am", 3) == ["Asia/Amman", "Europe/Amsterdam", "Africa/Bamako"]
    assert zone.suggestions("moon base", 5) == []
    assert len(zone.suggestions("", 25)) == 25
    assert all(zone.parse(name).key == name for name in zone.suggestions("", 1000))
