"""Parser of what is asked for with ``!pomodoro`` or ``/pomodoro``.

Words that begin with a verb never start a timer: if they may be a timer's name, the bot asks. It also asks about a
word that is one letter off a verb. In quotes anything is a name.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.domain import courtesy
from bot.domain.errors import BadDuration, BadName, UserError, with_help
from bot.domain.invocation import Invocation, Topic
from bot.domain.question import Choice, Question, as_typed, like_a_command
from bot.domain.time import duration
from bot.domain.timers import choices, likely, name, phrases, small_talk, start, time_words, unclear
from bot.domain.timers.command import (
    ACTS,
    ActOnTimers,
    Command,
    ExtendTimer,
    List,
    Rename,
    StartTimer,
    StartUntil,
    TimerVerb,
    Undo,
)
from bot.domain.timers.extension import added, extension, more, read_extension
from bot.domain.timers.length import length_at_end, length_at_front
from bot.messages.catalogue import N_

_ALL = {
    *("all", "everything", "all timers", "all of them", "all my timers", "every timer", "them all", "all of it"),
    *("all the timers", "all of my timers", "all my running timers", "every single timer"),
}
# What may follow *undo* and says nothing.
_THAT = {"", "that", "it", "this", "last", "the last one", "last one", "the last", "cancel", "my last"}
_APART = re.compile(r",? and |, ?| ?& ?| (?=#)", re.IGNORECASE)
_NUMBERS = re.compile(r"#?\d{1,19}(?:(?:, ?|,? and | )#?\d{1,19})+", re.IGNORECASE)
_TO = re.compile(r" (?:to|as|into|->|=|\N{RIGHTWARDS ARROW}) |(?<=\w)=(?=\w)", re.IGNORECASE)
# A whole sentence instead of a command: *I want to start a timer for tea 5m*.
_WISH = re.compile(
    r"(?:please |hey |hi )?(?:(?:can|could|would|will) (?:you|u|i)|i (?:want|need)(?: to)?|i'd like(?: to)?|please)"
    r"(?: please)?(?: (?:start|set|run|make|begin|have|get|give))(?: me)? (?=\S)"
    r"|(?:give|get) me (?=\S)|i(?:'d like| would like| want| need) (?=(?:an?|my|\d\S*) )",
    re.IGNORECASE,
)
_TIMER = re.compile(r"\b(?:timer|pomodoro)\b", re.IGNORECASE)
# A timer that is to be added, or added to: add a timer tea 5m.
_FOR = re.compile(r"(?:for|of|called|named|until|till?) ", re.IGNORECASE)
_NEW = re.compile(r"(?:(?:an?|another|new) )*timer (?=\S)", re.IGNORECASE)
# The most characters of a request, and the most splits of a rename.
_LONGEST, _MOST_SPLITS = 400, 5
# Words between a question and its timer: how long is left *on* tea.
_ABOUT = re.compile(r"\A(?:for|on|of|until|till) (?=\S)", re.IGNORECASE)
_OVER = re.compile(r"(?<=\S) (?:(?:is|are) (?:done|finished|over|ready)|has left)\??\Z", re.IGNORECASE)
_HAS = re.compile(r"\A(?:does|do|has|have) (?P<called>\S.*?) (?:have|has|got)(?: left)?\??\Z", re.IGNORECASE)
# A question about an end, not a command to end: *done?*, *finished yet?*
_IS_IT_OVER = re.compile(r"\W*(?:all )?(?:done|finished|over|ready)(?: yet)? ?\?+", re.IGNORECASE)


def parse(asked: Invocation, topic: Topic) -> Command:
    """Parse what was asked for with any verb but help. Raises ``UserError``, with a button for what would work."""
    try:
        return _parse(asked, topic)
    except BadDuration as refused:
        if refused.example is None:
            raise
        raise Question(refused.template, as_typed(refused.example), **refused.arguments) from refused


def _parse(asked: Invocation, topic: Topic) -> Command:
    options = asked.options
    words = " ".join(asked.words.split())
    if options:
        return _filled(asked.verb, options, topic.name)
    if len(words) > _LONGEST:
        raise BadName(
            N_("That name is {length} characters long. Please keep it to {most}."),
            f"{topic.name} help",
            length=len(words),
            most=name.LONGEST,
        )
    if asked.verb == "start" and asked.words == asked.text:
        if words.casefold().startswith((f"!{topic.name} ", f"/{topic.name} ")):
            return _parse(topic.read(words.partition(" ")[2]), topic)
        return _without_verb(words, topic)
    return _TYPED.get(asked.verb, _act)(words, asked, topic.name)


def _filled(verb: str, options: Mapping[str, Any], topic: str) -> Command:
    """Make a command of options by their names."""
    match verb:
        case "start":
            return start.of(options.get("name", ""), options.get("duration", ""), topic)
        case "extend":
            return extension(options.get("timer"), options.get("by", ""), topic)
        case "rename":
            return _renamed(options.get("timer") or "", options.get("name", ""), topic)
    target = options.get("timer") or ""
    return _several(TimerVerb(verb), target) or ActOnTimers(TimerVerb(verb), target or None)


def in_fields(line: str, topic: Topic) -> Mapping[str, str]:
    """Return the fields of a slash command that mean the same as a typed line; none if it has none."""
    try:
        command = parse(topic.read(line), topic)
    except UserError:
        return {}
    match command:
        case StartTimer(called, length):
            return {"name": "" if called == topic.name else called, "duration": duration.written(length)}
        case ExtendTimer(target, by):
            return {"by": duration.written(by), "timer": target or ""}
        case Rename(target, called):
            return {"name": called, "timer": target or ""}
    return {}


def _without_verb(words: str, topic: Topic) -> Command:
    """Parse words that begin with no verb: a start, unless they look like a command."""
    words = re.sub(r"(?<!\S)\+ (?=\d)", "+", words)
    if words.startswith("+ ") and duration.at_front(words[2:]):
        words = f"+{words[2:]}"
    if longer := more(words) or (None if words.startswith("+") else added(words)):
        return _longer(*longer, words, topic.name)
    if words.startswith("+"):
        return read_extension(words, topic.name)
    has_length = bool(length_at_end(words) or length_at_front(words))
    if commands := likely.commands(words, topic, has_length=has_length):
        raise like_a_command(choices.label(words), *commands, *_starts(words, topic.name))
    wish = _WISH.match(words)
    wanted = words[wish.end() :] if wish else ""
    if duration.by_itself(wanted) or _TIMER.search(wanted):
        return start.read(wanted, topic.name)
    if not has_length and (answer := small_talk.answer(words, topic.name)):
        raise answer
    if words.endswith("?") and (question := unclear.alone(words, topic.name)):
        raise question
    if wish:
        raise Question(start.WHICH, *_starts(wanted, topic.name), *_starts(words, topic.name))
    return likely.changing(start.read(words if courtesy.bare(words) else "", topic.name), words)  # now


def _longer(target: str, by: timedelta, words: str, topic: str) -> Command:
    """Return the extension that words ask for; if there is no such timer, they may start one."""
    starts = (choices.start(topic, target, by), *_starts(words, topic)) if target else ()
    return ExtendTimer(target or None, by, starts)


def _act(words: str, asked: Invocation, topic: str) -> ActOnTimers:
    verb = TimerVerb(asked.verb)
    if verb is TimerVerb.TIME:
        words = _HAS.sub(r"\g<called>", _OVER.sub("", _ABOUT.sub("", words)))
    elif _IS_IT_OVER.fullmatch(asked.text):
        raise like_a_command(
            choices.label(asked.text), choices.verb(topic, "time"), choices.verb(topic, asked.verb)
        )
    words = courtesy.bare(words)
    literal = name.unquoted(words)
    if literal != words or not words:
        return ActOnTimers(verb, literal or None)
    if several := _several(verb, words):
        return several
    end = length_at_end(words) or length_at_front(words)
    if end and not end[0].is_bare:
        raise _alone(asked, topic, choices.quoted(end[1]) if end[1] else "")
    if time_words.has_moment(words):
        called = time_words.without_moment(words)
        raise _alone(asked, topic, choices.quoted(called) if called else "")
    each = tuple(part.strip() for part in _APART.split(words) if part.strip()) if verb in ACTS else ()
    starts = () if re.fullmatch(r"#?\d+", words) else _starts(" ".join(asked.text.split()), topic)
    return ActOnTimers(verb, words, each if len(each) > 1 else (), starts=tuple(starts))


def _several(verb: TimerVerb, words: str) -> ActOnTimers | None:
    """Return the command on all of one's timers, or on those of several numbers."""
    if verb in ACTS and words.casefold() in _ALL:
        return ActOnTimers(verb, None, every=True)
    if verb in ACTS and _NUMBERS.fullmatch(words):
        return ActOnTimers(verb, words, tuple(re.findall(r"#?\d+", words)))
    return None


