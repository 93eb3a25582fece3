"""The text of a reminder as typed behind its time, in quotes if it would otherwise be read as time."""

from bot.domain.reminders import remainder, sentence

# A time of day, since the most words may follow it: a zone, until when.
_BEFORE_A_TEXT = "9:00"
# The most characters of a text that is tried without quotes around it.
_LONGEST_PLAIN = 60


def quoted(what: str) -> str:
    """Return a text as it is typed behind words about time, so that it is read as text."""
    if not what or len(what) > _LONGEST_PLAIN:
        return f'"{what}"' if what else ""
    read_again = sentence.read(f"{_BEFORE_A_TEXT} {what}")
    is_plain = (
        not remainder.hangs(what)
        and len(read_again.readings) == 1
        and not read_again.is_in_doubt
        and (read_again.readings[0].words, read_again.readings[0].what) == (_BEFORE_A_TEXT, what)
        and not what[:1].isdigit()
    )
    return what if is_plain else f'"{what}"'
