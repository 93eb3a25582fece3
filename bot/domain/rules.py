"""The rules of a server, set by its managers, and changes of them as they are typed or filled in.

What they left unset follows the operator's settings. The usual again is asked for by that word (or ``none``,
``default``); a rule without a word behind it is asked about, so that nothing is reset by mistake.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.domain.errors import BadRule, UserError
from bot.domain.focus import rounds
from bot.domain.focus.body import plan_of
from bot.domain.focus.plan import BUILT_IN, Plan
from bot.domain.invocation import Invocation, Topic, flag
from bot.domain.mentions import CHANNEL, ROLE, channel_id, no_role
from bot.domain.question import Choice, Question, as_typed
from bot.domain.time import duration, zone
from bot.domain.timers import name
from bot.messages.catalogue import N_

LONGEST_PREFIX = 10
MOST_CHANNELS, MOST_TIMERS = 20, 10_000
MOST_MINUTES = 24 * 60
USUAL = "usual"
_USUAL = {USUAL, "default", "none", "reset", "the usual", "normal"}
_EVERYWHERE = {"all", "any", "every channel", "all channels", "everywhere", "anywhere"}
_EVERYONE = {"everyone", "@everyone", "all", "anyone", "moderators"}
_NUMBER = re.compile(r"\d{1,9}")
# What joins a rule to what it is to be, and the most of a sentence that is searched.
_TO, _SEARCHED = "(?:to|is|are|from|at|should|be|=|:)", 200
_LED = re.compile(rf"\A(?:{_TO} )+(?=\S)", re.IGNORECASE)
_PLACE = re.compile(rf"{CHANNEL.pattern}|\bhere\b", re.IGNORECASE)
# The commands that ask about a zone or a plan of somebody's own.
_COMMAND = re.compile(r"\A(?:remind timezone|focus(?: start)?) ")
_NOT = re.compile(r"\b(?:not|ignore|except|but|mute|never)\b", re.IGNORECASE)
_MINUTE = 60


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
    def zone_or_utc(self) -> ZoneInfo:
        """The zone of the server's days and weeks: UTC until it sets one."""
        return self.zone or zone.UTC


