from datetime import timedelta
from email.utils import format_datetime

import structlog

from bot.chat.runtime.http_trace import Skew
from tests.clock import ManualClock

# Dates of an odd proxy: without a zone, and with numbers that no date has.
NONSENSE = (
    "Tue, 01 Dec 2026 10:00:00",
    "Tue, 01 Dec 2026 10:00:00 -0000",
    "Tue, 01 Dec 99999999999999999999 10:00:00 GMT",
    "Tue, 01 Dec 2026 10:00:00 +99999999999999999999",
)


def test_skew(clock: ManualClock) -> None:
    """A clock over two seconds from Discord's is reported once an hour; a closer one and nonsense are not."""
    skew = Skew(clock)
    with structlog.testing.capture_logs() as log:
        for ahead in (-1.9, 0, 2.9):
            skew.note(format_datetime(clock.now() - timedelta(seconds=ahead), usegmt=True))
        skew.note(None)
        for nonsense in ("soon", *NONSENSE):
            skew.note(nonsense)
        assert log == []
        for _ in range(2):
            skew.note(format_datetime(clock.now() + timedelta(seconds=30), usegmt=True))
            skew.note(format_datetime(clock.now() - timedelta(seconds=30), usegmt=True))
            clock.advance(3600)
    assert [round(line["seconds_ahead"]) for line in log] == [-30, -30]
