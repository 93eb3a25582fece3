"""Words for a timer that look like a session: *25/5*, *2 x 25m*, *essay 3 rounds*, *essay 25 tea 5*.

The bot asks, and offers the session that they may mean.
"""

import re

from bot.domain.question import Question, as_typed
from bot.domain.time import amounts, duration
from bot.domain.time.plain import plain
from bot.domain.timers import choices
from bot.messages.catalogue import N_

_LIKE_A_PLAN = N_("“{quote}” looks like focus and breaks. Did you mean a session?")
_MINUTES = r"\d{1,3}(?: ?m(?:in(?:ute)?s?)?)?"
_PLAN = re.compile(
    rf"(?:\d{{1,2}} ?{amounts.TIMES} ?)?{_MINUTES}(?: ?[/+ -] ?{_MINUTES}){{1,3}}(?: ?{amounts.TIMES} ?\d{{1,2}})?"
    rf"|[1-9]\d{{0,2}} ?{amounts.TIMES} ?[1-9]\d{{0,2}}"
    r"|(?:work|focus|study) \d{1,3} ?m?(?:in)?,? (?:and )?(?:break|rest|short) \d{1,3} ?m?(?:in)?",
    re.IGNORECASE,
)
# Focus and break by their first letters: w25 b5.
_LETTERED = re.compile(r"[wf](\d{1,3})m?[ ,/]*[bsr](\d{1,3})m?(?:[ ,/]*l?b?(\d{1,3})m?)?", re.IGNORECASE)
# A length several times: 2 x 25m, 25 min x 4, 25 min four times.
_LENGTH = r"(\d{1,3} ?(?:h|m|mins?|minutes?|hours?))"
_NUMBER = rf"\d{{1,2}}|{amounts.IN_LETTERS}"
_SO_MANY = re.compile(rf"(?<!\S)(?:({_NUMBER}) (?:times|rounds)(?: of)?|twice)(?!\S)")
# Rounds by their number alone: four pomodoros, 2 pomodoros of 50 min, pomodoro x 4.
_ROUNDS_ALONE = re.compile(
    rf"(?P<number>{_NUMBER}) (?:pomodoros|pomos|poms|rounds|cycles)(?:(?: of|,)? (?P<length>\S+(?: ?[hm]\w*)?))?"
    rf"|(?:pomodoros? |pomos? )?(?:{amounts.TIMES} ?(?P<times>[2-9])|(?P<so_many>[2-9]) ?{amounts.TIMES})"
)
_ROUNDS = re.compile(
    rf"(?<!\S)(?:(\d{{1,2}}) ?{amounts.TIMES} ?{_LENGTH}"
    rf"|{_LENGTH},?(?: ?{amounts.TIMES} ?(\d{{1,2}})| (\d{{1,2}}) ?{amounts.TIMES}))(?!\S)"
)
_SESSION = re.compile(
    r" (?:(?P<number>[1-9]\d?\d?) (?P<behind>\d{1,2}|rounds|pomodoros|pomos|cycles)"
    rf"|{amounts.TIMES} ?(?P<times>[2-9]))\Z"
)
# Several phases, each with its length behind or in front: essay 25 tea 5; 10m plan, 50m write.
_JOINT = r"\s*(?:(?P<joint>[,;&+]|(?:and )?then\b|and\b)\s*)?"
_NAME = (
    r"(?P<name>(?!(?:and|then|for|x|times|h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)\b)[^\W\d_][^\d,;&+()]*?)"
)
_AMOUNT = r"(?P<number>[1-9]\d{0,2})(?P<unit> ?(?:h|m|mins?|minutes?|hours?)(?!\w))?"
_PHASES = (
    re.compile(rf"{_JOINT}{_NAME}(?: for)? {_AMOUNT}(?![^\s,;])", re.IGNORECASE),
    re.compile(rf"{_JOINT}{_AMOUNT} {_NAME}(?=\s*(?:\Z|[,;&+]|(?:and )?then\b| and\b| \d))", re.IGNORECASE),
)
# What joins a plan to its task.
_ON = re.compile(r"\A[\s:,-]*(?:(?:on|for) (?=\S))?", re.IGNORECASE)
# The most characters of such phases.
_LONGEST = 100


def whole(words: str, topic: str) -> Question | None:
    """Ask about words that are nothing but a plan; None if they are not."""
    plan = words if _is_plan(words) else _plan_of(plain(words)) if len(words) <= _LONGEST else ""
    if not plan:
        return None
    return Question(_LIKE_A_PLAN, as_typed(f"focus {plan}"), choices.start(topic, words), quote=words)


