"""Presets: named plans, one's own, a server's, or built in."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import BadName, NotYours, TooMany, UserError
from bot.domain.focus import plan
from bot.domain.focus.phase import SHORTEST
from bot.domain.focus.plan import Plan
from bot.domain.timers.timer import Actor
from bot.messages.catalogue import N_
from bot.service.saving import reading, saving
from bot.store import presets as rows
from bot.store.database import Database

# The most plans that a person or a server can save.
_MOST = 25
_SAVE = "focus save mine 3x(40m focus, 8m break)"


@dataclass(frozen=True, slots=True)
class KnownPlans:
    """The plans that a person can name in a place, as text."""

    own: Mapping[str, str]
    of_server: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """All names, one's own first."""
        return list(dict.fromkeys((*self.own, *self.of_server, *plan.BUILT_IN)))

    def find(self, name: str) -> Plan | None:
        """Return the plan of a name; one's own takes precedence over the server's."""
        name = _folded(name)
        if name in plan.BUILT_IN:
            return plan.BUILT_IN[name]
        text = self.own.get(name) or self.of_server.get(name)
        return None if text is None else plan.parse(text)


class Presets:
    """Finds and saves plans by name; names are case-insensitive. ``shortest_phase`` holds for new ones."""

    def __init__(self, database: Database, shortest_phase: timedelta = SHORTEST) -> None:
        self._database = database
        self._shortest_phase = shortest_phase

    async def known(self, actor: Actor) -> KnownPlans:
        """Return the plans that a person can name where they are. Raises ``NotSaved``."""
        async with reading(self._database) as connection:
            plans = await rows.of(connection, list(filter(None, (actor.user_id, actor.guild_id))))
        return KnownPlans(plans[actor.user_id], plans.get(actor.guild_id or 0, {}))

    async def save(self, actor: Actor, name: str, new: Plan, *, for_server: bool) -> None:
        """Save a plan under a name. Raises ``BadName``, ``BadPlan``, ``TooMany`` and ``NotSaved``."""
        new.must_last(self._shortest_phase)
        name = _folded(name)
        if name in plan.BUILT_IN:
            raise BadName(N_("“{name}” is one of my plans. Please pick another name."), _SAVE, name=name)
        owner_id = _owner(actor, for_server=for_server)
        async with saving(self._database) as connection:
            known = (await rows.of(connection, [owner_id]))[owner_id]
            if name not in known and len(known) >= _MOST:
                raise TooMany(
                    N_("There are already {most} saved plans, which is the limit. Delete one first."),
                    "focus presets",
                    most=_MOST,
                )
            await rows.save(connection, owner_id, name, str(new))

    async def forget(self, actor: Actor, name: str, *, for_server: bool) -> None:
        """Delete the plan of that name. Raises ``UserError`` and ``NotSaved``."""
        async with saving(self._database) as connection:
            if not await rows.forget(connection, _owner(actor, for_server=for_server), _folded(name)):
                raise UserError(N_("There's no plan called “{quote}”."), "focus presets", quote=name)


def _folded(name: str) -> str:
    """Return a name as it is stored: composed again, as some letters are several characters in either case."""
    return unicodedata.normalize("NFC", name.casefold())


def _owner(actor: Actor, *, for_server: bool) -> int:
    """Return the owner of a plan. Raises ``UserError`` if it cannot be the server."""
    if not for_server:
        return actor.user_id
    if actor.guild_id is not None and not actor.can_manage:
        raise NotYours(N_("You need Manage Messages to save plans for the server."))
    if actor.guild_id is None:
        raise UserError(N_("That only works in a server."), _SAVE)
    return actor.guild_id
