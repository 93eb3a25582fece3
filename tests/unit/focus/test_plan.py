from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given, strategies as st

from bot.domain.errors import BadPlan, UserError
from bot.domain.focus.plan import BUILT_IN, LONGEST, MOST_PHASES, Part, Phase, Plan, parse, standard
from tests.long_input import MOST, steps

M = timedelta(minutes=1)
TIMES = "\N{MULTIPLICATION SIGN}"
CLASSIC = BUILT_IN["classic"]

# A plan as a tree: a phase is (milliseconds, label), a repeat is (times, items).
LABELS = [
    "focus",
    "write",
    "short break",
    "long break",
    "lunch",
    "walk outside",
    "x-ray",
    "min",
    "2nd draft",
    "café",
]
Leaf = tuple[int, str]
phase_trees = st.tuples(st.integers(1_000, 2 * 3_600_000), st.sampled_from(LABELS))
plan_trees: st.SearchStrategy[list[Any]] = st.lists(
    st.one_of(phase_trees, st.tuples(st.integers(1, 4), st.lists(phase_trees, min_size=1, max_size=3))),
    min_size=1,
    max_size=4,
)
# Lengths and labels from a few, so that much repeats.
phases = st.builds(
    Phase,
    st.sampled_from([M, 5 * M, timedelta(seconds=1.5), timedelta(milliseconds=59_999), timedelta(seconds=61)]),
    st.sampled_from(LABELS),
)


def spelled(tree: list[Any]) -> str:
    """Format a tree as people write a plan."""
    items = []
    for head, tail in tree:
        if isinstance(tail, str):
            items.append(f"{head / 1000:.3f}s {tail}")
        else:
            items.append(f"{head} x ({spelled(tail)})" if len(tail) > 1 else f"{head}{TIMES}{spelled(tail)}")
    return ", ".join(items)


def leaves(tree: list[Any]) -> list[Leaf]:
    """Expand a tree independently of the bot."""
    return [
        leaf
        for head, tail in tree
        for leaf in (
            [(head, tail)] if isinstance(tail, str) else [leaf for _ in range(head) for leaf in leaves(tail)]
        )
    ]


def lengths(of: Plan) -> list[float]:
    return [phase.length / M for phase in of.phases]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("25", [25]),
        ("0.5", [0.5]),
        ("25, 5 break", [25, 5]),
        ("25:00", [25]),
        ("1h30m", [90]),
        ("40 min write, 8 m break", [40, 8]),
        ("3x40m", [40, 40, 40]),
        ("3 X 40", [40, 40, 40]),
        (f"3{TIMES}40m,5m tea", [40, 40, 40, 5]),
        ("2 * ( 40m , 8m break )", [40, 8, 40, 8]),
        ("2x2x(1, 2)", [1, 2, 1, 2, 1, 2, 1, 2]),
        ("2x(2x(2x(2x(1))))", [1] * 16),
        ("10m\nwarm-up,\t3x(40m focus, 8m break), 30m lunch", [10, 40, 8, 40, 8, 40, 8, 30]),
        ("\N{ARABIC-INDIC DIGIT TWO}x\N{ARABIC-INDIC DIGIT FIVE}m", [5, 5]),
        ("12h", [720]),
        ("100x1s", [1 / 60] * 100),
        ("5m 2nd draft", [5]),
        ("10 xylophone", [10]),
    ],
)
def test_reads(text: str, minutes: list[float]) -> None:
    """A plan is items separated by commas; a bare number is minutes, and repeats are expanded in order."""
    assert lengths(parse(text)) == minutes


def test_labels() -> None:
    """The text after a length is its label, cleaned; without one it is focus."""
    read = parse("10m  warm-up \N{RIGHT-TO-LEFT OVERRIDE}now, 25, 5 min x-ray, 3m 🍵")
    assert [phase.label for phase in read.phases] == ["warm-up now", "focus", "x-ray", "🍵"]


