"""Parser of the words after ``!focus``.

The first word is a verb, or else all words say what session to start (``focus_start``). A verb without arguments
must stand alone.
"""

import re
from collections.abc import Callable
from datetime import timedelta

from bot.domain.errors import BadName, BadPlan, UserError
from bot.domain.focus import start as focus_start
from bot.domain.focus.command import (
    Back,
    Command,
    Edit,
    Extend,
    ForgetPreset,
    Help,
    Host,
    Join,
    Leave,
    ListAll,
    Notify,
    Pause,
    Presets,
    Rest,
    Resume,
    SavePreset,
    Skip,
    Start,
    Status,
    Stop,
    Task,
)
from bot.domain.focus.plan import BUILT_IN
from bot.domain.focus.plan import parse as parse_plan
from bot.domain.focus.start import preset_name
from bot.domain.time import duration
from bot.domain.timers import name
from bot.messages.catalogue import N_

FIVE_MINUTES = timedelta(minutes=5)

_ALONE: dict[str, Command] = {
    "stop": Stop(),
    "end": Stop(),
    "pause": Pause(),
    "resume": Resume(),
    "skip": Skip(),
    "next": Skip(),
    "leave": Leave(),
    "rest": Rest(),
    "pause me": Rest(),
    "back": Back(),
    "resume me": Back(),
    "status": Status(),
    "list": ListAll(),
    "help": Help(),
    "presets": Presets(),
}
_NOTIFY: dict[str, Command] = {"ping": Notify("ping"), "silent": Notify("silent"), "dm": Notify("dm")}
_PERSON = re.compile(r"<@!?(\d{1,19})>|(\d{15,19})")
_EDIT_EXAMPLE = "focus edit focus 50 rounds 6"
_SAVE_EXAMPLE = "focus save my-plan 50m focus, 10m break"


def parse(text: str) -> Command:
    """Parse the words after ``!focus``. Raises ``UserError`` with a working example."""
    text = " ".join(text.split())
    first, _, rest = text.partition(" ")
    verb = first.casefold()
    if alone := _ALONE.get(text.casefold()):
        return alone
    if verb in _ALONE:
        raise UserError(N_("“{quote}” stands alone, with nothing behind it."), f"focus {verb}", quote=verb)
    if verb in _TAKING:
        return _TAKING[verb](rest)
    return _extend(text) if verb.startswith("+") else focus_start.parse(text)


def edit(
    *,
    focus: str | None = None,
    short: str | None = None,
    long: str | None = None,
    rounds: int | None = None,
    plan: str | None = None,
) -> Edit:
    """Parse an edit from slash command options, each as typed. Raises ``UserError``."""
    lengths = focus_start.lengths_of(focus, short, long, None if rounds is None else str(rounds))
    if bool(lengths) == bool(plan):
        raise BadPlan(N_("Say new lengths and rounds, or the plan of all that is left."), _EDIT_EXAMPLE)
    return Edit(plan=parse_plan(plan)) if plan else Edit(**lengths)


def save(called: str, plan: str, *, for_server: bool) -> SavePreset:
    """Parse a preset to save. Raises ``BadName`` where ``!focus`` would read the name as something else."""
    kept = preset_name(called)
    try:
        is_free = kept not in BUILT_IN and parse(kept) == Start(kept, None)
    except UserError:
        is_free = False
    if not is_free:
        raise BadName(
            N_("“{quote}” cannot name a preset, since it means something else here."), _SAVE_EXAMPLE, quote=kept
        )
    return SavePreset(kept, focus_start.plan_of(plan), for_server)


def _edit(text: str) -> Edit:
    lengths = focus_start.lengths(text)
    return edit(plan=re.sub(r"^plan:? ?", "", text, flags=re.IGNORECASE)) if lengths is None else Edit(**lengths)


def _extend(text: str) -> Extend:
    by = "".join(text.split())
    return Extend(duration.parse(by, example="focus extend 5m", bare="m") if by else FIVE_MINUTES)


def _join(text: str) -> Join:
    return Join(_task(text).text if text else None)


def _task(text: str) -> Task:
    if not text:
        raise UserError(N_("Say what you will do."), "focus task write the report")
    return Task(name.clean(text, example="focus task write the report"))


def _notify(text: str) -> Command:
    if text.casefold() not in _NOTIFY:
        raise UserError(
            N_("“{quote}” is no way to be told; ping, silent and dm are."), "focus notify dm", quote=text[:40]
        )
    return _NOTIFY[text.casefold()]


def _host(text: str) -> Host:
    match = _PERSON.fullmatch(text)
    # Discord's ids, and the database's numbers, have 63 bits.
    if match and (user_id := int(match[1] or match[2])) < 2**63:
        return Host(user_id)
    raise UserError(
        N_("“{quote}” is nobody I can hand over to; mention them."),
        "focus host <@123456789012345678>",
        quote=text[:40],
    )


def _save(text: str) -> SavePreset:
    text, for_server = _server(text)
    called, _, plan = text.partition(" ")
    return save(called, plan, for_server=for_server)


def _forget(text: str) -> ForgetPreset:
    text, for_server = _server(text)
    return ForgetPreset(preset_name(text), for_server)


def _server(text: str) -> tuple[str, bool]:
    """Split off a trailing *server*."""
    before, _, last = text.rpartition(" ")
    return (before, True) if last.casefold() == "server" else (text, False)


_TAKING: dict[str, Callable[[str], Command]] = {
    "start": focus_start.parse,
    "extend": _extend,
    "join": _join,
    "task": _task,
    "notify": _notify,
    "host": _host,
    "edit": _edit,
    "save": _save,
    "forget": _forget,
}
VERBS = frozenset(_ALONE) | frozenset(_TAKING)