def _start(words: str, _: Invocation, topic: str) -> StartTimer | StartUntil:
    words = courtesy.bare(words)
    if commands := phrases.commands(f"start {words}", topic, has_length=False):
        raise like_a_command(choices.label(f"start {words}"), *commands, *_starts(words, topic))
    new = _NEW.match(words)
    called = words[new.end() :] if new else ""
    if called and not (duration.by_itself(called) or _FOR.match(called)):
        raise Question(start.WHICH, *_starts(called, topic), *_starts(words, topic))
    return start.read(words, topic)


def _extend(words: str, _: Invocation, topic: str) -> ExtendTimer:
    new = _NEW.match(words)
    longer = read_extension(words[new.end() :] if new else words, topic)
    if new:
        again = choices.start(topic, longer.target or topic, longer.by)
        raise Question(start.WHICH, again, choices.extend(topic, longer.target, longer.by))
    return longer


def _help(_: str, asked: Invocation, topic: str) -> Command:
    raise _alone(asked, topic)


def _list(words: str, asked: Invocation, topic: str) -> List | ActOnTimers:
    words = words.removeprefix("me ")
    if not words or words.casefold() in _ALL | {"mine", "my timers", "timers", "here"}:
        return List()
    if length_at_end(words) or length_at_front(words):
        raise _alone(asked, topic)
    return ActOnTimers(
        TimerVerb.TIME, name.unquoted(words), starts=tuple(_starts(" ".join(asked.text.split()), topic))
    )


