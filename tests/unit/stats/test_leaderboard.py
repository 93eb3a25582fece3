from hypothesis import given, strategies as st

from bot.domain.stats.leaderboard import Standing, leaderboard


def test_ties_share_a_rank() -> None:
    """Equal totals share a rank, and the next rank counts both."""
    board = leaderboard({11: 60, 12: 300, 13: 120, 14: 120}, 10)
    assert [(standing.rank, standing.user_id) for standing in board.top] == [(1, 12), (2, 13), (2, 14), (4, 11)]


def test_own_rank_beyond_those_shown() -> None:
    """People outside the listed ranks still see their own rank."""
    board = leaderboard({1: 300, 2: 200, 3: 100}, 2, 3)
    assert board.own == Standing(3, 3, 100) not in board.top
    board = leaderboard({1: 300}, 2, 1)
    assert board.own in board.top


def test_nothing_has_no_rank() -> None:
    """People without focus, and strangers, have no rank."""
    board = leaderboard({1: 0, 2: 5}, 10, 1)
    assert (board.own, [standing.user_id for standing in board.top]) == (None, [2])
    assert leaderboard({}, 10, 1).top == ()


@given(st.dictionaries(st.integers(1, 99), st.integers(0, 8)), st.integers(0, 12), st.integers(1, 99))
def test_against_counting(totals: dict[int, int], most: int, own_id: int) -> None:
    """A rank is one more than the number of people with more, which is counted for each of them."""
    board = leaderboard(totals, most, own_id)

    def rank(user_id: int) -> int:
        return 1 + sum(seconds > totals[user_id] for seconds in totals.values())

    ranked = [user_id for user_id, seconds in totals.items() if seconds]
    assert board.total == sum(totals.values())
    assert len(board.top) == min(most, len(ranked))
    assert all(
        standing.rank == rank(standing.user_id) and standing.seconds == totals[standing.user_id]
        for standing in board.top
    )
    assert [standing.rank for standing in board.top] == sorted(map(rank, ranked))[:most]
    assert (board.own is None) == (own_id not in ranked)
    if board.own:
        assert board.own == Standing(rank(own_id), own_id, totals[own_id])
