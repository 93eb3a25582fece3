"""Channels: shows moderators what is pending in their channel (``remind list here``), and cancels it for them."""

from bot.chat.channels import cards
from bot.chat.components.validation import exactly, unknown
from bot.chat.reminders.text import short
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_cog import RequestCog, pressed
from bot.messages.catalogue import gettext

_NUMBERS = {"page": 2}


class ChannelRequests(RequestCog):
    """Carries out commands and presses of moderators; nobody else sees the answers."""

    list_command = "remind list here"

    @pressed("channel_menu")
    async def choose(self, request: InteractionRequest, timer_id: int) -> None:
        """Show the timer chosen from the list, with its buttons."""
        await request.redraw(cards.single(await self._services.channel_timers.by_id(request.actor, timer_id)))

    async def show(self, request: Request) -> None:
        """Show what is pending in the channel; where others would see it, offer to. Raises ``NotYours``."""
        pending = await self._services.channel_timers.of(request.actor)
        channel_id = request.actor.channel_id
        if request.private:
            await request.reply_with(cards.listing(pending, 1, channel_id))
        else:
            await request.reply_with(cards.offer(channel_id))

    @pressed("channel_button")
    async def press(self, request: InteractionRequest, action: str, *numbers: int) -> None:
        """Carry out a button, for the channel where it is pressed. Raises ``UserError``."""
        number, *others = exactly(_NUMBERS.get(action, 1), numbers)
        match action:
            case "show":
                await self.show(request)
            case "page":
                await self._redraw(request, others[0])
            case "cancel":
                pending = await self._services.channel_timers.cancel(request.actor, number)
                await self._redraw(request, 1, gettext("Cancelled: {text}", text=short(cards.name(pending))))
            case "cancel_all":
                count = await self._services.channel_timers.cancel_all(request.actor, number)
                await self._redraw(request, 1, cards.all_cancelled(count, number))
            case _:
                raise unknown()

    async def _redraw(self, request: InteractionRequest, page: int, done: str = "") -> None:
        pending = await self._services.channel_timers.of(request.actor)
        await request.redraw(cards.listing(pending, page, request.actor.channel_id, done))
