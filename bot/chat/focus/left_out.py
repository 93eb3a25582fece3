"""What a command on a session left out: it is asked, with what there is to choose from."""

from bot.chat.focus.text import mentions
from bot.chat.text import Markup
from bot.domain.errors import UnknownPreset, UnknownSession, UserError
from bot.domain.focus.session import Session
from bot.domain.question import MOST_CHOICES, Choice, Question
from bot.messages.catalogue import N_
from bot.service.presets import KnownPlans


def host(session: Session) -> UserError:
    """Ask who is to be the host; a button has no room for a mention, so people are numbered."""
    others = [person.user_id for person in session.present if person.user_id != session.timer.owner_id][
        :MOST_CHOICES
    ]
    if not others:
        return UnknownSession(N_("They'd have to join first: the host has to be in the session."), "focus join")
    lines = (
        Choice(N_("Number {number}"), f"focus host <@{user_id}>", {"number": number})
        for number, user_id in enumerate(others, 1)
    )
    return Question(N_("Who should be the host? In this order: {people}"), *lines, people=Markup(mentions(others)))


def task() -> Question:
    """Ask for a task, which a form takes."""
    return Question(N_("What are you working on?"), Choice(N_("My task"), "focus task", alone=True))


def preset(known: KnownPlans, *, for_server: bool) -> UserError:
    """Ask which of the saved plans is to be forgotten."""
    names = known.of_server if for_server else known.own
    end = " server" if for_server else ""
    if not names:
        return UnknownPreset(N_("There are no saved plans."), "focus presets")
    return Question(
        N_("Which one?"), *(Choice(N_("{name}"), f"focus forget {saved}{end}", {"name": saved}) for saved in names)
    )