def _undo(words: str, asked: Invocation, topic: str) -> Undo:
    if words.casefold() not in _THAT:
        raise _alone(asked, topic)
    return Undo()


def _rename(words: str, _: Invocation, topic: str) -> Rename:
    parts = _TO.split(words)
    if len(parts) == 2:
        return _renamed(parts[0], parts[1], topic)
    if len(parts) == 1 and words.startswith("to "):
        return _renamed("", words.removeprefix("to "), topic)
    pieces = re.findall(r'"[^"]+"|“[^“”]+”|\S+', words)
    if len(pieces) == 3 and pieces[1].casefold() == "to":
        return _renamed(pieces[0], pieces[2], topic)
    if len(pieces) == 2 or (pieces and re.fullmatch(r"#\d{1,19}", pieces[0]) and len(pieces) > 1):
        return _renamed(pieces[0], " ".join(pieces[1:]), topic)
    if len(pieces) == 1 and not pieces[0].startswith("#"):
        return _renamed("", pieces[0], topic)
    if len(pieces) < 2:
        raise UserError(N_("What should I call it?"), f"{topic} help")
    splits = range(1, min(len(pieces), _MOST_SPLITS + 1))
    raise Question(
        N_("Which of these is the new name?"),
        *(
            Choice(
                N_("“{name}”"),
                f"{topic} rename {choices.quoted(' '.join(pieces[:at]))} to {choices.quoted(new)}",
                {"name": choices.label(new)},
            )
            for at in splits
            if (new := " ".join(pieces[at:]).removeprefix("to "))
        ),
    )


def _renamed(target: str, new: str, topic: str) -> Rename:
    """Make the command. Raises ``BadName``, and ``Question`` if the name would do if it were shorter."""
    called, new = name.unquoted(target.strip()), name.unquoted(new.strip())
    try:
        return Rename(called or None, name.clean(new))
    except BadName as refused:
        shorter = name.cut(new)
        if name.is_blank(shorter):
            raise with_help(refused, topic) from refused
        line = f"{topic} rename {choices.quoted(called) if called else ''} to {choices.quoted(shorter)}"
        offer = Choice(N_("“{name}”"), " ".join(line.split()), {"name": choices.label(shorter)})
        raise Question(refused.template, offer, **refused.arguments) from refused


def _alone(asked: Invocation, topic: str, words: str = "") -> Question:
    """Ask about a verb with words behind it that it does not take; ``words`` are those that it does."""
    starts = _starts(" ".join(asked.text.split()), topic)
    return like_a_command(choices.label(asked.text), choices.verb(topic, asked.verb, words), *starts)


def _starts(words: str, topic: str) -> list[Choice]:
    """Offer to start a timer that is called as a command is, where the words make one."""
    end = None if time_words.has_moment(words) else length_at_end(words) or length_at_front(words)
    called, length = (end[1], end[0].value) if end else (words, duration.DEFAULT)
    try:
        duration.check(length)
        return [choices.start(topic, name.clean(called or topic), length)]
    except UserError:
        return []


# Parsers of the words behind a verb; of all others, the words name timers.
_TYPED: Mapping[str, Callable[[str, Invocation, str], Command]] = {
    "start": _start,
    "extend": _extend,
    "rename": _rename,
    "list": _list,
    "undo": _undo,
    "help": _help,
}
