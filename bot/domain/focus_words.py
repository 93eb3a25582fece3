"""How a session is spoken to: the words after ``!focus``, read into one request.

The first word is a verb, or else all of them say what session to start (``focus_start``). A verb that takes nothing
stands alone.
"""

import difflib
import re
from collections.abc import Callable, Iterable
from datetime import timedelta

from bot.domain import duration, focus_start, name
from bot.domain.errors import BadName, BadPlan, Refusal
from bot.domain.focus_request import (
    Back,
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
    Request,
    Rest,
    Resume,
    SavePreset,
    Skip,
    Start,
    Status,
    Stop,
    Task,
)
from bot.domain.focus_start import preset_name
from bot.domain.plan import BUILT_IN
from bot.domain.plan import parse as parse_plan

FIVE_MINUTES = timedelta(minutes=5)

_ALONE: dict[str, Request] = {
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
_NOTIFY: dict[str, Request] = {"ping": Notify("ping"), "silent": Notify("silent"), "dm": Notify("dm")}
_PERSON = re.compile(r"<@!?(\d{1,19})>|(\d{15,19})")
_EDIT_EXAMPLE = "focus edit focus 50 rounds 6"
_SAVE_EXAMPLE = "focus save my-plan 50m focus, 10m break"


def parse(text: str) -> Request:
    """Read the words after ``!focus``. Raises ``Refusal`` with a right example where they make no sense."""
    text = " ".join(text.split())
    first, _, rest = text.partition(" ")
    verb = first.casefold()
    if alone := _ALONE.get(text.casefold()):
        return alone
    if verb in _ALONE:
        raise Refusal("“{}” stands alone, with nothing behind it.", f"focus {verb}", verb)
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
    """Read what to change from options, each as a person filled it in. Raises ``Refusal``."""
    said = focus_start.lengths_of(focus, short, long, None if rounds is None else str(rounds))
    if bool(said) == bool(plan):
        raise BadPlan("Say new lengths and rounds, or the plan of all that is left.", _EDIT_EXAMPLE)
    return Edit(plan=parse_plan(plan)) if plan else Edit(**said)


def save(called: str, plan: str, *, for_server: bool) -> SavePreset:
    """Read what to keep, and by which name. Raises ``BadName`` where ``!focus`` would take the name otherwise."""
    kept = preset_name(called)
    try:
        is_free = kept not in BUILT_IN and parse(kept) == Start(kept, None)
    except Refusal:
        is_free = False
    if not is_free:
        raise BadName("“{}” cannot name a preset, since it means something else here.", _SAVE_EXAMPLE, kept)
    return SavePreset(kept, focus_start.plan_of(plan), for_server)


def nearest(wrong: str, known: Iterable[str]) -> str | None:
    """Find the known name that somebody may have meant; None where none is near."""
    names = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(wrong.casefold(), names, n=1)
    return names[near[0]] if near else None


def _edit(text: str) -> Edit:
    said = focus_start.lengths(text)
    return edit(plan=re.sub(r"^plan:? ?", "", text, flags=re.IGNORECASE)) if said is None else Edit(**said)


def _extend(text: str) -> Extend:
    by = "".join(text.split())
    return Extend(duration.parse(by, example="focus extend 5m", bare="m") if by else FIVE_MINUTES)


def _join(text: str) -> Join:
    return Join(_task(text).text if text else None)


def _task(text: str) -> Task:
    if not text:
        raise Refusal("Say what you will do.", "focus task write the report")
    return Task(name.clean(text, example="focus task write the report"))


def _notify(text: str) -> Request:
    if text.casefold() not in _NOTIFY:
        raise Refusal("“{}” is no way to be told; ping, silent and dm are.", "focus notify dm", text[:40])
    return _NOTIFY[text.casefold()]


def _host(text: str) -> Host:
    match = _PERSON.fullmatch(text)
    # Discord's ids, and the database's numbers, have 63 bits.
    if match and (user_id := int(match[1] or match[2])) < 2**63:
        return Host(user_id)
    raise Refusal("“{}” is nobody I can hand over to; mention them.", "focus host <@123456789012345678>", text[:40])


def _save(text: str) -> SavePreset:
    text, for_server = _server(text)
    called, _, plan = text.partition(" ")
    return save(called, plan, for_server=for_server)


def _forget(text: str) -> ForgetPreset:
    text, for_server = _server(text)
    return ForgetPreset(preset_name(text), for_server)


def _server(text: str) -> tuple[str, bool]:
    """Part what ends in *server* from that word."""
    before, _, last = text.rpartition(" ")
    return (before, True) if last.casefold() == "server" else (text, False)


_TAKING: dict[str, Callable[[str], Request]] = {
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