def prefix(text: str) -> str:
    """Validate a command prefix. Raises ``BadRule``."""
    plain = name.visible(text)
    is_one_word = not name.is_blank(plain) and plain.split() == [plain]
    # Examples are shown as code, which a backtick would end.
    if not is_one_word or len(plain) > LONGEST_PREFIX or plain.startswith(("/", "<", "@")) or "`" in plain:
        allowed = "".join(plain.replace("`", "").split()).lstrip("/<@")[:LONGEST_PREFIX] or "?"
        raise BadRule(
            N_("A prefix is 1 to {most} characters, without spaces or backticks, and can't start with / < or @."),
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


@dataclass(frozen=True, slots=True)
class RuleChange:
    """How the rules are to change; ``channel_id`` is the channel that it is about, 0 for the current one."""

    apply: Callable[[Rules], Rules]
    channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its field in ``Rules``, what it is often set to, and the reader of what it is to be.

    Common values are offered if none is given, or it cannot be read.
    """

    field: str
    often: tuple[str, ...]
    read: Callable[[str], object]


def parse(asked: Invocation, topic: Topic, most: int) -> RuleChange | None:
    """Parse a change of the rules; None asks to see them. Raises ``UserError``.

    The operator allows ``most`` timers, see ``most_timers``.
    """
    rule = _RULES.get(asked.verb)
    if rule is None:
        if asked.words:
            raise _unknown(asked.text, topic, most)
        return None
    value = _LED.sub("", " ".join(next((str(value) for value in asked.options.values()), asked.words).split()))
    if not (value or asked.options):
        raise put_right(asked.verb, UserError(N_("What should it be from now on?")))
    if value.casefold() in _USUAL:
        return _changing(rule.field, getattr(Rules(), rule.field))
    try:
        meant = rule.read(value)
    except BadRule:  # with an example that would do
        raise
    except UserError as refused:
        raise put_right(asked.verb, refused) from refused
    match asked.verb, meant:
        case "channel", int(channel_id):
            return RuleChange(lambda old: toggled(old, channel_id), channel_id)
        case "timers", int(number):
            return _changing(rule.field, most_timers(number, most))
    return _changing(rule.field, meant)


def put_right(verb: str, refused: UserError) -> Question:
    """Ask what a rule is to be instead of what was refused; a zone or plan that may be several, as such."""
    meant = refused.choices if isinstance(refused, Question) else ()
    own = [replace(choice, line=_COMMAND.sub(f"settings {verb} ", choice.line)) for choice in meant]
    often = [Choice(N_("{value}"), f"settings {verb} {value}", {"value": value}) for value in _RULES[verb].often]
    return Question(refused.template, *(own or often), **refused.arguments)


def toggled(old: Rules, channel_id: int) -> Rules:
    """Add a channel, or remove it where it is among them. Raises ``BadRule``."""
    if channel_id in old.channels:
        return replace(old, channels=old.channels - {channel_id})
    if len(old.channels) >= MOST_CHANNELS:
        raise BadRule(
            N_("You've already picked {most} channels, which is the limit. Remove one first."), most=MOST_CHANNELS
        )
    return replace(old, channels=old.channels | {channel_id})


def _unknown(text: str, topic: Topic, most: int) -> UserError:
    """Say that there is no such setting, or ask about the one that the words may mean."""
    first, _, rest = text.partition(" ")
    unknown = N_("I don't have a setting called “{quote}”.")
    near = [f"settings {verb.name} {rest}".strip() for verb, _ in topic.misspelt(first)]
    if likely := near or _likely(text, topic, most):
        return Question(unknown, *map(as_typed, likely), quote=first[:40])
    return BadRule(unknown, "settings help", quote=first[:40])


def _likely(text: str, topic: Topic, most: int) -> list[str]:
    """Return what a sentence may ask for: *set the prefix to $*, *only in #general*."""
    text = text[:_SEARCHED]
    if text.casefold().startswith("digest"):
        return [f"stats {text}"]
    lines = [] if _NOT.search(text) else [f"channel {match[0]}" for match in _PLACE.finditer(text)]
    lines += [f"starters {match[0]}" for match in ROLE.finditer(text)]
    for verb in topic.verbs.values():
        if named := re.search(rf"\b{verb.name.removesuffix('s')}s?\b(?: {_TO})* ?(.*)", text, re.IGNORECASE):
            number = _NUMBER.search(text)
            lines += [f"{verb.name} {value}".strip() for value in (named[1], number[0] if number else "", "")]
            break
    read = [line for line in lines if _is_read(topic.read(line), topic, most)]
    return [f"settings {line}" for line in (read[:1] or lines[-1:])]


def _is_read(asked: Invocation, topic: Topic, most: int) -> bool:
    try:
        return parse(asked, topic, most) is not None
    except UserError:
        return False


def _changing(field: str, meant: object) -> RuleChange:
    return RuleChange(lambda old: replace(old, **{field: meant}))  # type: ignore[arg-type]


def _channel(value: str) -> int | frozenset[int]:
    """Read a channel to add or remove, 0 for the current one; none at all allows every channel."""
    if value.casefold() in _EVERYWHERE:
        return frozenset()
    return 0 if value.casefold() == "here" else channel_id(value)


def _role(value: str) -> int | None:
    match = ROLE.fullmatch(value)
    if not match and value.casefold() not in _EVERYONE:
        raise no_role(value)
    return int(match[1]) if match else None


def _number(value: str) -> int:
    if not _NUMBER.fullmatch(value):
        raise UserError(N_("I can't read “{quote}” as a number."), quote=value[:40])
    return int(value)


def _minutes(value: str) -> int:
    length = duration.read(value, bare="m")
    if length is None:
        raise UserError(N_("I can't read “{quote}” as a length. Try 25, 90s or 1h30m."), quote=value[:40])
    return counts_from(int(length.total_seconds()) // _MINUTE)


_RULES: Mapping[str, Rule] = {
    "prefix": Rule("prefix", ("?", "."), lambda value: prefix(name.unquoted(value))),
    "plan": Rule(
        "plan",
        ("classic", "25/5", "50/10"),
        lambda value: BUILT_IN.get(value.casefold()) or rounds.single(value) or plan_of(value),
    ),
    "channel": Rule("channels", ("here", "all"), _channel),
    "starters": Rule("starter_role", ("everyone",), _role),
    "keepers": Rule("keeper_role", ("moderators",), _role),
    "timers": Rule("most_timers", ("50", "100"), _number),
    "zone": Rule("zone", ("UTC",), zone.parse),
    "counts": Rule("counts_from", ("1", "5", "25"), _minutes),
    "added": Rule("has_added", ("yes", "no"), flag),
}
