"""What can be wrong with a request, as sentences for the person who sent it.

A refusal changes nothing and is not a bug: it is answered, not logged as an error. What is caught or tested by its
kind has a name; any other is a plain ``UserError``, and ``question`` has the one that offers choices.
"""

from copy import copy

from bot.messages.catalogue import Template


class Unavailable(Exception):
    """A dependency (the database or Discord) cannot serve this request now. The message says why."""


class UserError(Exception):
    """A request that is answered with one friendly sentence and changes nothing.

    Translating the template, and escaping what people typed among its arguments, is left to ``bot.chat.text``; an
    argument that is itself a ``Template`` is translated. ``example`` is a command that would have worked,
    without the prefix.
    """

    def __init__(self, template: Template, example: str | None = None, **arguments: object) -> None:
        super().__init__(template)  # what a copy is made from
        self.template = template
        self.example = example
        self.arguments = arguments

    def __str__(self) -> str:
        return self.template.format_map(self.arguments)


def with_help(refused: UserError, topic: str) -> UserError:
    """Return the same error with a way to the help in place of its example, which is somebody else's request."""
    other = copy(refused)
    other.example = f"{topic} help"
    return other


class BadDuration(UserError):
    """The duration cannot be parsed, or is out of range."""


class BadMoment(UserError):
    """The words are not a time, are ambiguous, or name a time in the past or too far away."""


class BadPeriod(UserError):
    """The words are not a calendar period, or name a future one."""


class BadName(UserError):
    """The name is too long, or empty once control characters are removed."""


class BadPlan(UserError):
    """The plan of a session cannot be parsed, or exceeds a limit."""


class BadRecurrence(UserError):
    """The recurrence cannot be parsed, or is too frequent, too rare or never due."""


class BadRule(UserError):
    """A server setting is invalid."""


class BadText(UserError):
    """The text of a reminder is empty or too long, or an edit changes nothing."""


class BadZone(UserError):
    """No time zone has that name, or several have."""


class UnknownReminder(UserError):
    """No pending reminder has that number or text."""


class UnknownTimer(UserError):
    """No live timer has that name or number."""


class UnknownSession(UserError):
    """No session is running in this channel, or this person is not in it."""


class NotYours(UserError):
    """The timer is somebody else's, and this person may not change it."""


class TooMany(UserError):
    """One of the operator's limits is reached."""


class TooLate(UserError):
    """The timer changed before this request took effect."""


class NotSaved(UserError):
    """The database was unavailable, so the change did not happen."""
