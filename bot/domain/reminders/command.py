"""Commands on reminders, as values; ``reminders.parser`` reads them from what was asked for."""

from dataclasses import dataclass, field
from enum import StrEnum

# Where a reminder comes: values of the slash command's option.
HERE, DIRECT = "here", "direct message"


class ReminderVerb(StrEnum):
    """What can be done to a pending reminder."""

    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Set:
    """Remind of ``what`` at ``when``, repeated as ``every`` says; or all of them as a ``sentence`` says.

    ``calls`` is a role or group mention, empty for oneself; ``channel_id`` is where to post, if not here;
    ``direct`` asks for a direct message. ``names_another``: it was meant for another person, which
    nobody may do. ``may_list`` is all that was typed, where that may ask for the list: *list tomorrow*.
    """

    when: str = ""
    what: str = ""
    every: str = ""
    sentence: str = ""
    direct: bool = False
    calls: str = ""
    channel_id: int | None = None
    names_another: bool = False
    may_list: str = ""


@dataclass(frozen=True, slots=True)
class ActOnReminders:
    """Act on the reminders that ``targets`` names, by number or text; none means the only one."""

    verb: ReminderVerb
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActOnAll:
    """Act on all of one's own reminders."""

    verb: ReminderVerb


@dataclass(frozen=True, slots=True)
class UndoSet:
    """Take back the reminder that was set last."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """Snooze a reminder that has come; without a target the last one."""

    target: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class EditReminder:
    """Change a reminder; empty fields stay. ``every`` may be *never*. A ``sentence`` says what is to change.

    ``text`` is what was typed in full where it may ask for a new reminder as well: *move boxes tomorrow 9am*.
    """

    target: str
    when: str = ""
    what: str = ""
    every: str = ""
    sentence: str = ""
    text: str = field(default="", compare=False)

    @property
    def changes(self) -> str:
        """The changes as they can be typed."""
        fields = {"when": self.when, "what": self.what, "every": self.every}
        return self.sentence or " ".join(f"{name}: {words}" for name, words in fields.items() if words)


@dataclass(frozen=True, slots=True)
class ListPage:
    """List one's own reminders; pages start at 1."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class ListHere:
    """List all that is pending in a channel, for its moderators."""


@dataclass(frozen=True, slots=True)
class Zone:
    """Set one's time zone; where empty, show it."""

    name: str = ""


Command = Set | ActOnReminders | ActOnAll | UndoSet | Snooze | EditReminder | ListPage | ListHere | Zone
