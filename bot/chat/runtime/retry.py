"""Retries a person's undelivered messages, at the press of a button."""

from bot.chat.components.button import Button, plain
from bot.chat.runtime.request import InteractionRequest
from bot.domain.timers.timer import Purpose
from bot.messages.catalogue import N_, gettext
from bot.service.undelivered import Undelivered


def retry_button(kind: str, owner_id: int) -> Button:
    """Offer to retry a person's undelivered messages."""
    return Button(kind, "retry", owner_id, label=gettext("Try again"))


async def retry(request: InteractionRequest, undelivered: Undelivered, purpose: Purpose) -> None:
    """Retry all undelivered messages of one purpose to the presser, no matter whose list the button is under."""
    words = N_("There's nothing left to deliver.")
    if await undelivered.retry(request.actor.user_id, purpose):
        words = N_("I'm trying again. The list shows whatever still won't go through.")
    await request.redraw(plain(gettext(words)))
