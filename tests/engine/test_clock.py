from datetime import UTC, datetime

from bot.engine.clock import to_the_millisecond


def test_to_the_millisecond() -> None:
    """Microseconds, which no row stores, are cut off."""
    for microseconds, kept in ((123_999, 123_000), (500_000, 500_000), (999_999, 999_000), (999, 0)):
        moment = datetime(2026, 3, 1, 12, 0, 0, microseconds, UTC)
        assert to_the_millisecond(moment) == moment.replace(microsecond=kept)
