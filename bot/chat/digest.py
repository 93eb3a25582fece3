"""The digest: a server's week, told in a channel of its own each Monday; see ``sender.Words`` too."""

from datetime import date, timedelta
from typing import Any

import discord
from discord import ui

from bot.chat import stats_cards as cards
from bot.chat import stats_text as text
from bot.chat.standing import may_post
from bot.chat.talk import Talk
from bot.chat.text import redirected
from bot.domain import schedule
from bot.domain.errors import NoPlaceToSpeak, NoServer, NotYours
from bot.domain.parcel import Kind, Parcel
from bot.domain.period import Period
from bot.domain.reminder import new
from bot.domain.statistics import TaskWeek, monday_of
from bot.domain.stats_request import Digest
from bot.domain.timer import Purpose
from bot.engine.clock import Clock
from bot.pictures.subject import Week
from bot.service.focus_log import FocusLog
from bot.service.gallery import Gallery
from bot.service.preferences import Preferences
from bot.service.reminders import Reminders

_EXAMPLE = "stats digest"
_NAME = "digest"
_WEEK = timedelta(days=7)


class Digests:
    """A digest is a reminder of its own kind, which comes each Monday at 9:00 for whoever has set it."""

    def __init__(self, reminders: Reminders, preferences: Preferences, clock: Clock) -> None:
        self._reminders = reminders
        self._preferences = preferences
        self._clock = clock

    async def set(self, talk: Talk, asked: Digest) -> None:
        """Let a server have its digest, or not. Raises ``NoServer``, ``NotYours`` and ``NoPlaceToSpeak``."""
        guild_id = talk.actor.guild_id
        if guild_id is None or talk.guild is None or talk.is_elsewhere:
            raise NoServer("There is no server here to tell the week of.", _EXAMPLE)
        channel_id = asked.channel_id or talk.actor.channel_id
        permissions = talk.permissions(channel_id)
        if permissions is None or not permissions[0].manage_guild:
            raise NotYours("Only members with Manage Server set where the week is told.", "stats server")
        if asked.channel_id is not None:
            channel = talk.guild.get_channel_or_thread(channel_id)
            if not may_post(permissions[1], in_thread=isinstance(channel, discord.Thread)):
                raise NoPlaceToSpeak("I may not write in that channel.", _EXAMPLE)
        await self._reminders.end_all(guild_id, Purpose.DIGEST)
        if asked.channel_id is None:
            await talk.say("This server's week is told no more.")
            return
        now = self._clock.now()
        zone = await self._preferences.zone(talk.actor.user_id)
        meant = schedule.read("", "monday", now, zone)
        reminder = new(talk.actor, channel_id, _NAME, meant, zone, now, purpose=Purpose.DIGEST)
        kept = await self._reminders.set(reminder, talk.request)
        await talk.say(text.digest_set(channel_id, kept.first_at))


class DigestWords:
    """What is said each Monday: of the week before."""

    def __init__(self, log: FocusLog, gallery: Gallery, clock: Clock) -> None:
        self._log = log
        self._gallery = gallery
        self._clock = clock

    async def message(self, parcel: Parcel) -> dict[str, Any] | None:
        """Tell a server's week, and mention nobody."""
        timer = parcel.timers[0]
        if timer.guild_id is None:
            return None
        monday = monday_of((timer.due_at or self._clock.now()).date()) - _WEEK
        week = Period("", monday, monday + _WEEK - timedelta(days=1))
        board = await self._log.leaders(timer.guild_id, 0, week)
        days = await self._log.server_days(timer.guild_id, monday)
        said = text.digest(board, monday)
        if parcel.kind is Kind.DIRECT:
            said = f"{said}\n{redirected(parcel.timers)}"
        view, uploads = cards.picture(said, await self._gallery.draw(server_week(monday, days)))
        files = [upload.file for upload in uploads]
        return {"view": view, "files": files, "allowed_mentions": discord.AllowedMentions.none()}

    async def edit(self, parcel: Parcel) -> tuple[int, int, ui.LayoutView] | None:
        """Give nothing: what was told stays as it is."""
        del parcel
        return None


def server_week(monday: date, days: tuple[int, ...]) -> Week:
    """Draw a server's week: whose and what it was, is not told."""
    return Week(monday, (TaskWeek(None, days),) if any(days) else (), names_tasks=False)
