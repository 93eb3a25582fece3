"""Retries what could not be delivered to somebody, at the press of a button."""

from bot.chat import text
from bot.chat.components.button import Button
from bot.chat.components.plain_view import plain
from bot.chat.runtime.request import InteractionRequest
from bot.domain.timers.timer import Purpose
from bot.messages.catalogue import gettext
from bot.service.unheard import Unheard


def retry_button(kind: str, owner_id: int) -> Button:
    """Offer to retry what could not be delivered to somebody."""
    return Button(kind, "retry", owner_id, label=gettext("Try again"))


async def retry(request: InteractionRequest, unheard: Unheard, purpose: Purpose) -> None:
    """Retry all undelivered messages of one purpose to the presser, whoever's list the button is under."""
    await request.redraw(plain(text.tried_again(await unheard.retry(request.actor.user_id, purpose))))
