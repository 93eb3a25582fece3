"""What a person can ask of their reminders, as values; ``reminder_words`` reads them from what is typed."""

from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What can be done to a reminder that is pending."""

    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Set:
    """Remind of ``what`` at the time that ``when`` names, and as ``every`` repeats it; each may be empty.

    ``calls`` is a role or a group as Discord mentions it, and empty for oneself; ``channel_id`` is where to say it,
    if not here; ``direct`` asks for a direct message; ``about_id`` is the message that it is about.
    """

    when: str
    what: str
    every: str = ""
    direct: bool = False
    calls: str = ""
    channel_id: int | None = None
    about_id: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Do something to the reminder that ``which`` names, by number or text; None stands for the only one."""

    verb: Verb
    which: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """Change a reminder; what is empty stays. ``every`` may be *never*."""

    which: str
    when: str = ""
    what: str = ""
    every: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """Show a page of one's own reminders; the first is 1."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class Zone:
    """Set one's time zone; empty, show it."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """Show what can be asked."""


Request = Set | Act | Edit | ListPage | Zone | Help
