"""The rules of a server, set by its managers; what they left unset follows the operator's settings."""

from dataclasses import dataclass

from bot.domain.errors import BadRule
from bot.domain.focus.plan import Plan, parse
from bot.messages.catalogue import N_

LONGEST_PREFIX = 10
MOST_CHANNELS, MOST_TIMERS = 20, 10_000
_EXAMPLE = "settings show"


@dataclass(frozen=True, slots=True)
class Rules:
    """``channels`` are those the bot may be used in, all where empty; ids are Discord's.

    ``starter_role`` may start sessions (everybody, where None), ``keeper_role`` may control those of others, as
    moderators may. ``plan`` is the default plan of a session; ``most_timers`` is the limit of live timers.
    """

    prefix: str | None = None
    plan: Plan | None = None
    channels: frozenset[int] = frozenset()
    starter_role: int | None = None
    keeper_role: int | None = None
    most_timers: int | None = None


def prefix(text: str) -> str:
    """Validate a command prefix. Raises ``BadRule``."""
    plain = text.strip()
    if not plain or plain.split() != [plain] or len(plain) > LONGEST_PREFIX or plain.startswith(("/", "<", "@")):
        raise BadRule(
            N_("A prefix is 1 to {most} characters without spaces, and begins with none of / < @."),
            "settings prefix ?",
            most=LONGEST_PREFIX,
        )
    return plain


def most_timers(number: int, most: int) -> int:
    """Validate a limit of live timers; the operator's ``most`` caps it, if not 0. Raises ``BadRule``."""
    highest = most or MOST_TIMERS
    if not 1 <= number <= highest:
        raise BadRule(
            N_("From 1 to {highest:,} timers can go at once here."), "settings timers 50", highest=highest
        )
    return number


def stored_plan(text: str | None) -> Plan | None:
    """Parse a stored plan."""
    return parse(text) if text else None
