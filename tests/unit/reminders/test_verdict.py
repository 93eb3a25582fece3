"""Whether a reminder may be said, by the rights of whoever answers for it."""

from dataclasses import replace

import pytest

from bot.domain.reminders.reminder import Reminder
from bot.domain.reminders.verdict import REASONS, Verdict, judge, reason
from bot.domain.rights import LEFT, Rights
from tests.unit.reminders.test_reminder import ANN, new

WRITES = Rights(sees=True, posts=True)
HOST = replace(WRITES, mentions_everyone=True)
OPEN = replace(WRITES, open_role_ids=frozenset({5}))


def calling(calls: str) -> Reminder:
    """A reminder in a server that calls somebody."""
    return replace(new(), calls=calls)


@pytest.mark.parametrize(
    ("calls", "rights", "verdict"),
    [
        (f"<@{ANN.user_id}>", None, Verdict.SAID),
        ("", None, Verdict.SAID),
        ("@everyone", None, Verdict.UNSURE),
        ("<@&5>", None, Verdict.UNSURE),
        (f"<@{ANN.user_id}>", WRITES, Verdict.SAID),
        ("@everyone", WRITES, Verdict.UNCALLED),
        ("@here", WRITES, Verdict.UNCALLED),
        ("<@&5>", WRITES, Verdict.UNCALLED),
        ("<@&5>", OPEN, Verdict.SAID),
        ("<@&6>", OPEN, Verdict.UNCALLED),
        ("@everyone", HOST, Verdict.SAID),
        ("@everyone", replace(HOST, posts=False), Verdict.BARRED),
        ("", Rights(sees=True), Verdict.BARRED),
        ("", LEFT, Verdict.BARRED),
    ],
)
def test_verdicts(calls: str, rights: Rights | None, verdict: Verdict) -> None:
    """Only one's own Mention Everyone calls many; what is not known silences a mention, and nothing else."""
    assert judge(calling(calls), rights) is verdict


def test_what_goes_to_somebody_directly() -> None:
    """What goes to its owner alone is sent whatever they may do elsewhere."""
    assert judge(replace(calling(""), direct=True), LEFT) is Verdict.SAID


def test_reasons() -> None:
    """The reason is what keeps the owner from it, or that it is not theirs to say."""
    given = [reason(calling(""), rights) for rights in (LEFT, Rights(), Rights(sees=True))]
    assert [*given, reason(calling("").changed_by(9, calling("")), LEFT)] == list(REASONS)


def test_who_answers() -> None:
    """Whoever changed it last answers for it, and once its owner changes it again, the owner does."""
    reminder = calling("")
    assert reminder.answers_for_it == ANN.user_id
    assert reminder.changed_by(9, reminder).answers_for_it == 9
    assert reminder.changed_by(9, reminder).changed_by(ANN.user_id, reminder) == reminder
