"""The digest: a server's week, posted in one of its channels each Monday; see ``sender.Renderer`` too."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import discord
from discord import ui

from bot.chat.runtime.permissions import may_post
from bot.chat.runtime.request import Request
from bot.chat.runtime.sender import Renderer
from bot.chat.stats import cards, text
from bot.chat.text import redirected
from bot.domain.errors import NoPlaceToSpeak, NoServer, NotYours
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.reminders.reminder import new
from bot.domain.stats.command import Digest
from bot.domain.stats.statistics import TaskWeek, monday_of
from bot.domain.time import schedule
from bot.domain.time.period import Period
from bot.domain.timers.timer import Purpose
from bot.engine.clock import Clock
from bot.messages.catalogue import N_, gettext
from bot.pictures.subject import Week
from bot.service.focus_log import UTC, FocusLog
from bot.service.picture_cache import PictureCache
from bot.service.preferences import Preferences
from bot.service.reminders import Reminders

_EXAMPLE = "stats digest"
_NAME = "digest"
_WEEK = timedelta(days=7)


class Digests:
    """A digest is a reminder of its own purpose, due each Monday at 9:00 in the time zone of whoever set it."""

    def __init__(self, reminders: Reminders, preferences: Preferences, clock: Clock) -> None:
        self._reminders = reminders
        self._preferences = preferences
        self._clock = clock

    async def set(self, request: Request, command: Digest) -> None:
        """Turn a server's digest on or off. Raises ``NoServer``, ``NotYours`` and ``NoPlaceToSpeak``."""
        guild_id = request.actor.guild_id
        if guild_id is None or request.guild is None or request.is_elsewhere:
            raise NoServer(N_("There is no server here to tell the week of."), _EXAMPLE)
        channel_id = command.channel_id or request.actor.channel_id
        permissions = request.permissions(channel_id)
        if permissions is None or not permissions[0].manage_guild:
            raise NotYours(N_("Only members with Manage Server set where the week is told."), "stats server")
        if command.channel_id is not None:
            channel = request.guild.get_channel_or_thread(channel_id)
            if not may_post(permissions[1], in_thread=isinstance(channel, discord.Thread)):
                raise NoPlaceToSpeak(N_("I may not write in that channel."), _EXAMPLE)
        if command.channel_id is None:
            await self._reminders.end_all(guild_id, Purpose.DIGEST, request.key)
            await request.say(gettext("This server's week is told no more."))
            return
        now = self._clock.now()
        zone = await self._preferences.zone(request.actor.user_id)
        meant = schedule.read("", "monday", now, zone)
        reminder = new(request.actor, channel_id, _NAME, meant, zone, now, purpose=Purpose.DIGEST)
        kept = await self._reminders.set_alone(reminder, request.key)
        await request.say(text.digest_set(channel_id, kept.first_at))


class DigestRenderer(Renderer):
    """Renders the week before, each Monday, on the calendar of whoever set the digest."""

    def __init__(self, reminders: Reminders, log: FocusLog, picture_cache: PictureCache, clock: Clock) -> None:
        self._reminders = reminders
        self._log = log
        self._gallery = picture_cache
        self._clock = clock

    async def message(self, outbox_message: OutboxMessage) -> dict[str, Any] | None:
        """Render a server's week, mentioning nobody."""
        timer = outbox_message.timers[0]
        if timer.guild_id is None:
            return None
        monday, zone = await self._week(outbox_message)
        week = Period("", monday, monday + _WEEK - timedelta(days=1))
        board = await self._log.leaders(timer.guild_id, 0, week, zone)
        days = await self._log.server_days(timer.guild_id, monday, zone)
        words = "\n".join([text.digest(board, monday), *_redirected(outbox_message)])
        view, uploads = cards.picture(words, await self._gallery.draw(server_week(monday, days)))
        files = [upload.file for upload in uploads]
        return {"view": view, "files": files, "allowed_mentions": discord.AllowedMentions.none()}

    async def edit(self, outbox_message: OutboxMessage) -> tuple[int, int, ui.LayoutView] | None:
        """Return None: a digest is never edited."""
        del outbox_message
        return None

    async def gist(self, outbox_message: OutboxMessage) -> str:
        """Return the text that corrections and sharing do not change meanwhile, and that needs no picture."""
        monday, _ = await self._week(outbox_message)
        return "\n".join([text.digest_title(monday), *_redirected(outbox_message)])

    async def _week(self, outbox_message: OutboxMessage) -> tuple[date, ZoneInfo]:
        timer = outbox_message.timers[0]
        known = (await self._reminders.by_ids([timer.id])).get(timer.id)
        zone = known.zone if known else UTC
        today = (timer.due_at or self._clock.now()).astimezone(zone).date()
        return monday_of(today) - _WEEK, zone


def _redirected(outbox_message: OutboxMessage) -> list[str]:
    return [redirected(outbox_message.timers)] if outbox_message.kind is Kind.DIRECT else []


def server_week(monday: date, days: tuple[int, ...]) -> Week:
    """Return a server's week to draw, without people or tasks."""
    return Week(monday, (TaskWeek(None, days),) if any(days) else (), names_tasks=False)
