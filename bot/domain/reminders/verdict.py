"""Verdict: whether a reminder may be posted in its channel, by the rights of whoever answers for it."""

from enum import StrEnum

from bot.domain.reminders.reminder import Reminder
from bot.domain.rights import Rights
from bot.messages.catalogue import N_, Template

# Why a reminder goes to its owner only.
GONE = N_("you're not in that server any more")
HIDDEN = N_("you can't see that channel any more")
_MUTED = N_("you can't post there any more")
_ANOTHER = N_("whoever changed it last can't post there any more")
REASONS = (GONE, HIDDEN, _MUTED, _ANOTHER)


class Verdict(StrEnum):
    """The fate of a reminder that is due in a server's channel."""

    SAID = "said"
    # Whether its mention is allowed is unknown at the moment, so it is left out.
    UNSURE = "unsure"
    # Its mention is not allowed any more, so it is left out.
    UNCALLED = "uncalled"
    # It may not be posted there any more.
    BARRED = "barred"


# Verdicts that pause a repeating reminder.
REFUSED = {Verdict.UNCALLED, Verdict.BARRED}


def judge(reminder: Reminder, rights: Rights | None) -> Verdict:
    """Judge a reminder by the rights of whoever answers for it; None if they are unknown."""
    if not reminder.is_public:
        return Verdict.SAID
    if rights is None:
        return Verdict.SAID if reminder.is_personal or not reminder.calls else Verdict.UNSURE
    if not rights.posts:
        return Verdict.BARRED
    return Verdict.SAID if rights.may_call(reminder.calls) else Verdict.UNCALLED


def reason(reminder: Reminder, rights: Rights) -> Template:
    """Explain to its owner why a reminder is barred."""
    if reminder.author_id is not None:
        return _ANOTHER
    if not rights.is_member:
        return GONE
    return _MUTED if rights.sees else HIDDEN