@pytest.mark.parametrize(
    ("label", "part"),
    [
        ("focus", Part.FOCUS),
        ("warm-up", Part.WARM_UP),
        ("Warming up", Part.WARM_UP),
        ("warm soup", Part.FOCUS),
        ("breakthrough", Part.FOCUS),
        ("long read", Part.FOCUS),
        ("focus on tea", Part.FOCUS),
        ("break", Part.SHORT),
        ("BREAK", Part.SHORT),
        ("short break", Part.SHORT),
        ("coffee-break", Part.SHORT),
        ("walk outside", Part.SHORT),
        ("long break", Part.LONG),
        ("long walk", Part.LONG),
        ("Lunch", Part.LONG),
    ],
)
def test_parts(label: str, part: Part) -> None:
    """A label with a word for a break is a break, long for a meal or if it says so; a warm-up is neither."""
    phase = Phase(5 * M, label)
    assert phase.part is part
    assert phase.is_focus is (part is Part.FOCUS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "There's a phase missing"),
        (",", "There's a phase missing"),
        ("25m,,5m", "There's a phase missing"),
        ("25m,", "There's a phase missing"),
        ("3x", "There's a phase missing"),
        ("3x()", "There's a phase missing"),
        ("3x(25m,)", "There's a phase missing"),
        ("3x(40m, 8m break", "There's a “)” missing"),
        ("2x(2x(5m)", "There's a “)” missing"),
        ("40m)", "There's a “(” missing"),
        ("3x(40m)) , 5m", "There's a “(” missing"),
        ("(40m, 8m)", "Put a number before “(”"),
        ("40m (quiet)", "Put a number before “(”"),
        ("1.5x(40m)", "Put a number before “(”"),
        ("-1x(40m)", "Put a number before “(”"),
        ("3x(40m) 8m", "There's a comma missing after “)”, before “8m”."),
        ("3x(40m)(8m)", "There's a comma missing after “)”, before “(”."),
        ("0x(25m)", "0 times"),
        ("000x25m", "0 times"),
        ("999999x25m", "more than 100 phases"),
        ("99999999999999999999x(25m)", "more than 100 phases"),
        (f"{'9' * 5000}x1s", "more than 100 phases"),
        ("101x1s", "more than 100 phases"),
        ("99x1s, 2x1s, and so on", "more than 100 phases"),
        ("50x(1s, 1s, 1s)", "more than 100 phases"),
        ("2x2x2x2x2x1m", "nested 4 deep"),
        ("2x(2x(2x(2x(2x(1m)))))", "nested 4 deep"),
        ("30x25m", "adds up to 12 h 30 min"),
        ("12h, 1s", "adds up to 12 h 1 s"),
        ("13h", "12 hours is the limit"),
        ("999999999d999999999h", "12 hours is the limit"),
        ("0", "too short for a phase"),
        ("0.5s", "too short for a phase"),
        ("5m break, 1h lunch", "all breaks"),
        ("focus 25m", "“focus 25m” needs a length in front"),
        ("25m, break", "“break” needs a length in front"),
        ("3 x focus", "“focus” needs a length in front"),
        ("-5m", "I can't read “-5m” as a length"),
        ("25x", "There's a phase missing"),
        ("50/10", "I can't read “50/10” as a length"),
        ("25 5", "“5” starts with a second length"),
        ("1h 40h write", "“40h write” starts with a second length"),
        ("40m 8 min break", "“8 min break” starts with a second length"),
        (f"5m {'x' * 41}", "41 characters long. Please keep it to 40"),
        ("5m \N{ZERO WIDTH JOINER}", "looks empty"),
    ],
)
def test_refuses(text: str, message: str) -> None:
    """An invalid plan is refused with one sentence that says why, and a valid plan."""
    with pytest.raises(UserError) as refused:
        parse(text)
    assert message in str(refused.value)
    assert len(str(refused.value)) < 200
    assert refused.value.example
    parse(refused.value.example.removeprefix("focus "))


@given(plan_trees)
def test_totals(tree: list[Any]) -> None:
    """A plan has the phases, the total and the rounds of its text when expanded by hand."""
    expected = leaves(tree)
    total = sum(milliseconds for milliseconds, _ in expected)
    rounds = sum(label in {"focus", "write", "x-ray", "min", "2nd draft", "café"} for _, label in expected)
    if total > 12 * 3_600_000 or not rounds:
        with pytest.raises(BadPlan):
            parse(spelled(tree))
        return
    read = parse(spelled(tree))
    assert [(phase.length / timedelta(milliseconds=1), phase.label) for phase in read.phases] == expected
    assert read.total == timedelta(milliseconds=total)
    assert read.rounds == rounds


@given(st.lists(phases, min_size=1, max_size=100))
def test_round_trip(of: list[Phase]) -> None:
    """The text of a plan is read as that plan, to the millisecond, with its labels and parts."""
    assume(any(phase.is_focus for phase in of) and sum((phase.length for phase in of), 0 * M) <= LONGEST)
    made = Plan(tuple(of))
    assert parse(str(made)) == made


@given(st.text(max_size=45), st.integers(1_000, 12 * 3_600_000))
def test_round_trip_of_any_phase(label: str, milliseconds: int) -> None:
    """A phase of any length and of any label that it can have comes back as it was."""
    try:
        made = Plan((Phase(timedelta(milliseconds=milliseconds), label),))
    except UserError:
        return
    assert parse(str(made)) == made


