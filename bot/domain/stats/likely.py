"""Likely commands: what words behind ``stats`` may mean that are neither a verb of it nor a period."""

import re
from collections.abc import Iterable, Mapping

from bot.domain.question import Choice, as_typed
from bot.domain.spelling import is_slip
from bot.domain.stats.command import View
from bot.domain.time import duration, period

# First words, and the commands that they may mean.
_ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("leaderboard", "top", "lb", "rank", "ranks", "ranking", "rankings", "best"), "leaderboard"),
    **dict.fromkeys(("goal", "goals", "aim", "target"), "goal"),
    **dict.fromkeys(("export", "download", "csv", "data"), "privacy export"),
    **dict.fromkeys(("share", "public"), "privacy share"),
    **dict.fromkeys(("unshare", "private", "hide"), "privacy unshare"),
    **dict.fromkeys(("undo", "delete", "remove", "fix", "correct", "change", "shorten", "subtract"), "stats edit"),
    **dict.fromkeys(("clear", "reset", "log", "history", "entry", "entries"), "stats edit"),
    "server": "stats server",
}
_DONE = re.compile(r"(?:i )?(?:log|logged|did|track|record|worked|studied|focused)(?: on| for)? (?=.*\d)")


# All that somebody may want to be rid of: *delete everything*, *reset my stats*.
_ALL = re.compile(
    r"(?:delete|remove|clear|reset|erase|wipe)(?: (?:all|my|of|the|everything|stats|statistics|data))*"
)
# What is added or taken away: *+30m essay*, *30m essay*, *-10m*.
_SIGNED = re.compile(r"(?P<sign>[+-] ?)?(?P<added>\d.*)")


def commands(words: str, verbs: Iterable[str]) -> list[Choice]:
    """Offer the commands that words may mean: others, or the verbs and periods that they are one slip from."""
    first, _, rest = words.partition(" ")
    if done := _DONE.match(words):
        return [as_typed(f"stats add {words[done.end() :]}")]
    if _ALL.fullmatch(words):
        return [as_typed("stats edit"), as_typed("privacy delete")]
    if (signed := _SIGNED.fullmatch(words)) and duration.at_front(signed["added"]):
        is_less = (signed["sign"] or "").startswith("-")
        return [as_typed("stats edit" if is_less else f"stats add {signed['added']}")]
    if "digest" in words.split():
        is_off = not {"stop", "off", "no", "cancel", "disable"}.isdisjoint(words.split())
        return [as_typed("stats digest off" if is_off else "stats digest")]
    if first in _ELSEWHERE:
        return [as_typed(_ELSEWHERE[first])]
    meant = [f"{verb} {rest}".strip() for verb in verbs if len(first) > 3 and is_slip(first, verb)]
    periods = [f"me {known}" for known in (*period.NAMES, View.HOURS) if len(words) > 3 and is_slip(words, known)]
    return [as_typed(f"stats {line}") for line in (*meant, *periods)]
