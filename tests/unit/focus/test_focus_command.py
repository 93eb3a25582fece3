from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from bot.chat.focus.commands import TOPIC
from bot.domain.errors import UserError
from bot.domain.focus import parser
from bot.domain.focus.command import (
    Command,
    EditSession,
    ExtendPhase,
    FocusVerb,
    ForgetPreset,
    Host,
    In,
    Join,
    Notify,
    SavePreset,
    StartSession,
    Task,
    VoiceAuto,
)
from bot.domain.focus.participant import Notification
from bot.domain.focus.plan import parse as plan, standard
from bot.domain.invocation import Invocation
from bot.domain.question import Question
from tests.long_input import MOST, steps

M = timedelta(minutes=1)
LONG = "10m warm-up, 3x(40m focus, 8m break), 30m lunch"


def parse(words: str) -> Command | None:
    """Parse typed text; None is help."""
    invocation = TOPIC.read(words)
    return None if invocation.wants_help else parser.parse(invocation, TOPIC)


def filled(verb: str, **options: Any) -> Command:
    """Parse a slash command's fields."""
    return parser.parse(Invocation.of(verb, **options), TOPIC)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("stop", FocusVerb.STOP),
        ("END", FocusVerb.STOP),
        ("pause", FocusVerb.PAUSE),
        ("resume", FocusVerb.RESUME),
        ("skip", FocusVerb.SKIP),
        ("next", FocusVerb.SKIP),
        ("host \u200b", Host(None)),
        ("host \u3164", Host(None)),
        ("extend 5m", ExtendPhase(5 * M)),
        ("extend 10", ExtendPhase(10 * M)),
        ("extend 10 min", ExtendPhase(10 * M)),
        ("extend", ExtendPhase(5 * M)),
        ("+5", ExtendPhase(5 * M)),
        ("+ 90s", ExtendPhase(1.5 * M)),
        ("join", Join(None)),
        ("join write  the report", Join("write the report")),
        ("leave", FocusVerb.LEAVE),
        ("task write the report", Task("write the report")),
        ('task "stop"', Task("stop")),
        ("rest", FocusVerb.REST),
        ("pause me", FocusVerb.REST),
        ("back", FocusVerb.BACK),
        ("Resume Me", FocusVerb.BACK),
        ("notify ping", Notify(Notification.PING)),
        ("notify silent", Notify(Notification.SILENT)),
        ("notify DM", Notify(Notification.DM)),
        ("voice auto", VoiceAuto(is_on=True)),
        ("voice OFF", VoiceAuto(is_on=False)),
        ("voice how: auto", VoiceAuto(is_on=True)),
        ("voice #auto", StartSession(None, None, voice="#auto")),
        ("host <@12>", Host(12)),
        ("host <@!12>", Host(12)),
        ("host 123456789012345678", Host(123456789012345678)),
        ("host", Host(None)),
        ("task", Task("")),
        ("forget", ForgetPreset("", for_server=False)),
        ("edit focus 50 rounds 6", EditSession(focus=50 * M, rounds=6)),
        ("edit 6 rounds", EditSession(rounds=6)),
        ("edit short 10 long 20", EditSession(short=10 * M, long=20 * M)),
        ("edit plan 25m, 5m break", EditSession(plan=plan("25m, 5m break"))),
        ("edit plan: 25m", EditSession(plan=plan("25m"))),
        ("edit 25m, 5m break", EditSession(plan=plan("25m, 5m break"))),
        ("status", FocusVerb.STATUS),
        ("list", FocusVerb.LIST),
        ("help", None),
        ("presets", FocusVerb.PRESETS),
        ("save Mine 50m, 10m break", SavePreset("mine", plan("50m, 10m break"), for_server=False)),
        ("save mine focus 50 short 10 server", SavePreset("mine", standard(50 * M, 10 * M), for_server=True)),
        ("forget Mine", ForgetPreset("mine", for_server=False)),
        ("forget mine server", ForgetPreset("mine", for_server=True)),
    ],
)
def test_verbs(words: str, meant: Command | None) -> None:
    """A leading verb acts on the current session, in any case."""
    assert parse(words) == meant


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("stop soon", "`stop` doesn't take anything"),
        ("pause you", "`pause` doesn't take anything"),
        ("Pause me soon", "`Pause me` doesn't take anything"),
        ("end soon", "`end` doesn't take anything"),
        ("help me", "`help` doesn't take anything"),
        ("extend soon", "I can't read “soon” as a length. Try 25"),
        ("extend 0", "too short"),
        ("extend 25h", "too long"),
        ("+x", "I can't read “+x” as a length"),
        (f"task {'x' * 81}", "81 characters long"),
        (f"join {'x' * 81}", "81 characters long"),
        ("host @Sam", "I don't know who “@Sam” is"),
        ("host <@9999999999999999999>", "Mention them with @"),
        ("notify", "Try ping, silent or dm."),
        ("notify loudly", "I don't know “loudly”"),
        ("edit", "Give me new lengths and rounds"),
        ("edit rounds many", "I can't read “many” as a number of rounds"),
        ("edit deeply", "“deeply” needs a length in front"),
        ("save", "What should I call it?"),
        ("save mine", "Which plan should I save as “mine”?"),
        ("save mine 13h", "12 hours is the limit"),
        ("save deep 25m", "“deep” already means something here"),
        ("save stop 25m", "“stop” already means something here"),
        ("save auto 25m", "“auto” already means something here"),
        ("save rounds 25m", "“rounds” already means something here"),
        ("save 5a 25m", "“5a” already means something here"),
        ("save end 25m", "“end” already means something here"),
        ("save help 25m", "“help” already means something here"),
        ("save +x 25m", "“+x” already means something here"),
        ("save plan: 25m name: pause me", "“pause me” already means something here"),
        ("save plan: 25m", "What should I call it?"),
        ("save name: mine", "Which plan should I save as “mine”?"),
        ("save name: mine plan: 25m for_server: maybe", "Is “maybe” a yes or a no?"),
        ("forget name: mine for_server: server", "Is “server” a yes or a no?"),
        ("preset: deep warn: loudly", "Is “loudly” a yes or a no?"),
        ("preset: deep auto:", "Is “” a yes or a no?"),
        ("preset: deep plan: 25m", "Pick one"),
        ("rounds: many", "I can't read “many” as a number of rounds"),
        ("edit plan:", "Give me new lengths and rounds"),
        ("notify how: loudly", "I don't know “loudly”"),
        (f"save {'x' * 41} 25m", "41 characters long. Please keep it to 40"),
        ("in soon", "I don't understand “in soon”."),
        ("voice", "Should entering a session's voice channel join you?"),
        ("deep at 25:00", "I can't read “25:00” as a time of day"),
        ("deep at 14:60", "I can't read “14:60” as a time of day"),
        ("deep at 13pm", "I can't read “13pm” as a time of day"),
        ("deep at 5", "“at 5” – morning or afternoon?"),
        ("deep in 0", "too short"),
        ("deep in 25h", "too long"),
        ("deep in 5x", "I can't read “5x” as a length"),
        ("deep auto manual", "“auto” says that a second time"),
        ("in 5 deep at 14:00", "“in 5” says that a second time"),
        ("focus", "“focus” needs a number after it, just once."),
        ("focus 50 focus 25", "“focus” needs a number after it, just once."),
        ("focus soon", "I can't read “soon” as a length"),
        ("focus 50 nap 10", "Phases need a comma between them. Do you mean “50m focus, 10m nap”?"),
        ("focus 50 nap", "I don't know “nap”. Try focus, short, long or rounds."),
        ("4x25/5 3 rounds", "gives the number of rounds twice"),
        ("25m write 5m rest", "Phases need a comma between them."),
        ("extned 5", "“extned 5” needs a length in front"),
        ("25/5 with <@12>", "I can't add people for you"),
        ("kick <@12>", "I can't take people out"),
        ("on the manual", "Is “manual” part of the task?"),
        ("every day at 9", "Sessions can only start today."),
        ("daily at 9", "Sessions can only start today."),
        ("join <@12>", "You can just join this channel's session"),
        ("3 rounds of nap time", "I don't know “of”. Try focus, short, long or rounds."),
        ("focus 0", "too short for a phase"),
        ("rounds 0", "1 to 100 rounds"),
        ("rounds 2.5", "I can't read “2.5” as a number of rounds"),
        ("rounds 101", "1 to 100 rounds"),
        (f"rounds {'9' * 1000}", "” as a number of rounds"),
        (f"rounds {'9' * 5000}", "That's 5007 characters. Please keep it to 1500"),
        ("warm-up 10m", "“warm-up 10m” needs a length in front"),
        ("warm-up, lunch", "“warm-up” needs a length in front"),
        ("3x(25m", "There's a “)” missing"),
        ("nan", "I can't read “nan” as a length"),
        ("what shall we do with the drunken sailor at all", "Is it what you're working on?"),
    ],
)
def test_refused(words: str, message: str) -> None:
    """Nonsense is refused with one sentence that says why, without an unrelated example."""
    with pytest.raises(UserError) as refused:
        parse(words)
    assert message in str(refused.value)
    assert len(str(refused.value)) < 200
    if refused.value.example and refused.value.example.startswith("focus "):
        parse(refused.value.example.removeprefix("focus "))


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("25 on math warn in 10", None),
        ("2h at 14:00 manual", ["focus start 2h focus at 14:00 manual"]),
        ('25 on "math" warn', ['focus start 25m focus on "math" warn']),
        ("until 5 warn", ["focus start rounds until 17:00 warn", "focus start rounds until 05:00 warn"]),
        ("deep at 2 on math", ['focus start deep on "math" at 14:00', 'focus start deep on "math" at 02:00']),
        ("stop soon", ["focus stop", 'focus on "stop soon"']),
        ("break 10", ["focus rest"]),
        ("extned 5", ["focus extend 5"]),
        ("deep with <@12> at 14:00", ["focus start deep at 14:00"]),
    ],
)
def test_a_choice_keeps_the_rest(words: str, lines: list[str] | None) -> None:
    """A question about one part of a request keeps all other parts."""
    with pytest.raises(Question) as raised:
        parse(words)
    offered = [choice.line for choice in raised.value.choices]
    assert lines is None or [line for line in offered if line in lines] == lines