@pytest.mark.parametrize("label", ["a, b", "a (b)", "5", "5m", "1h30m now", "", " ", "x" * 41])
def test_impossible_labels(label: str) -> None:
    """No phase has a label that would not be read as a label again."""
    with pytest.raises(UserError):
        Phase(5 * M, label)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("25, 5 break", "25m focus, 5m break"),
        ("25, 25, 25", "3x25m focus"),
        (
            "10m warm-up, 40, 8 break, 40, 8 break, 40, 8 break, 30m lunch",
            "10m warm-up, 3x(40m focus, 8m break), 30m lunch",
        ),
        ("2x(3x(10, 1 tea), 20 walk)", "2x(3x(10m focus, 1m tea), 20m walk)"),
        ("90, 1.5s rest", "1h30m focus, 1.5s rest"),
        (
            "2x(2x(2x(2x(1, 1, 2), 3), 4), 5)",
            "2x(2x(2x(2x(1m focus, 1m focus, 2m focus), 3m focus), 4m focus), 5m focus)",
        ),
    ],
)
def test_folds(written: str, folded: str) -> None:
    """Repeats are written once, as deeply nested as can be read."""
    assert str(parse(written)) == folded


SOUP = st.lists(
    st.sampled_from(
        ["25m", "5", "1h", "3x", "x", TIMES, "(", ")", ",", " ", "break", "0x", "9" * 50, "-", ".5", "12h", "٣"]
    ),
    max_size=40,
).map("".join)


@given(st.one_of(st.text(max_size=80), SOUP))
def test_any_text(text: str) -> None:
    """Any text is a plan within the limits or refused, never a failure."""
    try:
        read = parse(text)
    except UserError:
        return
    assert 1 <= len(read.phases) <= MOST_PHASES
    assert read.rounds >= 1
    assert M / 60 <= read.total <= LONGEST
    assert parse(str(read)) == read


@pytest.mark.parametrize(
    "text",
    [
        "(" * 6000,
        "3x(" * 2000,
        "1x" * 3000 + "1",
        "2x(" * 1500 + "1m" + ")" * 1500,
        "9" * 6000,
        "9" * 6000 + "x(25m)",
        "9 " * 3000,
        ",".join(["1s"] * 2000),
        ",".join(["99x1s"] * 1000),
        "4x4x4x1s," * 600,
        "5m " + "a " * 3000,
        ")" * 6000,
        " " * 6000,
    ],
)
def test_nasty_texts(text: str) -> None:
    """The longest and deepest text is refused quickly: it is not expanded, and does not overflow the stack."""
    with pytest.raises(UserError):
        parse(text)
    assert steps(parse, text) < MOST


def test_standard() -> None:
    """The standard plan is rounds of focus, with short breaks between and the long one at the end."""
    assert lengths(standard()) == [25, 5, 25, 5, 25, 5, 25, 15]
    assert [phase.part for phase in standard().phases] == [Part.FOCUS, Part.SHORT] * 3 + [Part.FOCUS, Part.LONG]
    assert lengths(standard(50 * M, 0 * M, 20 * M, 2)) == [50, 50, 20]
    assert lengths(standard(long=0 * M, rounds=1)) == [25]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rounds": 0}, "1 to 100 rounds"),
        ({"rounds": 10**9}, "1 to 100 rounds"),
        ({"rounds": 30}, "adds up to 15 h 10 min"),
        ({"focus": 0 * M}, "too short for a phase"),
        ({"short": -M}, "too short for a phase"),
        ({"long": 721 * M}, "12 hours is the limit"),
    ],
)
def test_standard_refuses(wrong: dict[str, Any], message: str) -> None:
    """A standard plan keeps the limits of every plan."""
    with pytest.raises(BadPlan, match=message):
        standard(**wrong)


def test_built_in() -> None:
    """The presets that everybody has are classic, deep and ultradian."""
    assert {name: str(built) for name, built in BUILT_IN.items()} == {
        "classic": "3x(25m focus, 5m short break), 25m focus, 15m long break",
        "deep": "2x(50m focus, 10m short break), 50m focus, 20m long break",
        "ultradian": "1h30m focus, 20m short break, 1h30m focus, 20m long break",
    }


def test_rounds() -> None:
    """A break belongs to the round before it, and breaks before the first focus phase to none."""
    read = parse("5m coffee, 2x(40m, 8m break), 30m lunch")
    assert read.rounds == 2
    assert [read.round_of(at) for at in range(-1, 6)] == [0, 0, 1, 1, 2, 2, 2]


