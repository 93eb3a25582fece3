"""Channels: shows moderators what is pending in their channel, and cancels it for them."""

from collections.abc import Sequence

from bot.chat.channels import cards, text
from bot.chat.components.given import exactly, unknown
from bot.chat.runtime.request import InteractionRequest, Request
from bot.service.channel_timers import ChannelTimers

_NUMBERS = {"page": 2}


class ChannelRequests:
    """Carries out commands and presses of moderators; nobody else sees the answers."""

    def __init__(self, timers: ChannelTimers) -> None:
        self._timers = timers

    async def show(self, request: Request) -> None:
        """Show what is pending in the channel, or offer to where others would see it. Raises ``NotYours``."""
        pending = await self._timers.of(request.actor)
        channel_id = request.actor.channel_id
        if request.private:
            await request.tell(cards.listing(pending, 1, channel_id))
        else:
            await request.tell(cards.offer(channel_id))

    async def press(self, request: InteractionRequest, action: str, numbers: Sequence[int]) -> None:
        """Carry out a button, for the channel where it is pressed. Raises ``UserError``."""
        number, *others = exactly(_NUMBERS.get(action, 1), numbers)
        match action:
            case "show":
                await self.show(request)
            case "page":
                await self._redraw(request, others[0])
            case "cancel":
                done = text.cancelled(await self._timers.cancel(request.actor, number))
                await self._redraw(request, 1, done)
            case "cancel_all":
                done = text.all_cancelled(await self._timers.cancel_all(request.actor, number), number)
                await self._redraw(request, 1, done)
            case _:
                raise unknown()

    async def choose(self, request: InteractionRequest, timer_id: int) -> None:
        """Show the chosen timer, with its buttons."""
        await request.redraw(cards.single(await self._timers.by_id(request.actor, timer_id)))

    async def _redraw(self, request: InteractionRequest, page: int, done: str = "") -> None:
        pending = await self._timers.of(request.actor)
        await request.redraw(cards.listing(pending, page, request.actor.channel_id, done))
