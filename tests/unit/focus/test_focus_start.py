from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from bot.chat.focus.commands import TOPIC
from bot.domain.errors import UserError
from bot.domain.focus import parser
from bot.domain.focus.command import At, Command, In, StartSession
from bot.domain.focus.plan import parse as plan, standard
from bot.domain.invocation import Invocation

M = timedelta(minutes=1)
LONG = "10m warm-up, 3x(40m focus, 8m break), 30m lunch"


def parse(words: str) -> Command:
    return parser.parse(TOPIC.read(words), TOPIC)


def filled(**options: Any) -> Command:
    return parser.parse(Invocation.of("start", **options), TOPIC)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", StartSession(None, None)),
        ("start", StartSession(None, None)),
        ("deep", StartSession("deep", None)),
        ("start Deep", StartSession("deep", None)),
        ("my-plan", StartSession("my-plan", None)),
        ("my plan", StartSession("my plan", None)),
        ("plan2", StartSession("plan2", None)),
        ("50m", StartSession(None, plan("50m"))),
        ("half an hour", StartSession(None, plan("30m"))),
        ("50/10", StartSession(None, standard(50 * M, 10 * M))),
        ("50 10 20", StartSession(None, standard(50 * M, 10 * M, 20 * M))),
        ("50m/10m/20m/3", StartSession(None, standard(50 * M, 10 * M, 20 * M, 3))),
        ("1h / 10 min", StartSession(None, standard(60 * M, 10 * M))),
        ("3 rounds of 50/10", StartSession(None, standard(50 * M, 10 * M, rounds=3))),
        ("3 x 50/10", StartSession(None, standard(50 * M, 10 * M, rounds=3))),
        ("50/10, 3 rounds", StartSession(None, standard(50 * M, 10 * M, rounds=3))),
        ("50 focus 10 break", StartSession(None, standard(50 * M, 10 * M))),
        ("50 min work 10 min short break 3 rounds", StartSession(None, standard(50 * M, 10 * M, rounds=3))),
        ("50m focus 10m break x3", StartSession(None, standard(50 * M, 10 * M, rounds=3))),
        ("work 50 break 10", StartSession(None, standard(50 * M, 10 * M))),
        ("work", StartSession("work", None)),
        ("rounds until 17:00", StartSession(None, None, until=time(17))),
        ("on math", StartSession(None, None, task="math")),
        ("focus on math", StartSession(None, None, task="math")),
        ("on the thesis, chapter 2", StartSession(None, None, task="the thesis, chapter 2")),
        ("deep on reading on paper", StartSession("deep", None, task="reading on paper")),
        ("50/10 on math at 14:00", StartSession(None, standard(50 * M, 10 * M), task="math", begin=At(time(14)))),
        ("in 10m deep on math", StartSession("deep", None, task="math", begin=In(10 * M))),
        ('25m, 5m break on "math" warn', StartSession(None, plan("25m, 5m break"), task="math", warn=True)),
        ('on "the manual" manual', StartSession(None, None, task="the manual", auto=False)),
        ("on voice acting", StartSession(None, None, task="voice acting")),
        ("25m focus on math, 5m break", StartSession(None, plan("25m focus on math, 5m break"))),
        ("25m, 5m break", StartSession(None, plan("25m, 5m break"))),
        (LONG, StartSession(None, plan(LONG))),
        ("3 x 40 min", StartSession(None, plan("3x40m"))),
        ("25m focus", StartSession(None, plan("25m"))),
        ("25m short story", StartSession(None, plan("25m short story"))),
        ("focus 50", StartSession(None, standard(50 * M))),
        ("focus 50 short 10 long 20 rounds 3", StartSession(None, standard(50 * M, 10 * M, 20 * M, 3))),
        ("rounds 3 long 20m Focus 50 min", StartSession(None, standard(50 * M, long=20 * M, rounds=3))),
        ("focus 50, short 10", StartSession(None, standard(50 * M, 10 * M))),
        ("50 short 10", StartSession(None, standard(50 * M, 10 * M))),
        ("50 rounds 3", StartSession(None, standard(50 * M, rounds=3))),
        ("3 rounds", StartSession(None, standard(rounds=3))),
        ("1 round focus 10", StartSession(None, standard(10 * M, rounds=1))),
        ("short 0 rounds 2", StartSession(None, standard(short=0 * M, rounds=2))),
    ],
)
def test_what_to_start(words: str, meant: StartSession) -> None:
    """A session starts by nothing at all, the name of a preset, lengths, or a plan."""
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
        ("deep at noon", {"begin": At(time(12))}),
        ("at 9:00 tomorrow deep", {"begin": At(time(9), tomorrow=True)}),
        ("deep in half an hour", {"begin": In(30 * M)}),
        ("deep in an hour and a half", {"begin": In(90 * M)}),
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
    """Options precede or follow what to start, in any order."""
    assert parse(words) == StartSession("deep", None, **meant)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (f"{LONG} manual at 14:00", StartSession(None, plan(LONG), auto=False, begin=At(time(14)))),
        ("warn 25m read in bed, 5m break", StartSession(None, plan("25m read in bed, 5m break"), warn=True)),
        ("25m auto repair, 5m break", StartSession(None, plan("25m auto repair, 5m break"))),
        ("20m voice training, 5m break", StartSession(None, plan("20m voice training, 5m break"))),
        ("25m, 5m break, warn", StartSession(None, plan("25m, 5m break"), warn=True)),
        ("focus 50 rounds 3 in 10m", StartSession(None, standard(50 * M, rounds=3), begin=In(10 * M))),
        ("in 10m", StartSession(None, None, begin=In(10 * M))),
        ("start in 10m", StartSession(None, None, begin=In(10 * M))),
        ("voice Study 2", StartSession(None, None, voice="Study 2")),
    ],
)
def test_options_beside_a_plan(words: str, meant: StartSession) -> None:
    """Options are read only at the ends, so that labels within a plan may contain their words."""
    assert parse(words) == meant


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
    """Filled-in options mean the same as typed words."""
    assert filled(**options) == parse(words)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"preset": "deep", "plan": "25m"}, "Pick one"),
        ({"preset": "deep", "focus": "25"}, "Pick one"),
        ({"plan": "25m", "focus": "50"}, "Pick one"),
        ({"focus": "soon"}, "I can't read “soon” as a length"),
        ({"focus": ""}, "I can't read “” as a length"),
        ({"rounds": 0}, "1 to 100 rounds"),
        ({"rounds": -1}, "I can't read “-1” as a number of rounds"),
        ({"start": "soon"}, "I can't read “soon” as a length"),
        ({"start": "start " * 200}, "” as a length"),
        ({"start": "start " * 1000}, "That's 6000 characters. Please keep it to 1500"),
        ({"start": "at 5"}, "“at 5” – morning or afternoon"),
    ],
)
def test_start_by_options_refused(options: dict[str, Any], message: str) -> None:
    """Options that make no sense, alone or together, are refused."""
    with pytest.raises(UserError, match=message):
        filled(**options)


