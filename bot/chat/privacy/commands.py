"""``!privacy`` and ``/privacy``: a person's data and their rights to it, and servers that the bot leaves."""

from collections.abc import Coroutine
from typing import Any, assert_never

import discord
import structlog
from discord.ext import commands

from bot.chat.components.button import Button, plain
from bot.chat.components.validation import exactly, unknown
from bot.chat.privacy import text
from bot.chat.runtime.message_request import NoWayToAnswer
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_cog import pressed
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.upload import Upload
from bot.chat.services import Services
from bot.chat.topic_commands import ANYWHERE, WITH_PEOPLE, TopicCommands, group, verb
from bot.domain.errors import NotSaved, NotYours, UserError
from bot.domain.invocation import Invocation
from bot.domain.privacy import PrivacyVerb, parse
from bot.domain.question import Question, show_me
from bot.messages.catalogue import N_, gettext

_log = structlog.get_logger(__name__)


class PrivacyCommands(TopicCommands):
    """Answers the person alone; no server's rules keep people from their own data."""

    obeys_rules = False

    slash = group(
        "privacy",
        N_("What I store about you, and how to get it or delete it"),
        (
            verb("show", N_("Show what I store about you, and why."), aliases=("?",)),
            verb("share", N_("Show your focus time in the servers we share.")),
            verb("unshare", N_("Keep your focus time private.")),
            verb("export", N_("Get everything I store about you, as a file.")),
            verb("delete", N_("Delete everything I store about you. I'll ask once.")),
        ),
        allowed_contexts=ANYWHERE,
        allowed_installs=WITH_PEOPLE,
        extras={"default": "show"},
    )

    def __init__(self, services: Services, runner: RequestRunner) -> None:
        super().__init__(services, runner)
        self._privacy = services.privacy
        # Users whose data is being deleted: a double press gets one answer.
        self._deleting: set[int] = set()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that a server's data is to be kept."""
        await self._note(self._privacy.joined(guild.id))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that a server's data is to be deleted after a while."""
        await self._note(self._privacy.left(guild.id))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Catch up on servers joined and left while the bot was away."""
        await self._note(self._privacy.is_in([guild.id for guild in self._services.client.guilds]))

    async def _note(self, noting: Coroutine[Any, Any, None]) -> None:
        try:
            await noting
        except NotSaved:
            _log.warning("guild_changes_not_saved")  # the next start corrects it

    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Carry out a command. Raises ``UserError``."""
        user_id = request.actor.user_id
        match verb := parse(asked):
            case PrivacyVerb.SHOW:
                if not request.private:
                    raise Question(N_("What I store about you is only for you to see."), show_me("privacy show"))
                preference = await self._services.preferences.of(user_id)
                kept = self._services.keep_days, self._services.keep_left_guild_days
                await request.reply(text.privacy(preference, *kept, request.prefix))
            case PrivacyVerb.SHARE | PrivacyVerb.UNSHARE:
                shares = verb is PrivacyVerb.SHARE
                await self._services.preferences.set(user_id, shares=shares)
                await request.reply(text.sharing(shares=shares))
            case PrivacyVerb.EXPORT:
                await request.defer()
                await self._export(request)
            case PrivacyVerb.DELETE:
                if not request.private:
                    raise Question(N_("Let's do that where only you can see it."), show_me("privacy delete"))
                words = text.ask_to_delete(shares=(await self._services.preferences.of(user_id)).shares)
                red = discord.ButtonStyle.danger
                delete = Button("privacy", "delete", user_id, label=gettext("Delete everything"), style=red)
                await request.reply_with(
                    plain(words, delete, Button("privacy", "keep", user_id, label=gettext("Keep it")))
                )
            case _:
                assert_never(verb)

    @pressed("privacy_button")
    async def press(self, request: InteractionRequest, action: str, *numbers: int) -> None:
        """Delete everything, or keep it; only the person who was asked may decide. Raises ``UserError``."""
        (user_id,) = exactly(1, numbers)
        if request.actor.user_id != user_id:
            raise NotYours(N_("Only <@{user_id}> can answer that."), "privacy", user_id=user_id)
        if action == "keep":
            await request.redraw(plain(gettext("Nothing was deleted.")))
            return
        if action != "delete":
            raise unknown()
        if user_id in self._deleting:
            await request.defer()
            return
        # Until the report is shown: a second press would find nothing, and put that in its place.
        self._deleting.add(user_id)
        try:
            await request.defer()
            await request.redraw(plain(text.deleted(await self._privacy.delete(user_id))))
        finally:
            self._deleting.discard(user_id)

    async def _export(self, request: Request) -> None:
        async with self._privacy.export(request.actor.user_id) as archive:
            for part in range(len(archive)):
                name = f"pomodoro-{part + 1}.zip" if len(archive) > 1 else "pomodoro.zip"
                view = plain(text.exported(request.prefix, part + 1, len(archive)))
                view.add_item(discord.ui.File(f"attachment://{name}"))
                upload = Upload(name, await self._services.threads.run(archive.part, part))
                try:
                    await request.reply_privately(view, [upload], part)
                except (discord.HTTPException, NoWayToAnswer) as refused:
                    raise UserError(
                        N_("I can't DM you. `/privacy export` shows it here, just to you.")
                    ) from refused
        if not request.private:
            await request.reply(gettext("I've sent it to you by DM."))


TOPIC = PrivacyCommands.topic
