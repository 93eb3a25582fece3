"""The rules of a server, set by its managers; what they left unset follows the operator's settings."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.errors import BadRule
from bot.domain.focus.plan import Plan
from bot.domain.time.zone import UTC
from bot.domain.timers import name
from bot.messages.catalogue import N_

LONGEST_PREFIX = 10
MOST_CHANNELS, MOST_TIMERS = 20, 10_000
MOST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Rules:
    """``channels`` are those the bot may be used in, all where empty; ids are Discord's.

    ``starter_role`` may start sessions (everybody, where None), ``keeper_role`` may control those of others, as
    moderators may. ``plan`` is the default plan of a session; ``most_timers`` is the limit of live timers. Days
    and weeks of the server's sums are those of ``zone`` (UTC, where None). A pomodoro of at least ``counts_from``
    minutes counts as focus; ``has_added``: what people added afterwards counts in the server's sums too.
    """

    prefix: str | None = None
    plan: Plan | None = None
    channels: frozenset[int] = frozenset()
    starter_role: int | None = None
    keeper_role: int | None = None
    most_timers: int | None = None
    zone: ZoneInfo | None = None
    counts_from: int | None = None
    has_added: bool = True

    @property
    def clock(self) -> ZoneInfo:
        """The zone of the server's days and weeks: UTC until it sets one."""
        return self.zone or UTC


def prefix(text: str) -> str:
    """Validate a command prefix. Raises ``BadRule``."""
    plain = name.visible(text)
    is_one_word = not name.is_blank(plain) and plain.split() == [plain]
    if not is_one_word or len(plain) > LONGEST_PREFIX or plain.startswith(("/", "<", "@")):
        allowed = "".join(plain.split()).lstrip("/<@")[:LONGEST_PREFIX] or "?"
        raise BadRule(
            N_("A prefix is 1 to {most} characters, without spaces, and can't start with / < or @."),
            f"settings prefix {allowed}",
            most=LONGEST_PREFIX,
        )
    return plain


def most_timers(number: int, most: int) -> int:
    """Validate a limit of live timers; the operator's ``most`` caps it, if not 0. Raises ``BadRule``."""
    highest = most or MOST_TIMERS
    if not 1 <= number <= highest:
        raise BadRule(
            N_("Pick a number from 1 to {highest:,}."),
            f"settings timers {min(max(number, 1), highest)}",
            highest=highest,
        )
    return number


def counts_from(minutes: int) -> int:
    """Validate from how many minutes on a pomodoro counts. Raises ``BadRule``."""
    if not 0 <= minutes <= MOST_MINUTES:
        raise BadRule(
            N_("Pick a number of minutes from 0 to {most:,}."),
            f"settings counts {min(max(minutes, 0), MOST_MINUTES)}",
            most=MOST_MINUTES,
        )
    return minutes
