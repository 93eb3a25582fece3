"""Parser of what is asked for with ``!focus`` or ``/focus``.

Words typed behind a verb stand for its options, and words without a verb for the options of a start. A verb
without options must stand alone.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.domain.errors import BadDuration, BadName, BadPlan, UserError, with_help
from bot.domain.focus import likely, participation, start as focus_start
from bot.domain.focus.body import LONGEST_NAME, plan_of, preset_name, what
from bot.domain.focus.command import (
    Command,
    EditSession,
    ExtendPhase,
    FocusVerb,
    ForgetPreset,
    SavePreset,
    StartSession,
)
from bot.domain.focus.lengths import length_fields, lengths_of
from bot.domain.focus.plan import BUILT_IN, parse as parse_plan
from bot.domain.invocation import Invocation, Topic, flag
from bot.domain.question import Choice, Question
from bot.domain.time import duration
from bot.domain.time.duration import spoken, written
from bot.domain.time.plain import with_digits
from bot.domain.timers.extension import more
from bot.messages.catalogue import N_, Template

# The most characters of a request: more than a hundred phases take.
LONGEST = 1500
FIVE_MINUTES = timedelta(minutes=5)
_USUAL = (FIVE_MINUTES, timedelta(minutes=10))

# Words between the verb and the length: extend *the break by* 5.
_EXTENDED = re.compile(
    r"\A(?:(?:the |this )?(?:break|focus|phase|session|round|it|this) )?(?:(?:by|for) |\+ )?", re.IGNORECASE
)
# Plans that are offered if none is given to save.
_USUAL_PLANS = ("25/5", "50/10", "90/20")


def parse(asked: Invocation, topic: Topic) -> Command:
    """Parse what was asked for with any verb but help. Raises ``UserError`` with a working example.

    Each choice of a question can be parsed, or leads to another question; a question without any is a refusal.
    """
    try:
        return _parse(asked, topic)
    except Question as question:
        raise likely.answerable(question, topic, lambda choice: _parse(choice, topic)) from question


def _parse(asked: Invocation, topic: Topic) -> Command:
    if asked.verb == "voice" and not participation.is_voice_choice(asked.words):
        # A channel, and what to start in it.
        asked = Invocation("start", asked.text, {}, asked.text)
    if (length := max(map(len, (asked.text, *map(str, asked.options.values()))))) > LONGEST:
        raise BadPlan(N_("That's {length} characters. Please keep it to {most}."), length=length, most=LONGEST)
    names = topic.verbs[asked.verb].options
    words = " ".join(asked.words.split())
    if not names and not likely.says_nothing(asked.verb, words):
        raise likely.verb_alone(asked)
    if not names:
        return FocusVerb(asked.verb)
    if asked.words == asked.text and (command := _longer(words) or participation.new_host(words)):
        return command
    options: Mapping[str, Any] = {name: _spaced(value) for name, value in asked.options.items()}
    try:
        # A channel may stand in front of what to start: ``voice: #Study deep``.
        if words and options.keys() <= {"voice"}:
            options = _FIELDS[asked.verb](words) if asked.verb in _FIELDS else {names[0]: words}
        return _save(options, topic) if asked.verb == "save" else _COMMANDS[asked.verb](options)
    except UserError as refused:
        is_typed = asked.words == asked.text and not asked.options
        verbs = likely.verbs(words, topic) if is_typed else []
        if verbs or isinstance(refused, Question):
            choices = refused.choices if isinstance(refused, Question) else ()
            raise Question(refused.template, *verbs, *choices, **refused.arguments) from refused
        raise (with_help(refused, "focus") if words or options else refused) from refused


def _longer(words: str) -> ExtendPhase | None:
    """Parse an extension without its verb: *+5*, *5 more minutes*."""
    if (longer := more(words)) and not longer[0]:
        return ExtendPhase(longer[1])
    return _extend({"by": words}) if words.startswith("+") else None


def into_fields(verb: str) -> Callable[[str], str]:
    """Spell the words behind a verb as the options that they stand for."""

    def spell(words: str) -> str:
        try:
            return " ".join(f"{name}: {value}" for name, value in _FIELDS[verb](words).items())
        except UserError:
            return words

    return spell


def _spaced(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def _is_free(called: str, topic: Topic) -> bool:
    """Return whether a preset can have this name: typed after ``!focus``, it has no other meaning."""
    asked = topic.read(called)
    if called in BUILT_IN or asked.wants_help or asked.options or asked.words != called:
        return False
    try:
        is_read_as_name = focus_start.fields(called) == {"preset": called} and not _longer(called)
        return is_read_as_name and what(called) == StartSession(called, None)
    except UserError:
        return False


def _edit_fields(text: str) -> Mapping[str, str]:
    text = re.sub(r"^(?:plan\b[:=]? ?)?(?:to )?", "", text, flags=re.IGNORECASE)
    lengths = length_fields(text)
    return {"plan": text} if lengths is None else lengths


def _save_fields(text: str) -> Mapping[str, str]:
    text, for_server = _server(text)
    called, _, plan = text.partition(" ")
    return {"name": called, "plan": plan, **for_server}


def _forget_fields(text: str) -> Mapping[str, str]:
    text, for_server = _server(text)
    return {"name": text, **for_server}


def _server(text: str) -> tuple[str, Mapping[str, str]]:
    before, _, last = text.rpartition(" ")
    return (before, {"for_server": "yes"}) if last.casefold() == "server" else (text, {})


def _extend(options: Mapping[str, Any]) -> ExtendPhase:
    by = _EXTENDED.sub("", options.get("by", ""), count=1)
    longer = more(by)
    known = longer[1] if longer and not longer[0] else duration.by_itself(by)
    if known and duration.is_possible(known):
        return ExtendPhase(known)
    try:
        return ExtendPhase(duration.parse(by, bare="m") if by else FIVE_MINUTES)
    except BadDuration as refused:
        meant = duration.read(with_digits(by), bare="m")
        lengths = [meant] if meant and duration.is_possible(meant) else _USUAL
        choices = (
            Choice(N_("{length} longer"), f"focus extend {written(length)}", {"length": spoken(length)})
            for length in lengths
        )
        raise Question(refused.template, *choices, **refused.arguments) from refused


def _edit(options: Mapping[str, Any]) -> EditSession:
    lengths, plan = lengths_of(options), options.get("plan")
    if bool(lengths) == bool(plan):
        raise Question(
            N_("What should change? Give me new lengths and rounds, or a plan for the rest."),
            *(Choice(N_("{plan}"), f"focus edit {plan}", {"plan": plan}) for plan in _USUAL_PLANS),
        )
    if plan:
        return EditSession(plan=BUILT_IN.get(plan.casefold()) or parse_plan(plan))
    return EditSession(**lengths)


def _save(options: Mapping[str, Any], topic: Topic) -> SavePreset:
    for_server = flag(options.get("for_server", False))
    called, typed = options.get("name", ""), options.get("plan", "")
    if not called:
        mine = (_saving(N_("{plan}"), "my-plan", plan, for_server=for_server) for plan in _USUAL_PLANS)
        raise Question(N_("What should I call it? Give a name, then the plan."), *mine)
    called = preset_name(called)
    free = called if _is_free(called, topic) else f"my-{called}"[:LONGEST_NAME]
    taken = N_("“{quote}” already means something here. Please pick another name.")
    if not _is_free(free, topic):
        raise BadName(taken, quote=called)
    try:
        plan = plan_of(typed)
    except UserError as refused:
        usual = [_saving(N_("{plan}"), free, plan, for_server=for_server) for plan in _USUAL_PLANS]
        if typed:
            raise Question(refused.template, *usual, **refused.arguments) from refused
        raise Question(N_("Which plan should I save as “{name}”?"), *usual, name=free) from refused
    if free != called:
        raise Question(taken, _saving(N_("{name}"), free, typed, for_server=for_server), quote=called)
    return SavePreset(called, plan, for_server)


def _saving(label: Template, called: str, plan: str, *, for_server: bool) -> Choice:
    line = f"focus save name: {called} plan: {plan}{' for_server: yes' if for_server else ''}"
    return Choice(label, line, {"name": called, "plan": plan})


def _forget(options: Mapping[str, Any]) -> ForgetPreset:
    for_server = flag(options.get("for_server", False))
    called = options.get("name", "")
    return ForgetPreset(preset_name(called) if called else "", for_server)


# The options that the words behind a verb stand for; without an entry, all words are the first option.
_FIELDS: Mapping[str, Callable[[str], Mapping[str, str]]] = {
    "start": focus_start.fields,
    "edit": _edit_fields,
    "save": _save_fields,
    "forget": _forget_fields,
}
_COMMANDS: Mapping[str, Callable[[Mapping[str, Any]], Command]] = {
    "start": focus_start.parse,
    "extend": _extend,
    "join": participation.join,
    "task": participation.task,
    "notify": participation.notify,
    "voice": participation.voice,
    "host": participation.host,
    "edit": _edit,
    "forget": _forget,
}
