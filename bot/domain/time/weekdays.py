"""A list of weekdays: ``mon, wed and fri``, ``sat-sun``, ``weekends``."""

from bot.domain.time.lexer import LONGEST, Text, run
from bot.domain.time.tokens import Joiner, Weekdays


def parse(text: str) -> tuple[int, ...]:
    """Parse weekdays and ranges of them, in any order, Monday is 0; empty if a word is neither."""
    source = Text(text.strip(" ,"))
    tokens = run(source) if len(text) <= LONGEST else []
    if not tokens or tokens[-1].end < len(source.plain) or isinstance(tokens[-1].value, Joiner):
        return ()
    days: set[int] = set()
    for token in tokens:
        match token.value:
            case Weekdays(named, qualifier) if not qualifier:
                days.update(named)
            case Joiner():
                continue
            case _:
                return ()
    return tuple(sorted(days))
