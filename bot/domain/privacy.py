"""Commands on a person's own data, and their parser."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.errors import BadPeriod
from bot.domain.invocation import Invocation
from bot.messages.catalogue import N_


@dataclass(frozen=True, slots=True)
class Show:
    """Show what is stored about a person."""


@dataclass(frozen=True, slots=True)
class Share:
    """Share one's sums with one's servers, or stop."""

    shares: bool


@dataclass(frozen=True, slots=True)
class Export:
    """Export all data of a person."""


@dataclass(frozen=True, slots=True)
class Delete:
    """Ask for confirmation to delete all data of a person."""


Command = Show | Share | Export | Delete

_COMMANDS: Mapping[str, Command] = {
    "show": Show(),
    "share": Share(shares=True),
    "unshare": Share(shares=False),
    "export": Export(),
    "delete": Delete(),
}


def parse(asked: Invocation) -> Command:
    """Return the command of a verb of ``privacy``; nothing may follow it. Raises ``BadPeriod``."""
    if asked.words:
        raise BadPeriod(
            N_("“{quote}” is nothing I know; share, unshare, export and delete are."),
            "privacy export",
            quote=asked.text[:40],
        )
    return _COMMANDS[asked.verb]
