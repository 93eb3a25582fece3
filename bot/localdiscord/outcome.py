"""Outcomes: what a person sees come of a click, a command or a modal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.localdiscord.wire import Json

Kind = Literal["message", "update", "modal", "defer", "none", "choices", "failed"]


@dataclass(slots=True, frozen=True)
class Outcome:
    """The first answer to an interaction.

    `message` is the new message ("message", and the empty one of "defer") or the updated one ("update");
    `modal` the form to fill in; "none" an acknowledgement without anything to see; "failed" no answer within
    three seconds.
    """

    kind: Kind
    interaction_id: str
    message: Json | None = None
    modal: Json | None = None
    choices: tuple[Json, ...] = ()
    reason: str = ""

    @property
    def answer(self) -> Json:
        """The message that came of it; LookupError where none did."""
        if self.message is None:
            raise LookupError(f"The answer was no message but {self.kind!r}. {self.reason}")
        return self.message

    @property
    def ephemeral(self) -> bool:
        """Whether only the one who asked sees the message."""
        return bool(self.message and self.message["flags"] & 64)
