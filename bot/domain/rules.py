"""The rules of a server: what those who manage it have set; what they have not, is as the operator has it."""

from dataclasses import dataclass

from bot.domain.errors import BadRule
from bot.domain.plan import Plan, parse

LONGEST_PREFIX = 10
MOST_CHANNELS, MOST_TIMERS = 20, 10_000
_EXAMPLE = "settings show"


@dataclass(frozen=True, slots=True)
class Rules:
    """``channels`` are those that the bot may be used in, all where there are none; ids are Discord's.

    ``starter_role`` may start sessions (everybody, where it is None), ``keeper_role`` may command those of others,
    as moderators may. ``plan`` is that of a session that is started without one; ``most_timers`` may go at once.
    """

    prefix: str | None = None
    plan: Plan | None = None
    channels: frozenset[int] = frozenset()
    starter_role: int | None = None
    keeper_role: int | None = None
    most_timers: int | None = None


def prefix(text: str) -> str:
    """Check what typed commands are to begin with. Raises ``BadRule``."""
    plain = text.strip()
    if not plain or plain.split() != [plain] or len(plain) > LONGEST_PREFIX or plain.startswith(("/", "<", "@")):
        sentence = f"A prefix is 1 to {LONGEST_PREFIX} characters without spaces, and begins with none of / < @."
        raise BadRule(sentence, "settings prefix ?")
    return plain


def most_timers(number: int, most: int) -> int:
    """Check how many timers are to go at once; the operator's ``most`` is the most, if any. Raises ``BadRule``."""
    highest = most or MOST_TIMERS
    if not 1 <= number <= highest:
        raise BadRule(f"From 1 to {highest:,} timers can go at once here.", "settings timers 50")
    return number


def stored_plan(text: str | None) -> Plan | None:
    """Read a plan that was kept as text."""
    return parse(text) if text else None
