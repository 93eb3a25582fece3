"""A question: a request that may mean several things, each offered as the whole request put right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.errors import UserError
from bot.messages.catalogue import N_, Template

# Discord's limit for the options of a menu.
MOST_CHOICES = 25
# The label of a choice that is named after its line: whoever shows it knows what commands there are.
AS_TYPED = Template("")
# How long a question can be answered.
LIFETIME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible meaning of a request.

    ``line`` is the whole request as it would be typed, without the prefix, and can be understood in one way only:
    ``remind 2026-11-28 09:00 call mum``. ``label`` goes on its button, which has room for 80 characters; a moment
    among its ``arguments`` is the person's wall-clock time. Where another's label is the same, ``what``, its text,
    goes there too. The answer to one that is ``alone`` is for the person alone to see, and the question stays.
    ``channel_id`` is where others may read the ``name`` among its arguments; None: anywhere. ``is_parsed``: it
    was spelled from a parsed request.
    """

    label: Template
    line: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    what: str = ""
    alone: bool = False
    channel_id: int | None = None
    is_parsed: bool = field(default=False, compare=False)


class Question(UserError):
    """Nothing was done: the person picks a choice, which is then carried out."""

    def __init__(self, template: Template, *choices: Choice, **arguments: object) -> None:
        super().__init__(template, choices[0].line if choices else None, **arguments)
        self.choices = tuple({choice.line: choice for choice in reversed(choices)}.values())[::-1][:MOST_CHOICES]


def as_typed(line: str) -> Choice:
    """Offer a request by what its command says of itself."""
    return Choice(AS_TYPED, line)


def like_a_command(words: str, *choices: Choice) -> Question:
    """Ask about words that may be a command as well as a name or a text."""
    return Question(N_("“{quote}” looks like a command. What did you mean?"), *choices, quote=words)


def show_me(line: str) -> Choice:
    """Offer an ephemeral answer to what somebody asked where others read along."""
    return Choice(N_("Show me"), line, alone=True)


def set_my_zone() -> Choice:
    """Offer to tell somebody alone how to set their time zone, which the question is about."""
    return Choice(N_("Set my time zone"), "remind timezone", alone=True)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that was put to somebody, with the ``lines`` of its choices.

    ``request`` is the key of the message or interaction that it answers, and ``about_id`` the message that this one
    replied to: it belongs to the corrected request too.
    """

    id: int
    user_id: int
    guild_id: int | None
    channel_id: int
    request: str
    about_id: int | None
    lines: Sequence[str]
    created_at: datetime
    answered_at: datetime | None

    @property
    def key(self) -> str:
        """The idempotency key of whatever its answer brings about."""
        return f"question{self.id}:{self.asked_by}"

    @property
    def asked_by(self) -> int:
        """The id of the message or interaction that it answers; 0 in a damaged row."""
        return event_id(self.request)


def event_id(request: str) -> int:
    """Return the id of the message or interaction that a request's key names; 0 if it names none."""
    number = request.rpartition(":")[2]
    return int(number) if number.isdecimal() else 0
