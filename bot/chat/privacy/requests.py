"""Privacy: carries out commands on a person's own data."""

from collections.abc import Sequence
from typing import assert_never

import discord

from bot.chat.components.given import exactly, unknown
from bot.chat.components.plain_view import plain
from bot.chat.privacy import text
from bot.chat.runtime.closed_doors import NoWayToAnswer
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.upload import Upload
from bot.chat.stats import cards
from bot.domain.errors import NoPlaceToSpeak, NotYours
from bot.domain.privacy import PrivacyVerb
from bot.domain.question import Question, show_me
from bot.messages.catalogue import N_, gettext
from bot.service.preferences import Preferences
from bot.service.privacy import Privacy
from bot.threads import SYSTEM, Threads


class PrivacyRequests:
    """Carries out commands and presses; private answers go to the person alone."""

    def __init__(
        self,
        privacy: Privacy,
        preferences: Preferences,
        keep_days: int,
        keep_left_guild_days: int,
        threads: Threads = SYSTEM,
    ) -> None:
        self._threads = threads
        self._privacy = privacy
        self._preferences = preferences
        self._kept = keep_days, keep_left_guild_days
        # Users whose data is being deleted: a double press gets one answer.
        self._deleting: set[int] = set()

    async def do(self, request: Request, verb: PrivacyVerb) -> None:
        """Carry out a command, typed or slash. Raises ``UserError``."""
        user_id = request.actor.user_id
        match verb:
            case PrivacyVerb.SHOW:
                if not request.private:
                    raise Question(N_("What I store about you is only for you to see."), show_me("privacy show"))
                await request.say(text.privacy(await self._preferences.of(user_id), *self._kept, request.prefix))
            case PrivacyVerb.SHARE | PrivacyVerb.UNSHARE:
                shares = verb is PrivacyVerb.SHARE
                await self._preferences.set(user_id, shares=shares)
                await request.say(text.sharing(shares=shares))
            case PrivacyVerb.EXPORT:
                await request.think()
                await self._export(request)
            case PrivacyVerb.DELETE:
                if not request.private:
                    raise Question(N_("Let's do that where only you can see it."), show_me("privacy delete"))
                shares = (await self._preferences.of(user_id)).shares
                await request.tell(cards.ask_to_delete(text.ask_to_delete(shares=shares), user_id))
            case _:
                assert_never(verb)

    async def press(self, request: InteractionRequest, action: str, numbers: Sequence[int]) -> None:
        """Delete everything, or keep it; only the person who was asked may decide. Raises ``UserError``."""
        (user_id,) = exactly(1, numbers)
        if request.actor.user_id != user_id:
            raise NotYours(N_("Only <@{user_id}> can answer that."), "privacy", user_id=user_id)
        if action == "keep":
            await request.redraw(plain(gettext("Nothing was deleted.")))
            return
        if action != "delete":
            raise unknown()
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
                upload = Upload(name, await self._threads.run(archive.part, part))
                try:
                    await request.tell_alone(view, [upload], part)
                except (discord.HTTPException, NoWayToAnswer) as refused:
                    raise NoPlaceToSpeak(
                        N_("I can't DM you. `/privacy export` shows it here, just to you.")
                    ) from refused
        if not request.private:
            await request.say(gettext("I've sent it to you by DM."))