@pytest.mark.parametrize(
    ("at", "change", "minutes"),
    [
        (-1, {"focus": 50 * M}, [50, 5, 50, 5, 50, 5, 50, 15]),
        (0, {"focus": 50 * M}, [50, 5, 50, 5, 50, 5, 50, 15]),
        (1, {"focus": 50 * M}, [25, 5, 50, 5, 50, 5, 50, 15]),
        (2, {"focus": 50 * M, "short": 10 * M, "long": 20 * M}, [25, 5, 50, 10, 50, 10, 50, 20]),
        (3, {"short": 10 * M}, [25, 5, 25, 10, 25, 10, 25, 15]),
        (-1, {"rounds": 2}, [25, 5, 25, 15]),
        (-1, {"rounds": 1}, [25, 15]),
        (-1, {"rounds": 5}, [25, 5, 25, 5, 25, 5, 25, 5, 25, 15]),
        (2, {"rounds": 3}, [25, 5, 25, 5, 25, 15]),
        (2, {"rounds": 2}, [25, 5, 25, 15]),
        (3, {"rounds": 2}, [25, 5, 25, 5]),
        (6, {"rounds": 4}, [25, 5, 25, 5, 25, 5, 25, 15]),
        (6, {"rounds": 5}, [25, 5, 25, 5, 25, 5, 25, 5, 25, 15]),
        (7, {"rounds": 5}, [25, 5, 25, 5, 25, 5, 25, 15, 25, 15]),
        (4, {"rounds": 5, "focus": 50 * M}, [25, 5, 25, 5, 50, 5, 50, 5, 50, 15]),
        (6, {"rounds": 5, "short": 9 * M}, [25, 5, 25, 5, 25, 5, 25, 9, 25, 15]),
        (-1, {}, [25, 5, 25, 5, 25, 5, 25, 15]),
    ],
)
def test_edited(at: int, change: dict[str, Any], minutes: list[float]) -> None:
    """Past phases stay, the current and later ones change, and the long break stays at the end."""
    assert lengths(CLASSIC.edited(at, **change)) == minutes


def test_edited_free_plan() -> None:
    """Rounds of a custom plan are added or removed before the last, so that its beginning and end stay."""
    read = parse("5m coffee, 10m warm-up, 3x(40m, 8m break), 30m lunch")
    assert str(read.edited(-1, rounds=6)) == "5m coffee, 10m warm-up, 6x(40m focus, 8m break), 30m lunch"
    assert str(read.edited(0, rounds=2)) == "5m coffee, 10m warm-up, 2x(40m focus, 8m break), 30m lunch"
    assert str(parse("50m").edited(0, rounds=2)) == "50m focus, 5m short break, 50m focus"


@pytest.mark.parametrize(
    ("at", "change", "message"),
    [
        (-1, {"rounds": 0}, "at least 1 round"),
        (4, {"rounds": 2}, "Round 3 has already started"),
        (-1, {"rounds": 10**9}, "more than 100 phases"),
        (-1, {"rounds": 40}, "adds up to 20 h 10 min"),
        (-1, {"focus": 4 * 60 * M}, "adds up to 16 h 30 min"),
        (-1, {"short": 0 * M}, "too short for a phase"),
        (7, {"short": 10 * M}, "There's no short break left"),
    ],
)
def test_edited_refuses(at: int, change: dict[str, Any], message: str) -> None:
    """An impossible change is refused, and so is one without effect."""
    with pytest.raises(BadPlan, match=message):
        CLASSIC.edited(at, **change)


@st.composite
def edits(draw: st.DrawFn) -> tuple[Plan, int, int]:
    """Draw a plan, its latest phase that has begun (-1: none), and a possible number of rounds."""
    of = draw(st.lists(phases, max_size=9))
    of.insert(draw(st.integers(0, len(of))), Phase(5 * M, "focus"))
    at = draw(st.integers(-1, len(of) - 1))
    begun = max(1, Plan(tuple(of)).round_of(at))
    # As many as a plan has at most, if all phases are copied for each round.
    return Plan(tuple(of)), at, draw(st.integers(begun, min(15, MOST_PHASES // len(of))))


@given(edits())
def test_edited_rounds(edit: tuple[Plan, int, int]) -> None:
    """Whatever the plan, an edit keeps what has begun and gives the rounds asked for."""
    made, at, rounds = edit
    edited = made.edited(at, rounds=rounds)
    assert edited.phases[: at + 1] == made.phases[: at + 1]
    assert edited.rounds == rounds
    if rounds == made.rounds:
        assert edited == made


def test_then() -> None:
    """Another plan replaces the phases that have not begun, within the limits of a plan."""
    assert lengths(CLASSIC.then(1, parse("40, 8 break"))) == [25, 5, 40, 8]
    assert CLASSIC.then(-1, parse("40")) == parse("40")
    with pytest.raises(BadPlan, match="adds up to 12 h 25 min"):
        CLASSIC.then(0, parse("12h"))
