"""Parser of what is asked for with ``!focus`` or ``/focus``.

Typed, the words behind a verb stand for its options, and those behind none for the options of a start. A verb
without options must stand alone.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.domain.errors import BadName, BadPlan, UserError
from bot.domain.focus import start as focus_start
from bot.domain.focus.command import (
    Command,
    Edit,
    Extend,
    ForgetPreset,
    Host,
    Join,
    Notify,
    SavePreset,
    Start,
    Task,
    Verb,
)
from bot.domain.focus.plan import BUILT_IN
from bot.domain.focus.plan import parse as parse_plan
from bot.domain.focus.start import preset_name
from bot.domain.invocation import Invocation, Topic, flag
from bot.domain.time import duration
from bot.domain.timers import name
from bot.messages.catalogue import N_

FIVE_MINUTES = timedelta(minutes=5)

_NOTIFY: dict[str, Command] = {"ping": Notify("ping"), "silent": Notify("silent"), "dm": Notify("dm")}
_PERSON = re.compile(r"<@!?(\d{1,19})>|(\d{15,19})")
_EDIT_EXAMPLE = "focus edit focus 50 rounds 6"
_SAVE_EXAMPLE = "focus save my-plan 50m focus, 10m break"


def parse(asked: Invocation, topic: Topic) -> Command:
    """Parse what was asked for with any verb but help. Raises ``UserError`` with a working example."""
    names = topic.verbs[asked.verb].options
    words = " ".join(asked.words.split())
    if not names and words:
        spelling = asked.text.removesuffix(asked.words).strip()
        raise UserError(
            N_("“{quote}” stands alone, with nothing behind it."), f"focus {asked.verb}", quote=spelling
        )
    if not names:
        return Verb(asked.verb)
    if words.startswith("+") and asked.words == asked.text:
        return _extend({"by": words})
    options: Mapping[str, Any] = {name: _spaced(value) for name, value in asked.options.items()}
    # A channel may stand in front of what to start: ``voice: #Study deep``.
    if words and options.keys() <= {"voice"}:
        options = _FIELDS[asked.verb](words) if asked.verb in _FIELDS else {names[0]: words}
    return _save(options, topic) if asked.verb == "save" else _COMMANDS[asked.verb](options)


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
    """Return whether a preset can have this name: typed after ``!focus``, it is read as nothing else."""
    asked = topic.read(called)
    try:
        return called not in BUILT_IN and not asked.wants_help and parse(asked, topic) == Start(called, None)
    except UserError:
        return False


def _edit_fields(text: str) -> Mapping[str, str]:
    lengths = focus_start.length_fields(text)
    return {"plan": re.sub(r"^plan ?", "", text, flags=re.IGNORECASE)} if lengths is None else lengths


def _save_fields(text: str) -> Mapping[str, str]:
    text, for_server = _server(text)
    called, _, plan = text.partition(" ")
    return {"name": called, "plan": plan, **for_server}


def _forget_fields(text: str) -> Mapping[str, str]:
    text, for_server = _server(text)
    return {"name": text, **for_server}


def _server(text: str) -> tuple[str, Mapping[str, str]]:
    """Split off a trailing *server*."""
    before, _, last = text.rpartition(" ")
    return (before, {"for_server": "yes"}) if last.casefold() == "server" else (text, {})


def _extend(options: Mapping[str, Any]) -> Extend:
    by = "".join(options.get("by", "").split())
    return Extend(duration.parse(by, example="focus extend 5m", bare="m") if by else FIVE_MINUTES)


def _join(options: Mapping[str, Any]) -> Join:
    return Join(_task(options).text if options.get("task") else None)


def _task(options: Mapping[str, Any]) -> Task:
    text = options.get("task")
    if not text:
        raise UserError(N_("Say what you will do."), "focus task write the report")
    return Task(name.clean(text, example="focus task write the report"))


def _notify(options: Mapping[str, Any]) -> Command:
    how = options.get("how", "")
    if how.casefold() not in _NOTIFY:
        raise UserError(
            N_("“{quote}” is no way to be told; ping, silent and dm are."), "focus notify dm", quote=how[:40]
        )
    return _NOTIFY[how.casefold()]


def _host(options: Mapping[str, Any]) -> Host:
    person = options.get("person", "")
    match = _PERSON.fullmatch(person)
    # Discord's ids, and the database's numbers, have 63 bits.
    if match and (user_id := int(match[1] or match[2])) < 2**63:
        return Host(user_id)
    raise UserError(
        N_("“{quote}” is nobody I can hand over to; mention them."),
        "focus host <@123456789012345678>",
        quote=person[:40],
    )


def _edit(options: Mapping[str, Any]) -> Edit:
    lengths, plan = focus_start.lengths_of(options), options.get("plan")
    if bool(lengths) == bool(plan):
        raise BadPlan(N_("Say new lengths and rounds, or the plan of all that is left."), _EDIT_EXAMPLE)
    return Edit(plan=parse_plan(plan)) if plan else Edit(**lengths)


def _save(options: Mapping[str, Any], topic: Topic) -> SavePreset:
    for_server = flag(options.get("for_server", False), f"{_SAVE_EXAMPLE} server")
    called = preset_name(options.get("name", ""))
    if not _is_free(called, topic):
        raise BadName(
            N_("“{quote}” cannot name a preset, since it means something else here."), _SAVE_EXAMPLE, quote=called
        )
    return SavePreset(called, focus_start.plan_of(options.get("plan", "")), for_server)


def _forget(options: Mapping[str, Any]) -> ForgetPreset:
    for_server = flag(options.get("for_server", False), "focus forget my-plan server")
    return ForgetPreset(preset_name(options.get("name", "")), for_server)


# Which options the words behind a verb stand for; where there is no entry, all of them for the first.
_FIELDS: Mapping[str, Callable[[str], Mapping[str, str]]] = {
    "start": focus_start.fields,
    "edit": _edit_fields,
    "save": _save_fields,
    "forget": _forget_fields,
}
_COMMANDS: Mapping[str, Callable[[Mapping[str, Any]], Command]] = {
    "start": focus_start.parse,
    "extend": _extend,
    "join": _join,
    "task": _task,
    "notify": _notify,
    "host": _host,
    "edit": _edit,
    "forget": _forget,
}
