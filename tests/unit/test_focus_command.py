import time as stopwatch
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadName, UserError
from bot.domain.focus.command import (
    At,
    Back,
    Command,
    Edit,
    Extend,
    ForgetPreset,
    Help,
    Host,
    In,
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
from bot.domain.focus.parser import VERBS, edit, parse, save
from bot.domain.focus.plan import parse as plan
from bot.domain.focus.plan import standard
from bot.domain.focus.start import from_options

M = timedelta(minutes=1)
LONG = "10m warm-up, 3x(40m focus, 8m break), 30m lunch"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", Start(None, None)),
        ("start", Start(None, None)),
        ("deep", Start("deep", None)),
        ("start Deep", Start("deep", None)),
        ("my-plan", Start("my-plan", None)),
        ("my plan", Start("my plan", None)),
        ("plan2", Start("plan2", None)),
        ("50", Start(None, plan("50m"))),
        ("25m, 5m break", Start(None, plan("25m, 5m break"))),
        (LONG, Start(None, plan(LONG))),
        ("3 x 40 min", Start(None, plan("3x40m"))),
        ("25m focus", Start(None, plan("25m"))),
        ("25m short story", Start(None, plan("25m short story"))),
        ("focus 50", Start(None, standard(50 * M))),
        ("focus 50 short 10 long 20 rounds 3", Start(None, standard(50 * M, 10 * M, 20 * M, 3))),
        ("rounds 3 long 20m Focus 50 min", Start(None, standard(50 * M, long=20 * M, rounds=3))),
        ("focus 50, short 10", Start(None, standard(50 * M, 10 * M))),
        ("50 short 10", Start(None, standard(50 * M, 10 * M))),
        ("50 rounds 3", Start(None, standard(50 * M, rounds=3))),
        ("3 rounds", Start(None, standard(rounds=3))),
        ("1 round focus 10", Start(None, standard(10 * M, rounds=1))),
        ("short 0 rounds 2", Start(None, standard(short=0 * M, rounds=2))),
    ],
)
def test_what_to_start(words: str, meant: Start) -> None:
    """A session is asked for by nothing at all, the name of a preset, lengths, or a plan."""
    assert parse(words) == meant


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("deep auto", {}),
        ("deep auto on", {}),
        ("deep auto off", {"auto": False}),
        ("manual deep", {"auto": False}),
        ("deep warn", {"warn": True}),
        ("deep in 10m", {"begin": In(10 * M)}),
        ("deep in 10", {"begin": In(10 * M)}),
        ("in 10 min deep", {"begin": In(10 * M)}),
        ("deep in 10 min", {"begin": In(10 * M)}),
        ("deep start in 1h", {"begin": In(60 * M)}),
        ("start deep start in 10 min", {"begin": In(10 * M)}),
        ("deep at 14:00", {"begin": At(time(14))}),
        ("at 9:05 deep", {"begin": At(time(9, 5))}),
        ("deep start at 2:30 PM", {"begin": At(time(14, 30))}),
        ("deep at 12am", {"begin": At(time(0))}),
        ("deep at 12pm", {"begin": At(time(12))}),
        ("deep voice <#123>", {"voice": "<#123>"}),
        ("voice <#123> deep", {"voice": "<#123>"}),
        ("voice: #Study deep", {"voice": "#Study"}),
        ("deep voice:#Study", {"voice": "#Study"}),
        ("deep voice Study Room", {"voice": "Study Room"}),
        ('voice "Study Room" deep', {"voice": "Study Room"}),
        ("deep voice “Study Room” warn", {"voice": "Study Room", "warn": True}),
        (
            "warn voice #Study deep auto off in 10m",
            {"warn": True, "voice": "#Study", "auto": False, "begin": In(10 * M)},
        ),
        ("deep voice Study Room at 14:00 manual", {"voice": "Study Room", "begin": At(time(14)), "auto": False}),
    ],
)
def test_options(words: str, meant: dict[str, Any]) -> None:
    """Options stand in front of what is to be started or behind it, in any order."""
    assert parse(words) == Start("deep", None, **meant)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (f"{LONG} manual at 14:00", Start(None, plan(LONG), auto=False, begin=At(time(14)))),
        ("warn 25m read in bed, 5m break", Start(None, plan("25m read in bed, 5m break"), warn=True)),
        ("25m auto repair, 5m break", Start(None, plan("25m auto repair, 5m break"))),
        ("20m voice training, 5m break", Start(None, plan("20m voice training, 5m break"))),
        ("25m, 5m break, warn", Start(None, plan("25m, 5m break"), warn=True)),
        ("focus 50 rounds 3 in 10m", Start(None, standard(50 * M, rounds=3), begin=In(10 * M))),
        ("in 10m", Start(None, None, begin=In(10 * M))),
        ("start in 10m", Start(None, None, begin=In(10 * M))),
        ("voice Study 2", Start(None, None, voice="Study 2")),
    ],
)
def test_options_beside_a_plan(words: str, meant: Start) -> None:
    """An option is taken from the ends alone, so that labels within a plan may have its words."""
    assert parse(words) == meant


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("stop", Stop()),
        ("END", Stop()),
        ("pause", Pause()),
        ("resume", Resume()),
        ("skip", Skip()),
        ("next", Skip()),
        ("extend 5m", Extend(5 * M)),
        ("extend 10", Extend(10 * M)),
        ("extend 10 min", Extend(10 * M)),
        ("extend", Extend(5 * M)),
        ("+5", Extend(5 * M)),
        ("+ 90s", Extend(1.5 * M)),
        ("join", Join(None)),
        ("join write  the report", Join("write the report")),
        ("leave", Leave()),
        ("task write the report", Task("write the report")),
        ("rest", Rest()),
        ("pause me", Rest()),
        ("back", Back()),
        ("Resume Me", Back()),
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
        ("status", Status()),
        ("list", ListAll()),
        ("help", Help()),
        ("presets", Presets()),
        ("save Mine 50m, 10m break", SavePreset("mine", plan("50m, 10m break"), for_server=False)),
        ("save mine focus 50 short 10 server", SavePreset("mine", standard(50 * M, 10 * M), for_server=True)),
        ("forget Mine", ForgetPreset("mine", for_server=False)),
        ("forget mine server", ForgetPreset("mine", for_server=True)),
    ],
)
def test_verbs(words: str, meant: Command) -> None:
    """A verb in front says what to do with the session that is there, whatever its capitals."""
    assert parse(words) == meant


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("stop now", "“stop” stands alone"),
        ("pause you", "“pause” stands alone"),
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


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, ""),
        ({"preset": "Deep"}, "deep"),
        ({"plan": LONG}, LONG),
        ({"focus": "50", "short": "10 min", "long": "20m", "rounds": 3}, "focus 50 short 10 long 20 rounds 3"),
        ({"rounds": 3, "auto": False, "warn": True}, "rounds 3 manual warn"),
        ({"auto": True, "warn": False}, "auto"),
        ({"start": "in 10m"}, "in 10m"),
        ({"start": " 10 "}, "in 10m"),
        ({"start": "10 min"}, "in 10m"),
        ({"start": "start in 10m"}, "in 10m"),
        ({"start": "at 14:00"}, "at 14:00"),
        ({"start": "14:00"}, "at 14:00"),
        ({"start": "2 pm"}, "at 14:00"),
        ({"voice": "<#123>"}, "voice <#123>"),
    ],
)
def test_start_by_options(options: dict[str, Any], words: str) -> None:
    """Options that are filled in ask for the same as words that are typed."""
    assert from_options(**options) == parse(words)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"preset": "deep", "plan": "25m"}, "one is enough"),
        ({"preset": "deep", "rounds": 3}, "one is enough"),
        ({"plan": "25m", "focus": "50"}, "one is enough"),
        ({"focus": "soon"}, "“soon” is not a length I know"),
        ({"focus": ""}, "“” is not a length I know"),
        ({"rounds": 0}, "1 to 100 rounds"),
        ({"rounds": -1}, "“-1” is no number of rounds"),
        ({"start": "soon"}, "“soon” is not a duration I know"),
        ({"start": "start " * 1000}, "is not a duration I know"),
        ({"start": "at 5"}, "“5” is no time of day"),
    ],
)
def test_start_by_options_refused(options: dict[str, Any], said: str) -> None:
    """Options that make no sense, by themselves or together, are refused."""
    with pytest.raises(UserError, match=said):
        from_options(**options)


def test_edit_by_options() -> None:
    """An edit is new lengths and rounds or a plan: one of the two, not both and not nothing."""
    assert edit(focus="50 min", rounds=6) == parse("edit focus 50 rounds 6")
    assert edit(plan="25m, 5m break") == parse("edit plan 25m, 5m break")
    with pytest.raises(UserError, match="Say new lengths"):
        edit()
    with pytest.raises(UserError, match="Say new lengths"):
        edit(focus="50", plan="25m")


@given(
    st.one_of(st.text(min_size=1, max_size=20), st.sampled_from([*VERBS, "my plan", "voice:x", "x auto", "at 5"]))
)
def test_names_of_presets(called: str) -> None:
    """A preset can have just the names by which it can be started."""
    try:
        kept = save(called, "25m", for_server=False)
    except BadName:
        return
    assert parse(called) == parse(kept.name) == Start(kept.name, None)


OPTIONS = "auto off manual warn in at am voice voice: server me"
OTHERS = 'focus short rounds plan deep 5 10m 14:00 - 3x( ) , " “ <#1> #a <@1> ٣'
SOUP = st.lists(st.sampled_from([*sorted(VERBS), *OPTIONS.split(), *OTHERS.split()]), max_size=10).map(" ".join)


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