def test_edit_by_options() -> None:
    """An edit takes new lengths and rounds or a plan: one of the two, not both and not neither."""
    assert filled("edit", focus="50 min", rounds=6) == parse("edit focus 50 rounds 6")
    assert filled("edit", plan="25m, 5m break") == parse("edit plan 25m, 5m break")
    with pytest.raises(UserError, match="Give me new lengths"):
        filled("edit")
    with pytest.raises(UserError, match="Give me new lengths"):
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
    """Options may be typed by their names, in any order, with the same meaning as in a slash command."""
    assert parse(words) == filled(verb, **options)


def test_extend_without_a_verb() -> None:
    """Only a leading plus extends a phase; a session may be as long."""
    assert parse("start +5m") == parse("start 5m") == StartSession(None, plan("5m"))
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
@example("in 0m:")
def test_names_of_presets(called: str) -> None:
    """A preset can have exactly the names that can start it."""
    try:
        kept = filled("save", name=called, plan="25m")
    except UserError as refused:
        for choice in refused.choices if isinstance(refused, Question) else ():
            assert isinstance(parse(choice.line.removeprefix("focus ")), SavePreset)
        return
    assert isinstance(kept, SavePreset)
    assert parse(called) == parse(kept.name) == StartSession(kept.name, None)


@pytest.mark.parametrize("typed", ["in 10m, deep", "in 10m: deep", "deep in 10m", "in ten minutes; deep"])
def test_a_delay_and_a_stop(typed: str) -> None:
    """A sign behind a delay parts it from the plan."""
    assert parse(typed) == StartSession("deep", None, begin=In(timedelta(minutes=10)))


