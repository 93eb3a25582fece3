"""Private: carries out commands on a person's own data."""

import asyncio
from typing import assert_never

import discord

from bot.chat.components.plain import plain
from bot.chat.privacy import text
from bot.chat.runtime.closed_doors import NoWayToAnswer
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.upload import Upload
from bot.chat.stats import cards
from bot.domain.errors import NoPlaceToSpeak, NotYours
from bot.domain.privacy import Command, Delete, Export, Share, Show
from bot.messages.catalogue import N_, gettext
from bot.service.preferences import Preferences
from bot.service.privacy import Privacy


class Private:
    """Carries out commands and presses; private answers go to the person alone."""

    def __init__(
        self, privacy: Privacy, preferences: Preferences, keep_days: int, keep_left_guild_days: int
    ) -> None:
        self._privacy = privacy
        self._preferences = preferences
        self._kept = keep_days, keep_left_guild_days
        # Users whose data is being deleted: whoever presses twice gets one answer.
        self._deleting: set[int] = set()

    async def do(self, request: Request, command: Command) -> None:
        """Carry out a command, typed or slash. Raises ``UserError``."""
        user_id = request.actor.user_id
        match command:
            case Show():
                await request.say(text.privacy(await self._preferences.of(user_id), *self._kept, request.prefix))
            case Share(shares):
                await self._preferences.set_sharing(user_id, shares=shares)
                await request.say(text.sharing(shares=shares))
            case Export():
                await request.think()
                await self._export(request)
            case Delete():
                shares = (await self._preferences.of(user_id)).shares
                await request.tell(cards.ask_to_delete(text.ask_to_delete(shares=shares), user_id))
            case _:
                assert_never(command)

    async def press(self, request: InteractionRequest, action: str, user_id: int) -> None:
        """Delete everything, or keep it; only the person who was asked may decide."""
        if request.actor.user_id != user_id:
            raise NotYours(N_("That is for somebody else to say."), "privacy")
        if action == "keep":
            await request.redraw(plain(gettext("Nothing was deleted.")))
            return
        await request.think()
        if user_id in self._deleting:
            return
        self._deleting.add(user_id)
        try:
            gone = await self._privacy.delete(user_id)
        finally:
            self._deleting.discard(user_id)
        await request.redraw(plain(text.deleted(gone)))

    async def _export(self, request: Request) -> None:
        async with self._privacy.export(request.actor.user_id) as archive:
            for part in range(len(archive)):
                name = f"pomodoro-{part + 1}.zip" if len(archive) > 1 else "pomodoro.zip"
                view = plain(text.exported(request.prefix, part + 1, len(archive)))
                view.add_item(discord.ui.File(f"attachment://{name}"))
                upload = Upload(name, await asyncio.to_thread(archive.part, part))
                try:
                    await request.tell_alone(view, [upload], part)
                except (discord.Forbidden, NoWayToAnswer) as refused:
                    raise NoPlaceToSpeak(
                        N_(
                            "You take no direct messages from me; `/privacy export` gives it to you here, "
                            "and you alone see it."
                        )
                    ) from refused
        if not request.private:
            await request.say(gettext("I have sent it to you directly."))
