"""Whether a reminder may be posted, by the rights of the person who answers for it."""

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
    """A reminder in a server that mentions a person."""
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
    """Only one's own Mention Everyone pings many; unknown rights silence a mention, and nothing else."""
    assert judge(calling(calls), rights) is verdict


def test_a_direct_reminder() -> None:
    """A reminder for its owner alone is sent whatever their rights elsewhere."""
    assert judge(replace(calling(""), direct=True), LEFT) is Verdict.SAID


def test_reasons() -> None:
    """The reason is the owner's lost right, or that it is another's reminder."""
    given = [reason(calling(""), rights) for rights in (LEFT, Rights(), Rights(sees=True))]
    assert [*given, reason(calling("").changed_by(9, calling("")), LEFT)] == list(REASONS)


def test_who_answers() -> None:
    """The last person to change it answers for it; if that is the owner, the owner does."""
    reminder = calling("")
    assert reminder.answers_for_it == ANN.user_id
    assert reminder.changed_by(9, reminder).answers_for_it == 9
    assert reminder.changed_by(9, reminder).changed_by(ANN.user_id, reminder) == reminder
