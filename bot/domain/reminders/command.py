"""Commands on reminders, as values; ``reminders.parser`` reads them from what was asked for."""

from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What can be done to a pending reminder."""

    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Set:
    """Remind of ``what`` at ``when``, repeated as ``every`` says; each may be empty.

    ``calls`` is a role or group mention, empty for oneself; ``channel_id`` is where to post, if not here;
    ``direct`` asks for a direct message; ``about_id`` is the message it is about.
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
    """Act on the reminder that ``which`` names, by number or text; None means the only one."""

    verb: Verb
    which: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """Change a reminder; empty fields stay. ``every`` may be *never*."""

    which: str
    when: str = ""
    what: str = ""
    every: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """List one's own reminders; pages start at 1."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class Zone:
    """Set one's time zone; where empty, show it."""

    name: str = ""


Command = Set | Act | Edit | ListPage | Zone
