from datetime import time, timedelta
from typing import Any

import pytest

from bot.chat.focus.commands import TOPIC
from bot.domain.errors import UserError
from bot.domain.focus import parser
from bot.domain.focus.command import At, Command, In, Start
from bot.domain.focus.plan import parse as plan
from bot.domain.focus.plan import standard
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
    assert filled(**options) == parse(words)


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
        filled(**options)


@pytest.mark.parametrize(("channel", "voice"), [("#Study", "#Study"), ('"Study Room"', "Study Room")])
def test_channel_by_name(channel: str, voice: str) -> None:
    """A channel by its option's name stands beside options by theirs, or by itself in front of any words."""
    assert parse(f"voice: {channel} preset: deep") == Start("deep", None, voice=voice)
    assert parse(f"voice: {channel} deep in 10m") == Start("deep", None, voice=voice, begin=In(10 * M))
