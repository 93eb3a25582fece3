import time as stopwatch
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.focus.commands import TOPIC
from bot.domain.errors import BadName, UserError
from bot.domain.focus import parser
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
from bot.domain.focus.plan import parse as plan
from bot.domain.focus.plan import standard
from bot.domain.invocation import Invocation

M = timedelta(minutes=1)
LONG = "10m warm-up, 3x(40m focus, 8m break), 30m lunch"


def parse(words: str) -> Command | None:
    """Parse what is typed; None is help."""
    asked = TOPIC.read(words)
    return None if asked.wants_help else parser.parse(asked, TOPIC)


def filled(verb: str, **options: Any) -> Command:
    """Parse what is filled in."""
    return parser.parse(Invocation.of(verb, **options), TOPIC)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("stop", Verb.STOP),
        ("END", Verb.STOP),
        ("pause", Verb.PAUSE),
        ("resume", Verb.RESUME),
        ("skip", Verb.SKIP),
        ("next", Verb.SKIP),
        ("extend 5m", Extend(5 * M)),
        ("extend 10", Extend(10 * M)),
        ("extend 10 min", Extend(10 * M)),
        ("extend", Extend(5 * M)),
        ("+5", Extend(5 * M)),
        ("+ 90s", Extend(1.5 * M)),
        ("join", Join(None)),
        ("join write  the report", Join("write the report")),
        ("leave", Verb.LEAVE),
        ("task write the report", Task("write the report")),
        ("rest", Verb.REST),
        ("pause me", Verb.REST),
        ("back", Verb.BACK),
        ("Resume Me", Verb.BACK),
        ("notify ping", Notify("ping")),
        ("notify silent", Notify("silent")),
        ("notify DM", Notify("dm")),
        ("host <@12>", Host(12)),
        ("host <@!12>", Host(12)),
        ("host 123456789012345678", Host(123456789012345678)),
        ("edit focus 50 rounds 6", Edit(focus=50 * M, rounds=6)),
        ("edit 6 rounds", Edit(rounds=6)),
        ("edit short 10 long 20", Edit(short=10 * M, long=20 * M)),
        ("edit plan 25m, 5m break", Edit(plan=plan("25m, 5m break"))),
        ("edit plan: 25m", Edit(plan=plan("25m"))),
        ("edit 25m, 5m break", Edit(plan=plan("25m, 5m break"))),
        ("status", Verb.STATUS),
        ("list", Verb.LIST),
        ("help", None),
        ("presets", Verb.PRESETS),
        ("save Mine 50m, 10m break", SavePreset("mine", plan("50m, 10m break"), for_server=False)),
        ("save mine focus 50 short 10 server", SavePreset("mine", standard(50 * M, 10 * M), for_server=True)),
        ("forget Mine", ForgetPreset("mine", for_server=False)),
        ("forget mine server", ForgetPreset("mine", for_server=True)),
    ],
)
def test_verbs(words: str, meant: Command | None) -> None:
    """A verb in front says what to do with the session that is there, whatever its capitals."""
    assert parse(words) == meant


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("stop now", "“stop” stands alone"),
        ("pause you", "“pause” stands alone"),
        ("Pause me now", "“Pause me” stands alone"),
        ("end now", "“end” stands alone"),
        ("help me", "“help” stands alone"),
        ("extend soon", "“soon” is not a duration I know; minutes (25)"),
        ("extend 0", "too short"),
        ("extend 25h", "too long"),
        ("+x", "“+x” is not a duration I know"),
        ("task", "Say what you will do."),
        (f"task {'x' * 81}", "81 characters long"),
        (f"join {'x' * 81}", "81 characters long"),
        ("notify", "ping, silent and dm are"),
        ("notify loudly", "“loudly” is no way to be told"),
        ("host", "nobody I can hand over to"),
        ("host @Sam", "“@Sam” is nobody I can hand over to"),
        ("host <@9999999999999999999>", "nobody I can hand over to"),
        ("edit", "Say new lengths and rounds"),
        ("edit rounds many", "“many” is no number of rounds"),
        ("edit deep", "“deep” has no length in front"),
        ("save", "nothing in it that can be seen"),
        ("save mine", "A phase is missing"),
        ("save mine 13h", "at most 12 hours"),
        ("save deep 25m", "“deep” cannot name a preset"),
        ("save stop 25m", "“stop” cannot name a preset"),
        ("save auto 25m", "“auto” cannot name a preset"),
        ("save rounds 25m", "“rounds” cannot name a preset"),
        ("save 5a 25m", "“5a” cannot name a preset"),
        ("save end 25m", "“end” cannot name a preset"),
        ("save help 25m", "“help” cannot name a preset"),
        ("save +x 25m", "“+x” cannot name a preset"),
        ("save plan: 25m name: pause me", "“pause me” cannot name a preset"),
        ("save plan: 25m", "nothing in it that can be seen"),
        ("save name: mine", "A phase is missing"),
        ("save name: mine plan: 25m for_server: maybe", "“maybe” is neither yes nor no."),
        ("forget name: mine for_server: server", "“server” is neither yes nor no."),
        ("preset: deep warn: loudly", "“loudly” is neither yes nor no."),
        ("preset: deep auto:", "“” is neither yes nor no."),
        ("preset: deep plan: 25m", "one is enough"),
        ("rounds: many", "“many” is no number of rounds"),
        ("edit plan:", "Say new lengths and rounds"),
        ("notify how: loudly", "“loudly” is no way to be told"),
        (f"save {'x' * 41} 25m", "41 characters long; 40 is the most"),
        ("forget", "nothing in it that can be seen"),
        ("in soon", "I cannot make out “in soon”."),
        ("at noon", "I cannot make out “at noon”."),
        ("voice", "I cannot make out “voice”."),
        ("deep at 25:00", "“25:00” is no time of day"),
        ("deep at 14:60", "“14:60” is no time of day"),
        ("deep at 13pm", "“13pm” is no time of day"),
        ("deep at 5", "“5” is no time of day"),
        ("deep in 0", "too short"),
        ("deep in 25h", "too long"),
        ("deep in 5x", "“5x” is not a duration I know"),
        ("deep auto manual", "“auto” says again"),
        ("in 5 deep at 14:00", "“in 5” says again"),
        ("focus", "“focus” has to be said once, with a number."),
        ("focus 50 focus 25", "“focus” has to be said once, with a number."),
        ("focus soon", "“soon” is not a length I know"),
        ("focus 50 break 10", "“break” is none of focus, short, long and rounds."),
        ("3 rounds of 25m", "“of” is none of focus, short, long and rounds."),
        ("focus 0", "at least 1 second"),
        ("rounds 0", "1 to 100 rounds"),
        ("rounds 2.5", "“2.5” is no number of rounds"),
        ("rounds 101", "1 to 100 rounds"),
        (f"rounds {'9' * 5000}", "is no number of rounds"),
        ("warm-up 10m", "“warm-up 10m” has no length in front"),
        ("warm-up, lunch", "“warm-up” has no length in front"),
        ("start start in soon", "“start” is not a duration I know"),
        ("3x(25m", "A bracket is opened and not closed"),
        ("nan", "“nan” is not a length I know"),
        ("what shall we do with the drunken sailor at all", "47 characters long; 40 is the most"),
    ],
)
def test_refused(words: str, said: str) -> None:
    """What makes no sense is refused with one sentence that says why, and words that would be right."""
    with pytest.raises(UserError) as refused:
        parse(words)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 200
    assert refused.value.example
    parse(refused.value.example.removeprefix("focus "))


