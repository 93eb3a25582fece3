"""Streaks: on how many days in a row somebody has focused, as it is shown, and as it must be."""

import re
from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from tests.universe import calendar, sentences
from tests.universe.claims import Claim, union, within
from tests.universe.human import Answer, Human

_SHOWN = re.compile(sentences.pattern(*sentences.STREAK, **{"number:,": r"(\d+)"}))
# The least seconds of a day that counts, and how far off a sum may be that is in doubt.
_LEAST, _ABOUT = 60.0, 10.0


def hold(human: Human, answer: Answer, before: tuple[list[Claim], list[Claim]], after: list[Claim]) -> None:
    """Hold the streak that is shown against what somebody surely did, and may have done by the answer."""
    # What was logged before one's zone was known may have its day by UTC.
    lengths = {_length(human, zone, before[0], after) for zone in (human.zone, ZoneInfo("UTC"))}
    length = next(iter(lengths))
    if (
        len(lengths) > 1
        or length is None
        or human.has_days_off
        or sentences.TODAY.split(" {")[0] not in (answer.words or "")
    ):
        return
    human.judge.counts["streaks"] += 1
    match = _SHOWN.search(answer.words or "")
    shown = int(next(filter(None, match.groups()))) if match else 0
    human.hold_reading(answer, f"a streak of {length} days", is_right=shown == length)


def _length(human: Human, zone: ZoneInfo, sure: list[Claim], possible: list[Claim]) -> int | None:
    """Count the days in a row up to today, which breaks none; None if that is in doubt."""
    epoch, length = human.judge.epoch, 0
    today = datetime.fromtimestamp(epoch + human.now, zone).date()
    for ago in count():
        begins, ends = (
            calendar.instant(today - timedelta(days=days), time(), zone) - epoch for days in (ago, ago - 1)
        )
        low = union(within(sure, begins, ends), [])[0]
        high = union([], within(possible, begins, ends))[1]
        if low < _LEAST + _ABOUT and high > _LEAST - _ABOUT:
            return None
        if low > _LEAST:
            length += 1
        elif ago:
            return length
    return None
