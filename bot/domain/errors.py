"""What can be wrong with a request, as sentences for the person who sent it.

    UserError
    ├── BadDuration      "soon" is not a duration; 0 s; 25 h
    ├── BadMoment        "soon" is not a time; yesterday; 1/2 is ambiguous
    ├── BadPeriod        "soon" is not a period; a period in the future
    ├── BadCorrection    would make an entry longer, or leave nothing of it
    ├── BadName          too long, or empty after cleaning
    ├── BadPlan          unclosed brackets; endless, or over 12 h; only breaks
    ├── BadRecurrence    "sometimes" is not a recurrence; every minute; ends before it begins
    ├── BadRule          an invalid server setting
    ├── BadText          an empty reminder text, or one longer than a message holds
    ├── BadZone          "Moon/Base" is not a time zone
    ├── NoServer         a server-only command, in a direct message
    ├── UnknownTimer     no such timer
    ├── UnknownReminder  no such reminder
    ├── UnknownEntry     no such entry of the person's in the focus log
    ├── UnknownSession   no session here, or the person is not in it
    ├── UnknownPreset    no plan of that name
    ├── UnknownControl   a button, menu or form that the bot has not shown there
    ├── NoPlaceToSpeak   the bot may not post here
    ├── NotYours         somebody else's timer
    ├── TooMany          a limit on timers or commands is reached
    ├── TooLate          the timer changed first: finished, cancelled, already paused
    ├── Question         several things may have been meant, see ``question``
    └── NotSaved         the database was unavailable, so nothing happened

A refusal changes nothing and is not a bug: it is answered, not logged as an error.
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


class BadCorrection(UserError):
    """A focus log entry would not become shorter, or nothing would be left of it."""


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


class UnknownEntry(UserError):
    """No focus log entry of this person has that number."""


class NoServer(UserError):
    """The command needs a server, and this is a direct message."""


class UnknownTimer(UserError):
    """No live timer has that name or number."""


class UnknownSession(UserError):
    """No session is running in this channel, or this person is not in it."""


class UnknownPreset(UserError):
    """No plan is saved under that name."""


class UnknownControl(UserError):
    """A button, menu or form is not one of the bot's, or belongs to another place."""


class NoPlaceToSpeak(UserError):
    """The bot may not post in the channel of a later message."""


class NotYours(UserError):
    """The timer is somebody else's, and this person may not change it."""


class TooMany(UserError):
    """One of the operator's limits is reached."""


class TooLate(UserError):
    """The timer changed before this request took effect."""


class NotSaved(UserError):
    """The database was unavailable, so the change did not happen."""