def test_edit_by_options() -> None:
    """An edit is new lengths and rounds or a plan: one of the two, not both and not nothing."""
    assert filled("edit", focus="50 min", rounds=6) == parse("edit focus 50 rounds 6")
    assert filled("edit", plan="25m, 5m break") == parse("edit plan 25m, 5m break")
    with pytest.raises(UserError, match="Say new lengths"):
        filled("edit")
    with pytest.raises(UserError, match="Say new lengths"):
        filled("edit", focus="50", plan="25m")


@pytest.mark.parametrize(
    ("words", "verb", "options"),
    [
        ("preset: Deep start: in 10 min", "start", {"preset": "Deep", "start": "in 10 min"}),
        (f"start: 14:00 warn: yes plan: {LONG}", "start", {"plan": LONG, "start": "14:00", "warn": True}),
        ("start start: 2 pm preset: deep", "start", {"preset": "deep", "start": "2 pm"}),
        ("rounds: 3 focus:50 min short: 10", "start", {"focus": "50 min", "short": "10", "rounds": 3}),
        ("AUTO: No warn: off preset: deep", "start", {"preset": "deep", "auto": False, "warn": False}),
        ("auto: true preset: deep\nvoice: <#12>", "start", {"preset": "deep", "auto": True, "voice": "<#12>"}),
        ("voice: <#12>", "start", {"voice": "<#12>"}),
        ("join task: write  tests", "join", {"task": "write tests"}),
        ("task task: write tests", "task", {"task": "write tests"}),
        ("notify how: DM", "notify", {"how": "dm"}),
        ("extend by: 10 min", "extend", {"by": "10m"}),
        ("host person: <@!12>", "host", {"person": "<@12>"}),
        ("edit rounds: 5 short: 10", "edit", {"short": "10", "rounds": 5}),
        ("save plan: 50m, 10m break name: my plan", "save", {"name": "My Plan", "plan": "50m, 10m break"}),
        ("save for_server: on plan: 25m name: x", "save", {"name": "x", "plan": "25m", "for_server": True}),
        ("forget for_server: no name: my plan", "forget", {"name": "my plan", "for_server": False}),
    ],
)
def test_options_by_name(words: str, verb: str, options: dict[str, Any]) -> None:
    """Options may be typed by their names, in any order, and mean what they mean in a slash command."""
    assert parse(words) == filled(verb, **options)


