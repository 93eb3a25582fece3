"""A recurrence as the database keeps it: RFC 5545's RRULE, with fields of our own for what that cannot say.

A rule that the first version of these rules could say is written as it wrote it. Others begin with ``RRULE:``,
which that version takes for damage and leaves alone. One difference to the RFC: a missing month day means more
here, namely the last day where the first time is on a 31st.
"""

from datetime import UTC, date, datetime, time

from bot.domain.time.recurrence import SELDOMEST, WORKING_DAY, Recurrence, Unit

# The column's size.
LONGEST = 200
# The last is our own: -1WD is the last working day of a month.
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU", "WD")
_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
_UNTIL = "%Y%m%dT%H%M%SZ"
_NEWER = "RRULE:"
_MONTHS = 12


def written(rule: Recurrence) -> str:
    """Write a rule, for ``parse`` to read."""
    fields: dict[str, str] = {"FREQ": rule.unit, "INTERVAL": str(rule.interval)} | _days(rule) | _times(rule)
    if rule.skipped:
        fields["X-SKIPPED"] = ",".join(f"{day:%Y%m%d}" for day in rule.skipped)
    if rule.off_months:
        fields["X-OFF-MONTHS"] = ",".join(map(str, rule.off_months))
    if rule.until:
        fields["UNTIL"] = f"{rule.until.astimezone(UTC):{_UNTIL}}"
    if rule.times:
        fields["COUNT"] = str(rule.times)
    is_newer = rule.month or rule.positions or any(name.startswith("X-") for name in fields)
    return _NEWER * bool(is_newer) + ";".join(f"{name}={value}" for name, value in fields.items())


def _days(rule: Recurrence) -> dict[str, str]:
    fields = {"BYMONTH": str(rule.month)} if rule.month else {}
    if rule.weekdays:
        positions: tuple[int | str, ...] = rule.positions or ("",)
        fields["BYDAY"] = ",".join(f"{position}{_DAYS[day]}" for position in positions for day in rule.weekdays)
    if len(rule.monthdays) == 1:
        # The last of these that exists in a month is what the 31st, 30th or 29th means here.
        [day] = rule.monthdays
        fallbacks = range(min(day, 28), day + 1)
        fields["BYMONTHDAY"] = ",".join(map(str, fallbacks))
        fields |= {"BYSETPOS": "-1"} if len(fallbacks) > 1 else {}
    elif rule.monthdays:
        fields["X-MONTHDAYS"] = ",".join(map(str, rule.monthdays))
    return fields


def _times(rule: Recurrence) -> dict[str, str]:
    fields: dict[str, str] = {}
    if len(rule.clocks) == 1:
        [at] = rule.clocks
        fields |= dict(zip(_CLOCK, map(str, (at.hour, at.minute, at.second)), strict=True))
    elif rule.clocks:
        fields["X-CLOCKS"] = ",".join(map(_digits, rule.clocks))
    if rule.slots:
        fields["X-SLOTS"] = ",".join(f"{_DAYS[day]}{_digits(clock)}" for day, clock in rule.slots)
    if rule.window:
        fields["X-WINDOW"] = ",".join(map(_digits, rule.window))
    return fields


def parse(text: str) -> Recurrence:
    """Parse what ``written`` wrote. Raises ``ValueError``."""
    fields = dict(part.split("=", 1) for part in text.removeprefix(_NEWER).split(";"))
    until, times, month = (fields.get(name) for name in ("UNTIL", "COUNT", "BYMONTH"))
    days = _listed(fields, "BYDAY")
    hour, minute, second = (int(fields.get(name, -1)) for name in _CLOCK)
    clocks = (time(hour, minute, second),) if hour >= 0 else tuple(map(_clock, _listed(fields, "X-CLOCKS")))
    window = tuple(map(_clock, _listed(fields, "X-WINDOW")))
    rule = Recurrence(
        Unit(fields.get("FREQ", "")),
        int(fields.get("INTERVAL", 1)),
        weekdays=tuple(sorted({_DAYS.index(day[-2:]) for day in days})),
        positions=tuple(dict.fromkeys(int(day[:-2]) for day in days if len(day) > 2)),
        monthdays=tuple(map(int, _listed(fields, "X-MONTHDAYS") or _listed(fields, "BYMONTHDAY")[-1:])),
        month=int(month) if month else None,
        until=datetime.strptime(until, _UNTIL).replace(tzinfo=UTC) if until else None,
        times=int(times) if times else None,
        clocks=clocks,
        slots=tuple((_DAYS.index(slot[:2]), _clock(slot[2:])) for slot in _listed(fields, "X-SLOTS")),
        window=(window[0], window[1]) if len(window) == 2 else None,
        skipped=tuple(date.fromisoformat(day) for day in _listed(fields, "X-SKIPPED")),
        off_months=tuple(map(int, _listed(fields, "X-OFF-MONTHS"))),
    )
    _check(rule, text)
    return rule


def _check(rule: Recurrence, text: str) -> None:
    """Refuse a well-formed but absurd rule: it could make the search for its next time endless."""
    is_sound = (
        1 <= rule.interval <= SELDOMEST[rule.unit]
        and all(1 <= day <= 31 for day in rule.monthdays)
        and all(position == -1 or 1 <= position <= 5 for position in rule.positions)
        and (not rule.positions or bool(rule.weekdays and rule.unit is Unit.MONTH))
        and (bool(rule.positions) or WORKING_DAY not in rule.weekdays)
        and len({*rule.off_months}) < _MONTHS
        and all(1 <= month <= _MONTHS for month in (rule.month or 1, *rule.off_months))
        and (not rule.month or rule.interval % 12 == 0)
        and (not rule.slots or tuple(sorted({day for day, _ in rule.slots})) == rule.weekdays)
    )
    if not is_sound:
        raise ValueError(text)


def _listed(fields: dict[str, str], name: str) -> list[str]:
    return fields[name].split(",") if fields.get(name) else []


def _digits(clock: time) -> str:
    return f"{clock:%H%M%S}"


def _clock(digits: str) -> time:
    return datetime.strptime(digits, "%H%M%S").time()  # noqa: DTZ007 - the wall clock's, in no zone