def _plan_of(text: str) -> str:
    """Return the plan of phases by their first letters, or of so many rounds; empty if a plain text is neither."""
    lettered = _LETTERED.fullmatch(text)
    return "/".join(filter(None, lettered.groups())) if lettered else _rounds_alone(text)


def _rounds_alone(text: str) -> str:
    """Return the plan of so many rounds; empty if a plain text is none."""
    match = _ROUNDS_ALONE.fullmatch(text)
    if not match:
        return ""
    number = amounts.number(match["times"] or match["so_many"] or match["number"])
    length = duration.by_itself(match["length"]) if match["length"] else None
    if match["length"] and not length:
        return ""
    return f"{number}x{duration.written(length)}" if length else f"{number} rounds"


def rounds(words: str, topic: str) -> Question | None:
    """Ask about a length several times: *essay 2 x 25m*."""
    counted = _SO_MANY.sub(lambda match: f"{amounts.number(match[1] or '2')}x", plain(words))
    match = _ROUNDS.search(counted)
    if not match:
        return None
    times, length = match[1] or match[4] or match[5], (match[2] or match[3]).replace(" ", "")
    return Question(_LIKE_A_PLAN, as_typed(f"focus {times}x{length}"), choices.start(topic, words), quote=words)


def at_end(words: str, topic: str) -> Question | None:
    """Ask about words that end like a session: *essay 25 5*, *essay 3 rounds*, *essay 25 tea 5*."""
    if match := _SESSION.search(plain(words)):
        rounds, behind = match["times"] or match["number"], match["behind"] or ""
        if not behind.isdigit() or 0 < int(behind) < int(rounds):
            task = choices.quoted(words[: match.start()])
            session = as_typed(f"focus {match[0].strip() if behind.isdigit() else f'{rounds} rounds'} on {task}")
            return Question(_LIKE_A_PLAN, session, choices.start(topic, words), quote=match[0].strip())
    if made := phases(words):
        length, called = duration.split(made[0])
        known = duration.read(length)
        first = [choices.start(topic, called, known)] if known else []
        return Question(
            _LIKE_A_PLAN,
            as_typed(f"focus {', '.join(made)}"),
            *first,
            choices.start(topic, words),
            quote=choices.label(words),
        )
    return None


def either_end(words: str, topic: str) -> Question | None:
    """Ask about a first or last word that looks like a plan: *essay 25/5*."""
    first, last = words.partition(" ")[0], words.rpartition(" ")[2]
    for plan, task in ((last, words.removesuffix(last)), (first, words.removeprefix(first))):
        if _is_plan(plan):
            session = as_typed(f"focus {plan} on {choices.quoted(_ON.sub('', task))}")
            return Question(_LIKE_A_PLAN, session, choices.start(topic, words), quote=plan)
    return None


def _is_plan(words: str) -> bool:
    return _PLAN.fullmatch(words) is not None and not duration.read(words)


def phases(words: str) -> list[str]:
    """Return the phases that make up words, as they stand in a plan; none if the words say anything else."""
    if len(words) > _LONGEST:
        return []
    for pattern in _PHASES:
        matches = _in_a_row(pattern, words)
        if len(matches) > 1 and matches[-1].end() == len(words) and _are_alike(matches):
            unit = matches[0]["unit"] or "m"
            made = [f"{match['number']}{(match['unit'] or unit).strip()[0]} {match['name']}" for match in matches]
            times = matches[-1]["number"] if matches[-1]["name"].casefold() == "repeat" else ""
            return [f"{times}x({', '.join(made[:-1])})"] if times else made
    return []


def _in_a_row(pattern: re.Pattern[str], words: str) -> list[re.Match[str]]:
    """Return the matches that follow each other from the first word on."""
    matches: list[re.Match[str]] = []
    while match := pattern.match(words, matches[-1].end() if matches else 0):
        matches.append(match)
    return matches


def _are_alike(matches: list[re.Match[str]]) -> bool:
    """Return whether all lengths have units, or none, or share the first: *tea for 5 min then rice for 10*.

    *Read 20 pages 30* is one thing.
    """
    is_count = any(
        re.match(r"\w+s\b(?<!ss)", match["name"]) and not (match["joint"] or match["unit"]) for match in matches[1:]
    )
    goes_on = bool(matches[0]["unit"]) and all(match["joint"] for match in matches[1:])
    return (goes_on or len({bool(match["unit"]) for match in matches}) == 1) and not is_count