starts = st.builds(
    StartSession,
    st.none(),
    st.sampled_from([None, plan(LONG), standard(50 * M, 10 * M)]),
    auto=st.booleans(),
    begin=st.sampled_from([None, In(10 * M), At(time(2)), At(time(14, 5), tomorrow=True)]),
    voice=st.sampled_from([None, "<#123>", "Study Room"]),
    warn=st.booleans(),
    task=st.sampled_from([None, "math", "the manual", "chapter 2, in 10m"]),
)


@given(starts)
def test_a_line_says_it_all(start: StartSession) -> None:
    """The line of a choice means exactly what it offers, whatever else the request contained."""
    assert parse(start.line.removeprefix("focus ")) == start
    for named in (replace(start, plan_name="deep", plan=None), replace(start, plan=None, until=time(17))):
        assert parse(named.line.removeprefix("focus ")) == named


@pytest.mark.parametrize(("channel", "voice"), [("#Study", "#Study"), ('"Study Room"', "Study Room")])
def test_channel_by_name(channel: str, voice: str) -> None:
    """A channel by its option's name goes beside other named options, or alone in front of any words."""
    assert parse(f"voice: {channel} preset: deep") == StartSession("deep", None, voice=voice)
    assert parse(f"voice: {channel} deep in 10m") == StartSession("deep", None, voice=voice, begin=In(10 * M))


@pytest.mark.parametrize(
    ("begin", "wanted"),
    [
        ("1h", In(60 * M)),
        ("1h30", In(90 * M)),
        ("01:30:00", In(90 * M)),
        ("10", In(10 * M)),
        ("14:00", At(time(14))),
        ("2pm", At(time(14))),
    ],
)
def test_a_length_is_a_delay(begin: str, wanted: In | At) -> None:
    """A length alone delays the start by that much, even in hours: *1h* is not 1:00."""
    assert filled(start=begin) == StartSession(None, None, begin=wanted)