def test_extend_without_a_verb() -> None:
    """Only in front of everything does a plus give a phase longer; a session may be as long."""
    assert parse("start +5") == parse("start 5") == Start(None, plan("5m"))
    assert parse("join +5") == Join("+5")
    assert filled("extend") == parse("extend") == parse("+5")


NAMES = [
    *TOPIC.verbs,
    "end",
    "pause me",
    "my plan",
    "voice:x",
    "plan: x",
    "preset: x",
    "x plan: y",
    "x auto",
    "at 5",
]


@given(st.one_of(st.text(min_size=1, max_size=20), st.sampled_from(NAMES)))
def test_names_of_presets(called: str) -> None:
    """A preset can have just the names by which it can be started."""
    try:
        kept = filled("save", name=called, plan="25m")
    except BadName:
        return
    assert isinstance(kept, SavePreset)
    assert parse(called) == parse(kept.name) == Start(kept.name, None)


OPTIONS = "auto off manual warn in at am voice voice: plan: rounds: server me"
OTHERS = 'focus short rounds plan deep 5 10m 14:00 - 3x( ) , " “ <#1> #a <@1> ٣'
SOUP = st.lists(st.sampled_from([*TOPIC.verbs, *OPTIONS.split(), *OTHERS.split()]), max_size=10).map(" ".join)


@given(st.one_of(st.text(max_size=60), SOUP))
def test_any_text(words: str) -> None:
    """Whatever is typed is either a request or refused, never a failure; an example is a right request."""
    try:
        parse(words)
    except UserError as refused:
        assert refused.example
        parse(refused.example.removeprefix("focus "))


@pytest.mark.parametrize(
    "words",
    [
        "auto " * 1200,
        "voice " * 1000,
        "start " * 1000,
        "in 5 " * 1200,
        '" ' * 3000,
        "“a " * 2000,
        "focus " * 1000,
        "focus 5 " * 700,
        "x" * 6000,
        "voice: " * 800,
        "+" * 6000,
        "edit plan " * 600,
        "save " * 1000,
    ],
)
def test_nasty_words(words: str) -> None:
    """The longest of messages is read in no time."""
    began = stopwatch.process_time()
    try:
        parse(words)
    except UserError as refused:
        assert len(str(refused)) < 200
    assert stopwatch.process_time() - began < 0.5
