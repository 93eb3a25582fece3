"""The line that starts a session: the one spelling for each start."""

from bot.domain.focus.command import At, In, StartSession
from bot.domain.time.duration import written


def line(start: StartSession) -> str:
    """Write a start so that the parser reads the same again."""
    words = ["focus start", start.plan_name or (str(start.plan) if start.plan else "")]
    if start.until:
        words.append(f"rounds until {start.until:%H:%M}")
    if start.task:
        words.append(f'on "{_inner(start.task)}"')
    if start.voice:
        words.append(f"voice {start.voice}" if start.voice.startswith("<#") else f'voice "{_inner(start.voice)}"')
    match start.begin:
        case In(delay):
            words.append(f"in {written(delay)}")
        case At(time, tomorrow):
            words.append(f"at {time:%H:%M} tomorrow" if tomorrow else f"at {time:%H:%M}")
    if not start.auto:
        words.append("manual")
    if start.warn:
        words.append("warn")
    return " ".join(word for word in words if word)


def _inner(text: str) -> str:
    return text.replace('"', "'")
