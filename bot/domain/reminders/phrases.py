"""Commands that people ask for in other words: *my reminders*, *set my timezone to Berlin*, *snooze 10*."""

import re

from bot.domain.errors import UserError
from bot.domain.question import Choice, Question, as_typed, like_a_command
from bot.domain.reminders import sentence
from bot.domain.reminders.command import Command, EditReminder, ListPage, Zone
from bot.domain.time import amounts, zone
from bot.domain.time.plain import plain
from bot.messages.catalogue import N_

# What people say before a reminder's number, which is enough: the time of reminder 3.
BEFORE_NUMBER = re.compile(
    r"\A(?:(?:the|my) )?(?:(?:time|date|day) (?:of|for) )?(?:(?:reminders?|n[or]\.?|number) )?"
    r"(?=#?\d+(?![^\s,&+]))",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"all|mine|(?:list|show) (?:all|mine)"
    r"|(?:(?:list|show|view|see|what are|what's|whats)(?: me)? )?(?:all )?(?:of )?(?:my |the )?"
    r"(?:next |pending |upcoming )?reminders"
    r"|(?:what|which) reminders (?:do i have|are there)|when is my next reminder",
    re.IGNORECASE,
)
# The most characters of a number that are quoted.
_QUOTE = 40
_MY_ZONE = re.compile(
    r"(?:set|change) (?:my )?(?:time ?zone|tz) (?:to |as )?(.{1,60})|my (?:time ?zone|tz) (?:is |= ?)(.{1,60})",
    re.IGNORECASE,
)
_I_AM_IN = re.compile(r"(?:i'?m|i am|i live|we are|we're) in (.{1,60})", re.IGNORECASE)
# Verbs that move a reminder if its number follows, and otherwise begin a text: push #3 to 5pm.
_PUSHED = re.compile(
    r"(?:push|delay|shift|bump|adjust|put off)(?P<back> back)? (?P<number>#\d{1,18})(?P<behind> back| forward)?"
    r"(?: (?:to|for|until|till))? (?P<when>.{1,60})",
    re.IGNORECASE,
)
# Verbs of other programs before a reminder's number.
_ELSEWHERE = re.compile(
    r"(?:skip|miss|turn off|switch off|disable|ignore)(?: the)?(?: next)? (#\d{1,18})", re.IGNORECASE
)
# That no reminder is wanted any more.
_NO_MORE = re.compile(
    r"(?:please )?(?:(?:stop|quit|enough)(?: with)?(?: the| my| all)? remind(?:ing(?: me)?|ers?)|no more reminders?"
    r"|(?:don't|dont|do not|never) remind me(?: any ?more| again)?)[ .!]*",
    re.IGNORECASE,
)
# A reminder's number without a verb: *#12*, *#12 tomorrow 5pm*.
_NUMBER_ALONE = re.compile(r"(?P<number>#\d{1,18})(?:,? (?:(?:to|is|at|for) )?(?P<when>.{1,60}))?")


def command(text: str) -> Command | None:
    """Return the command that a whole text asks for; None if it is none of these. Raises ``Question``."""
    if _LISTED.fullmatch(text.rstrip(" .!?")):
        return ListPage()
    if place := _MY_ZONE.fullmatch(text):
        return Zone(place[1] or place[2])
    if (place := _I_AM_IN.fullmatch(text)) and _is_zone(place[1]):
        return Zone(place[1])
    if (pushed := _PUSHED.fullmatch(text)) and sentence.whole(when := pushed["when"]):
        is_back = bool(pushed["back"] or pushed["behind"]) and amounts.whole(plain(when))
        return EditReminder(pushed["number"], sentence=f"by {when}" if is_back else when)
    if (alone := _NUMBER_ALONE.fullmatch(text)) and (not alone["when"] or sentence.whole(alone["when"])):
        number, when = alone["number"], alone["when"]
        meant = [f"edit {number} {when}"] if when else [f"cancel {number}", f"pause {number}", "list"]
        raise like_a_command(text, *(as_typed(f"remind {line}") for line in meant))
    if _NO_MORE.fullmatch(text):
        raise like_a_command(text, as_typed("remind cancel all"), as_typed("remind list"))
    if other := _ELSEWHERE.fullmatch(text):
        lines = (f"remind {verb} {other[1]}" for verb in ("pause", "cancel"))
        raise like_a_command(text, *map(as_typed, lines))
    return None


def _is_zone(place: str) -> bool:
    try:
        zone.parse(place)
    except UserError as refused:
        return isinstance(refused, Question)
    return True


def minutes_or_number(words: str) -> Question:
    """Ask what the number behind *snooze* is."""
    lines = (f"remind snooze {words}m", f"remind snooze #{words}")
    choices = (Choice(N_("{line}"), line, {"line": f"!{line}"}) for line in lines)
    return Question(N_("Is “{quote}” minutes, or a reminder's number?"), *choices, quote=words[:_QUOTE])


def which_role(first: str, second: str, sentence: str) -> Question:
    """Ask which of two roles to mention."""
    choices = (Choice(N_("{role}"), f"remind {role} {sentence}", {"role": role}) for role in (first, second))
    return Question(N_("I can only ping one role at a time. Which one?"), *choices)
