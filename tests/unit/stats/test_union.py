"""The union of a person's focus, checked against painting it second by second."""

from hypothesis import given, strategies as st

from bot.domain.stats.union import length, union
from bot.domain.time.quarter_hour import quarter_hours
from bot.domain.time.spans import Seconds

Lengths = list[tuple[int, int]]


def laid(begins: int, lengths: Lengths) -> Seconds:
    """Lay spans one after the other, each followed by a pause."""
    spans = []
    for length_of_one, pause in lengths:
        spans.append((begins, begins + length_of_one))
        begins = spans[-1][1] + pause
    return tuple(spans)


CLAIMS = st.lists(
    st.builds(
        laid, st.integers(0, 2000), st.lists(st.tuples(st.integers(1, 900), st.integers(0, 400)), max_size=4)
    ),
    max_size=9,
)


def painted(claims: list[Seconds]) -> dict[int, int]:
    """Paint every second with the last that claims it."""
    seconds: dict[int, int] = {}
    for rank, claim in enumerate(claims):
        for begins, ends in claim:
            for second in range(begins, ends):
                seconds[second] = rank
    return seconds


@given(CLAIMS)
def test_against_painting(claims: list[Seconds]) -> None:
    """Each claimed second counts once, for the last claim, and no other second does."""
    won = union(claims)
    assert {s: rank for rank, spans in enumerate(won) for b, e in spans for s in range(b, e)} == painted(claims)
    assert sum(map(length, won)) == len(painted(claims))


@given(CLAIMS)
def test_quarters_against_painting(claims: list[Seconds]) -> None:
    """The quarter hours of the union match the painted ones, and none has more than its 900 seconds."""
    quarters: dict[int, int] = {}
    for spans in union(claims):
        for piece in quarter_hours(spans):
            quarters[piece.at] = quarters.get(piece.at, 0) + piece.seconds
    counted: dict[int, int] = {}
    for second in painted(claims):
        counted[second // 900 * 900] = counted.get(second // 900 * 900, 0) + 1
    assert quarters == counted
    assert max(quarters.values(), default=0) <= 900


@given(CLAIMS)
def test_spans_are_in_order_and_apart(claims: list[Seconds]) -> None:
    """Each result is as few spans as possible, in order, and never adjacent."""
    for spans in union(claims):
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(set(edges))
