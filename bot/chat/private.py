"""Private: what people ask about what is kept of them is done here."""

import discord

from bot.chat import private_text as text
from bot.chat import stats_cards as cards
from bot.chat.talk import Pressed, Talk, Upload
from bot.domain import stats_request as ask
from bot.domain.errors import NoPlaceToSpeak, NotYours
from bot.domain.stats_request import Request
from bot.service.preferences import Preferences
from bot.service.privacy import Privacy


class Private:
    """Does requests and presses; what is private is told to nobody else."""

    def __init__(
        self, privacy: Privacy, preferences: Preferences, keep_days: int, keep_left_guild_days: int
    ) -> None:
        self._privacy = privacy
        self._preferences = preferences
        self._kept = keep_days, keep_left_guild_days
        # Whose data is being deleted: who presses twice is told once what was deleted.
        self._deleting: set[int] = set()

    async def do(self, talk: Talk, asked: Request) -> None:
        """Do what was typed, or asked by a slash command. Raises ``Refusal``."""
        user_id = talk.actor.user_id
        match asked:
            case ask.Share(shares):
                await self._preferences.set_sharing(user_id, shares=shares)
                await talk.say(text.sharing(shares=shares))
            case ask.Export():
                await talk.think()
                await self._export(talk)
            case ask.Delete():
                shares = (await self._preferences.of(user_id)).shares
                await talk.tell(cards.ask_to_delete(text.ask_to_delete(shares=shares), user_id))
            case _:
                await talk.say(text.privacy(await self._preferences.of(user_id), *self._kept, talk.prefix))

    async def press(self, talk: Pressed, action: str, user_id: int) -> None:
        """Delete all, or keep it; only the one who was asked may say."""
        if talk.actor.user_id != user_id:
            raise NotYours("That is for somebody else to say.", "privacy")
        if action == "keep":
            await talk.redraw(cards.words("Nothing was deleted."))
            return
        await talk.think()
        if user_id in self._deleting:
            return
        self._deleting.add(user_id)
        try:
            gone = await self._privacy.delete(user_id)
        finally:
            self._deleting.discard(user_id)
        await talk.redraw(cards.words(text.deleted(gone)))

    async def _export(self, talk: Talk) -> None:
        packed = await self._privacy.export(talk.actor.user_id)
        view = cards.words(text.exported(talk.prefix))
        view.add_item(discord.ui.File("attachment://pomodoro.zip"))
        try:
            await talk.tell_alone(view, [Upload("pomodoro.zip", packed)])
        except discord.Forbidden as refused:
            raise NoPlaceToSpeak(
                "You take no direct messages from me; `/privacy export` gives it to you here, and you alone see it."
            ) from refused
        if not talk.private:
            await talk.say("I have sent it to you directly.")
