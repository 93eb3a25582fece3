"""An amount of focus in words; never in days, which could be taken for days of work."""


def spoken(seconds: int) -> str:
    """Format it in full, rounded down: ``26 h 10 min``, ``2 h``, ``25 min``, ``45 s``, ``0 min``."""
    hours, minutes = divmod(seconds // 60, 60)
    if 0 < seconds < 60:
        return f"{seconds} s"
    parts = [f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0 or hours == 0)
    return " ".join(parts)


def short(seconds: int) -> str:
    """Format it short enough for a label over a bar: ``2h 10m``, ``25m``, ``45s``."""
    return spoken(seconds).replace(" min", "m").replace(" h", "h").replace(" s", "s")
