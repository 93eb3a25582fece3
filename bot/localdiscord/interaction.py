"""One interaction: who did what and where, how far it has been answered, and its token."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.message import Message
    from bot.localdiscord.outcome import Outcome
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5


@dataclass(slots=True, eq=False)
class Interaction:
    """One interaction and how far it is.

    `owners` are the installs that it was authorized by (see `installs`), `original_id` is the message that its
    first answer made or updated, and `follow_ups` counts those after it.
    """

    id: str
    token: str
    type: int
    user: User
    channel: Channel
    data: Json
    owners: dict[str, str]
    born: float
    message: Message | None = None
    nonce: str | None = None
    trigger: Interaction | None = None
    answered: bool = False
    original_id: str | None = None
    follow_ups: int = 0
    modal: Json | None = None
    outcome: asyncio.Future[Outcome] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    timer: asyncio.TimerHandle | None = None

    def metadata(self) -> Json:
        """Return `interaction_metadata`, as messages that come of it carry it."""
        wire: Json = {
            "id": self.id,
            "type": self.type,
            "user": self.user.wire(),
            "authorizing_integration_owners": dict(self.owners),
        }
        if self.type == COMPONENT and self.message:
            wire["interacted_message_id"] = self.message.id
        elif self.type == MODAL_SUBMIT and self.trigger:
            wire["triggering_interaction_metadata"] = self.trigger.metadata()
        elif target := self.data.get("target_id"):
            users = self.data.get("resolved", {}).get("users", {})
            wire |= {"target_user": users[target]} if target in users else {"target_message_id": target}
        return wire


def command_name(data: Json) -> str:
    """Return a command's full name with its groups, as people type it."""
    names = [data["name"]]
    options = data.get("options") or []
    while options and options[0]["type"] in {1, 2}:
        names.append(options[0]["name"])
        options = options[0].get("options") or []
    return " ".join(names)
