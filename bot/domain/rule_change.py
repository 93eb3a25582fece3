"""Changes of a server's rules, as they are typed or filled in: which rule, and what it is to be.

The usual again is asked for by that word (or ``none``, ``default``); a rule without a word behind it is asked
about, so that nothing is reset by mistake.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain import rules
from bot.domain.errors import BadRule, UserError
from bot.domain.focus.body import plan_of
from bot.domain.focus.plan import BUILT_IN
from bot.domain.invocation import Invocation, Topic, flag
from bot.domain.question import Choice, Question, as_typed
from bot.domain.rules import Rules
from bot.domain.time import duration, zone
from bot.domain.timers.name import unquoted
from bot.messages.catalogue import N_

USUAL = "usual"
_USUAL = {USUAL, "default", "none", "reset", "the usual", "normal"}
_EVERYWHERE = {"all", "any", "every channel", "all channels", "everywhere", "anywhere"}
_EVERYONE = {"everyone", "@everyone", "all", "anyone", "moderators"}
_CHANNEL, _ROLE, _NUMBER = re.compile(r"<#(\d{1,19})>"), re.compile(r"<@&(\d{1,19})>"), re.compile(r"\d{1,9}")
_MINUTE = 60
# What each rule is often set to; these are offered where it is not said, or cannot be read.
_OFTEN: Mapping[str, Sequence[str]] = {
    "prefix": ("?", "."),
    "plan": ("classic", "25/5", "50/10"),
    "channel": ("here", "all"),
    "starters": ("everyone",),
    "keepers": ("moderators",),
    "timers": ("50", "100"),
    "zone": ("UTC",),
    "counts": ("1", "5", "25"),
    "added": ("yes", "no"),
}


@dataclass(frozen=True, slots=True)
class RuleChange:
    """How the rules are to change; ``channel_id`` is the channel that it is about, 0 for the current one."""

    apply: Callable[[Rules], Rules]
    channel_id: int | None = None


def parse(asked: Invocation, topic: Topic, most_timers: int) -> RuleChange | None:
    """Parse a change of the rules; None asks to see them. Raises ``UserError``.

    The operator allows ``most_timers``, see ``rules.most_timers``.
    """
    verb = asked.verb
    if verb not in _OFTEN:
        if asked.words:
            raise _unknown(asked.text, topic)
        return None
    value = " ".join(next((str(value) for value in asked.options.values()), asked.words).split())
    if not (value or asked.options):
        raise _ask(verb, Question(N_("What should it be from now on?")))
    if verb == "timers":
        return RuleChange(_timers(value, most_timers))
    return _channel(value) if verb == "channel" else RuleChange(_READERS[verb](value))


def toggled(old: Rules, channel_id: int) -> Rules:
    """Add a channel, or remove it where it is among them. Raises ``BadRule``."""
    if channel_id in old.channels:
        return replace(old, channels=old.channels - {channel_id})
    if len(old.channels) >= rules.MOST_CHANNELS:
        raise BadRule(
            N_("You've already picked {most} channels, which is the limit. Remove one first."),
            most=rules.MOST_CHANNELS,
        )
    return replace(old, channels=old.channels | {channel_id})


def put_right(verb: str, refused: UserError) -> Question:
    """Ask what a rule is to be instead of what was refused."""
    return _ask(verb, refused)


def _ask(verb: str, refused: UserError) -> Question:
    often = (Choice(N_("{value}"), f"settings {verb} {value}", {"value": value}) for value in _OFTEN[verb])
    return Question(refused.template, *often, **refused.arguments)


def _unknown(text: str, topic: Topic) -> UserError:
    """Say that there is no such setting, or ask about one that is spelled nearly so."""
    first, _, rest = text.partition(" ")
    unknown = N_("I don't have a setting called “{quote}”.")
    near = [as_typed(f"settings {verb.name} {rest}".strip()) for verb, _ in topic.misspelt(first)]
    if near:
        return Question(unknown, *near, quote=first)
    return BadRule(unknown, "settings help", quote=first[:40])


def _prefix(value: str) -> Callable[[Rules], Rules]:
    prefix = None if value.casefold() in _USUAL else rules.prefix(unquoted(value))
    return lambda old: replace(old, prefix=prefix)


def _plan(value: str) -> Callable[[Rules], Rules]:
    try:
        plan = None if value.casefold() in _USUAL else BUILT_IN.get(value.casefold()) or plan_of(value)
    except UserError as refused:
        raise _ask("plan", refused) from refused
    return lambda old: replace(old, plan=plan)


def _channel(value: str) -> RuleChange:
    if value.casefold() in _USUAL | _EVERYWHERE:
        return RuleChange(lambda old: replace(old, channels=frozenset()))
    match = _CHANNEL.fullmatch(value)
    if value.casefold() != "here" and not match:
        raise _ask(
            "channel", Question(N_("I don't know the channel “{quote}”. Mention it with #."), quote=value[:40])
        )
    channel_id = int(match[1]) if match else 0
    return RuleChange(lambda old: toggled(old, channel_id), channel_id)


def _role(verb: str, value: str) -> int | None:
    match = _ROLE.fullmatch(value)
    if not match and value.casefold() not in _USUAL | _EVERYONE:
        raise _ask(verb, Question(N_("I don't know the role “{quote}”. Mention it with @."), quote=value[:40]))
    return int(match[1]) if match else None


def _starters(value: str) -> Callable[[Rules], Rules]:
    role = _role("starters", value)
    return lambda old: replace(old, starter_role=role)


def _keepers(value: str) -> Callable[[Rules], Rules]:
    role = _role("keepers", value)
    return lambda old: replace(old, keeper_role=role)


def _timers(value: str, highest: int) -> Callable[[Rules], Rules]:
    if not _NUMBER.fullmatch(value) and value.casefold() not in _USUAL:
        raise _ask("timers", Question(N_("I can't read “{quote}” as a number."), quote=value[:40]))
    most = rules.most_timers(int(value), highest) if _NUMBER.fullmatch(value) else None
    return lambda old: replace(old, most_timers=most)


def _zone(value: str) -> Callable[[Rules], Rules]:
    try:
        chosen = None if value.casefold() in _USUAL else zone.parse(value)
    except Question as asked:
        own = (
            replace(choice, line=choice.line.replace("remind timezone", "settings zone", 1))
            for choice in asked.choices
        )
        raise Question(asked.template, *own, **asked.arguments) from asked
    except UserError as refused:
        raise _ask("zone", refused) from refused
    return lambda old: replace(old, zone=chosen)


def _counts(value: str) -> Callable[[Rules], Rules]:
    length = duration.read(value, bare="m")
    if length is None and value.casefold() not in _USUAL:
        raise _ask(
            "counts", Question(N_("I can't read “{quote}” as a length. Try 25, 90s or 1h30m."), quote=value[:40])
        )
    least = None if length is None else rules.counts_from(int(length.total_seconds()) // _MINUTE)
    return lambda old: replace(old, counts_from=least)


def _added(value: str) -> Callable[[Rules], Rules]:
    try:
        has_added = value.casefold() in _USUAL or flag(value)
    except UserError as refused:
        raise _ask("added", refused) from refused
    return lambda old: replace(old, has_added=has_added)


_READERS: Mapping[str, Callable[[str], Callable[[Rules], Rules]]] = {
    "prefix": _prefix,
    "plan": _plan,
    "starters": _starters,
    "keepers": _keepers,
    "zone": _zone,
    "counts": _counts,
    "added": _added,
}
