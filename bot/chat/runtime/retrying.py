"""Retries what could not be delivered to somebody, at the press of a button."""

from bot.chat import text
from bot.chat.components.button import Button
from bot.chat.components.plain import plain
from bot.chat.runtime.request import InteractionRequest
from bot.domain.timers.timer import Purpose
from bot.messages.catalogue import gettext
from bot.service.unheard import Unheard


def retry_button(kind: str, owner_id: int) -> Button:
    """Offer to retry what could not be delivered to somebody."""
    return Button(kind, "retry", owner_id, label=gettext("Try to tell me again"))


class Retrying:
    """Retries the presser's own messages, whoever's list the button is under."""

    def __init__(self, unheard: Unheard) -> None:
        self._unheard = unheard

    async def press(self, request: InteractionRequest, purpose: Purpose) -> None:
        """Retry all undelivered messages of one purpose to the presser."""
        await request.redraw(plain(text.tried_again(await self._unheard.retry(request.actor.user_id, purpose))))
