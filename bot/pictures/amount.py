"""An amount of focus in words; never in days, which could be taken for days of work."""

from collections.abc import Sequence

# Beside hundreds of hours, minutes do not matter, and do not fit.
MANY = 100 * 3600


def spoken(seconds: int) -> str:
    """Format it in full, rounded down: ``26 h 10 min``, ``1,000 h``, ``25 min``, ``45 s``, ``0 min``."""
    hours, minutes = divmod(seconds // 60, 60)
    if 0 < seconds < 60:
        return f"{seconds} s"
    parts = [f"{hours:,} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0 or hours == 0)
    return " ".join(parts)


def adding_up(parts: Sequence[int], unit: int) -> list[int]:
    """Round seconds to whole units so that they add up to their total rounded down.

    Those with the largest remainders are rounded up.
    """
    rounded = [part - part % unit for part in parts]
    missing = (sum(parts) - sum(rounded)) // unit
    by_remainder = sorted(range(len(parts)), key=lambda number: -(parts[number] % unit))
    for number in by_remainder[:missing]:
        rounded[number] += unit
    return rounded


def short(seconds: int) -> str:
    """Format it short enough for a label over a bar: ``2h 10m``, ``25m``, ``45s``."""
    return spoken(seconds).replace(" min", "m").replace(" h", "h").replace(" s", "s")
