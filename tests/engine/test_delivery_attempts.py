import pytest

from bot.domain.errors import NotSaved, Unavailable
from bot.domain.lease import LeaseLost
from bot.engine.delivery import Attempts, Failure, Unrecognised
from bot.service.saving import NOTHING_CHANGED


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (Unavailable(), Failure.PASSING),
        (NotSaved(NOTHING_CHANGED), Failure.PASSING),
        (OSError(), Failure.PASSING),
        (TimeoutError(), Failure.PASSING),
        (LeaseLost(), Failure.PASSING),
        (Unrecognised(), Failure.UNRECOGNISED),
        (KeyError(), Failure.OURS),
    ],
)
def test_kinds(error: Exception, failure: Failure) -> None:
    """Outages count as temporary; an unknown refusal differs from an error of our own."""
    assert Failure.of(error) is failure


@pytest.mark.parametrize(
    ("failure", "others_pass", "ceilings", "first", "longest"),
    [
        (Failure.PASSING, [False] * 4 + [True] + [False] * 4 + [True], (None, None), 0.25, 30),
        (Failure.UNRECOGNISED, [False] * 4 + [True] * 6, (40, 8), 0.25, 3600),
        (Failure.OURS, [True] * 10, (5, 5), 2, 30),
    ],
)
def test_attempts(
    failure: Failure,
    others_pass: list[bool],
    ceilings: tuple[int | None, int | None],
    first: float,
    longest: float,
) -> None:
    """Each kind has its own number of attempts, waits between them, and attempts that block others."""
    attempts = Attempts()
    passed, over = [], []
    for number in range(1, 61):
        attempts.failed(failure)
        passed.append(attempts.lets_others_pass(failure))
        over.append((attempts.is_over(failure), attempts.is_over(failure, is_edit=True)))
        most = min(first * 2 ** (number - 1), longest)
        assert most / 2 <= attempts.wait(failure) <= most
    assert passed[:10] == others_pass
    for ceiling, is_over in zip(ceilings, zip(*over, strict=True), strict=True):
        assert is_over == tuple(ceiling is not None and number >= ceiling for number in range(1, 61))
