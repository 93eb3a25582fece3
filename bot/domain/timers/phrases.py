"""Phrases that ask for a verb of a timer in words of their own: *bring back tea*, *get rid of it*, *one more time*.

They name no timer that anybody would start, so they are asked about.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.domain.question import Choice
from bot.domain.time import duration
from bot.domain.timers import choices

_FIVE_MINUTES = timedelta(minutes=5)
# Whole requests about all timers, the last one or the bot, by the verb that may be meant.
_WHOLE: Mapping[str, str] = {
    "list": "all, everything, both, view, check, state, details, latest, running, active, current, ongoing"
    ", in progress, still running, progress",
    "again": "one more, once more, one more time, another one, another round, one more round, same, same again"
    ", do it again, run it again, replay, rerun, re-run, previous, prev",
    "resume": "keep going, proceed, unfreeze",
    "cancel": "off, turn off, turn it off, i'm done, im done, all done, over, it's over, forget it, shut up"
    ", del, shorter, less time, halve it, half it",
    "extend": "longer, a bit longer, more time, double it",
    "help": "need help, i need help, usage, manual, menu, cmds, tutorial, examples, invite, vote, premium, donate"
    ", uptime, version, ping, prefix",
    "start": "on, go, let's go, lets go, ready, new, create, get, make, dm me, notify me, ping me, let me know",
}
_ALONE = {phrase: verb for verb, phrases in _WHOLE.items() for phrase in phrases.split(", ")}
# Numbers of timers, and words for some of them without a name: *#3*, *all but tea*, *the long one*.
_NUMBERS = re.compile(r"(?:(?:#|number|no\.?|nr\.?) ?\d{1,19}[ ,]*)+")
_SOME = re.compile(
    r"(?:all|everything|every(?:one| timer)) (?:of them )?(?:but|except|besides|apart from) .+"
    r"|(?:this|that|the (?:other|last|latest|first|second|third|next|same|(?:long|short|new|old)(?:er|est)?)) ones?"
    r"|(?:(?:get|view|check|display|see|my|the|all|whose|who'?s|any|current|active|running)(?: me)? )+timers?"
)
# Verbs of several words, around what they are said of, and those that may be meant.
_AROUND: Sequence[tuple[str, Sequence[str]]] = (
    (r"(?:bring|get|put|give) back (.+)|(?:bring|get|put|give) (.+) back", ("undo", "again")),
    (r"(?:revive|undelete|un-?cancel|un-?stop|recover) (.+)", ("undo", "again")),
    (r"(?:get rid of|let go of|(?:turn|switch|shut) off|forget(?: about)?|del|mute|silence) (.+)", ("cancel",)),
    (r"drop (?!off\b|by\b|in\b)(.+)|less time (?:for|on) (.+)", ("cancel",)),
    (r"(?:take|knock|shave|cut) \S{1,6}(?: (?:min|sec)\w*)? (?:off|from)(?: of)? (.+)", ("cancel",)),
    (r"more time (?:for|on|to) (.+)|(.+) needs more time", ("extend",)),
    (r"start (#\d{1,19})|start (.+) (?:again|over)|(?:rerun|re-run|replay) (.+)", ("again",)),
    (r"unfreeze (.+)|start (all|everything)", ("resume",)),
    (r"(?:switch|swap) to (.+)", ("rename",)),
)
_WORDED = [(re.compile(pattern, re.IGNORECASE), verbs) for pattern, verbs in _AROUND]
# Words before somebody who is called: *call the bank*, and no timer.
_DETERMINERS = "the|a|an|my|our|your|his|her|their|for|in|on|with|back|up|to|and"
_RENAMED = re.compile(
    r"(.+?) ?(?:[=-]>|\N{RIGHTWARDS ARROW}) ?([^\W\d].*)|(\S+) rename(?: to)? (.+)"
    r"|(?:retitle|relabel) (\S+) (?:to )?(.+)"
    rf"|(?:call|name) ((?:the |my |this )timer|(?!(?:{_DETERMINERS}) )\S+) ((?!back\b|again\b|of\b)\S+)",
    re.IGNORECASE,
)
_PLUS = re.compile(r"(?:(?P<called>[^\W\d][^+]*?) ?\+|plus) ?(?P<by>\S{1,9})", re.IGNORECASE)
_IT = {"it", "this", "that", "them", "the timer", "my timer"}
# The most characters of such a phrase.
_LONGEST = 100


def commands(words: str, topic: str, *, has_length: bool) -> list[Choice]:
    """Return the commands that words may mean; with a length, most of them are a timer's name."""
    words = words.rstrip(" .!?")
    if len(words) > _LONGEST:
        return []
    plain = words.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if alone := _ALONE.get(plain):
        return [verb(topic, alone)]
    return _numbered(plain, topic) or ([] if has_length else _without_length(words, plain, topic))


def _numbered(plain: str, topic: str) -> list[Choice]:
    """Offer what can be done to the timers whose numbers words are."""
    if not _NUMBERS.fullmatch(plain):
        return []
    numbers = [f"#{number}" for number in re.findall(r"\d+", plain)]
    looked_at = [verb(topic, "time", numbers[0])] if len(numbers) == 1 else []
    return [*looked_at, verb(topic, "cancel", " ".join(numbers)), verb(topic, "list")]


def _without_length(words: str, plain: str, topic: str) -> list[Choice]:
    if _SOME.fullmatch(plain):
        return [verb(topic, "list"), verb(topic, "cancel")]
    if (plus := _PLUS.fullmatch(words)) and (by := duration.by_itself(plus["by"])) and duration.is_possible(by):
        return [choices.extend(topic, plus["called"], by)]
    if renamed := _RENAMED.fullmatch(words):
        old, new = (text for text in renamed.groups() if text)
        return [verb(topic, "rename", f"{choices.quoted(old)} to {choices.quoted(new)}")]
    for pattern, verbs in _WORDED:
        if match := pattern.fullmatch(words):
            called = next(text for text in match.groups() if text)
            return [verb(topic, meant, "" if called.casefold() in _IT else called) for meant in verbs]
    return []


def verb(topic: str, called: str, rest: str = "") -> Choice:
    """Offer a verb; an extension is of five minutes, and what is undone is whatever was last."""
    if called == "extend":
        return choices.extend(topic, rest or None, _FIVE_MINUTES)
    return choices.verb(topic, called, "" if called == "undo" else rest)