OPTIONS = "auto off manual warn in at am voice voice: plan: rounds: server me on until tomorrow with"
OTHERS = '25/5 2h every focus short rounds plan deep 5 10m 14:00 - 3x( ) , " “ <#1> #a <@1> ٣'
SOUP = st.lists(st.sampled_from([*TOPIC.verbs, *OPTIONS.split(), *OTHERS.split()]), max_size=10).map(" ".join)


@given(st.one_of(st.text(max_size=60), SOUP))
@example("0{")
@example("help now")
@example("10m 25/5 10m “ leave")
@example('IN VOICE 0" 0:00')
def test_any_text(words: str) -> None:
    """Any text is either a request or refused, never a failure; an example is a valid request."""
    try:
        parse(words)
    except Question as question:
        assert question.choices
        for choice in question.choices:
            if choice.line.startswith("focus ") and not is_one_slip(words):
                assert is_request(choice.line)
    except UserError as refused:
        if refused.example:
            parse(refused.example.removeprefix("focus "))


def is_request(line: str) -> bool:
    """Return whether a choice is a request, or asks about another."""
    try:
        return parse(line.removeprefix("focus ")) is not None or "help" in line
    except Question as question:
        return any(choice.line.startswith("focus ") for choice in question.choices)


def is_one_slip(words: str) -> bool:
    """Return whether a text begins with a misspelt verb, so that the rest may be wrong too."""
    return bool(TOPIC.misspelt(words.split(" ", maxsplit=1)[0]))


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
    """The longest message is parsed quickly."""
    try:
        parse(words)
    except UserError as refused:
        assert len(str(refused)) < 200
    assert steps(parse, words) < MOST
