"""The digest: a server's week, posted in one of its channels each Monday; see ``sender.Renderer`` too."""

from datetime import date, timedelta
from typing import Any

import discord

from bot.chat.runtime.permissions import may_post
from bot.chat.runtime.request import Request
from bot.chat.runtime.sender import Renderer
from bot.chat.services import Services
from bot.chat.stats import cards, text
from bot.chat.text import redirected, relative
from bot.domain.errors import NotYours, UserError
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.reminders.reminder import new
from bot.domain.rules import Rules
from bot.domain.stats.command import Digest
from bot.domain.stats.statistics import TaskWeek, monday_of
from bot.domain.time import schedule
from bot.domain.time.period import week_of
from bot.domain.timers.timer import Purpose, Timer
from bot.engine.clock import Clock
from bot.messages.catalogue import N_, gettext
from bot.pictures.subject import Week
from bot.service.focus_log import FocusLog
from bot.service.members import AHEAD, Members
from bot.service.picture_cache import PictureCache
from bot.service.rules import ServerRules

_EXAMPLE = "stats digest"
_NAME = "digest"
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


async def set_digest(services: Services, request: Request, command: Digest) -> None:
    """Turn on or off a server's digest: a reminder due each Monday at 9:00 by its clock. Raises ``UserError``."""
    guild_id = request.must_be_in_server(N_("That only works in a server."), _EXAMPLE)
    channel_id = command.channel_id or request.actor.channel_id
    permissions = request.permissions(channel_id)
    if permissions is None or not permissions[0].manage_guild:
        raise NotYours(N_("You need Manage Server to choose where I post the week."), "stats server")
    if command.channel_id is None:
        await services.digests.end_all(guild_id, request.key)
        await request.reply(gettext("I won't post this server's week any more."))
        return
    channel = request.guild and request.guild.get_channel_or_thread(channel_id)
    if not may_post(permissions[1], channel):
        raise UserError(N_("I can't post in that channel."), _EXAMPLE)
    now = services.clock.now()
    zone = (await services.rules.of(guild_id)).zone_or_utc
    meant = schedule.read("", "monday", now, zone)
    reminder = new(request.actor, channel_id, _NAME, meant, zone, now, purpose=Purpose.DIGEST)
    kept = await services.digests.set(reminder, request.key)
    await request.reply(
        gettext(
            "I'll post the week in <#{channel_id}> every Monday, starting {when}.",
            channel_id=channel_id,
            when=relative(kept.first_at),
        )
    )


class DigestRenderer(Renderer):
    """Renders the week before, each Monday, on the calendar of its server."""

    def __init__(
        self, log: FocusLog, members: Members, rules: ServerRules, picture_cache: PictureCache, clock: Clock
    ) -> None:
        self._log = log
        self._members = members
        self._rules = rules
        self._picture_cache = picture_cache
        self._clock = clock

    async def message(self, outbox_message: OutboxMessage) -> dict[str, Any] | None:
        """Render a server's week, mentioning nobody; None for somebody who has left the server."""
        timer = outbox_message.timers[0]
        if timer.guild_id is None:
            return None
        if outbox_message.kind is Kind.DIRECT:
            present = await self._members.present(timer.guild_id, [outbox_message.place_id], AHEAD)
            if not present.get(outbox_message.place_id, True):
                return None
        rules = await self._rules.of(timer.guild_id)
        monday = self._week(timer, rules)
        board = await self._log.leaders(timer.guild_id, 0, week_of(monday), rules)
        days = await self._log.server_days(timer.guild_id, monday, rules)
        words = "\n".join([text.digest(board, monday, rules.zone), *_redirected(outbox_message)])
        view, uploads = cards.picture(words, await self._picture_cache.draw(server_week(monday, days)))
        files = [upload.file for upload in uploads]
        return {"view": view, "files": files, "allowed_mentions": discord.AllowedMentions.none()}

    async def gist(self, outbox_message: OutboxMessage) -> str:
        """Return the text that corrections and sharing do not change meanwhile, and that needs no picture."""
        timer = outbox_message.timers[0]
        monday = self._week(timer, await self._rules.of(timer.guild_id))
        return "\n".join([text.digest_title(monday), *_redirected(outbox_message)])

    def _week(self, timer: Timer, rules: Rules) -> date:
        """Return the Monday of the week to report: the one that ends nearest to when the digest was due.

        One that was set before its server had a zone may be due in the last hours of that week.
        """
        due_at = (timer.due_at or self._clock.now()) + _DAY / 2
        return monday_of(due_at.astimezone(rules.zone_or_utc).date()) - _WEEK


def _redirected(outbox_message: OutboxMessage) -> list[str]:
    return [redirected(outbox_message.timers)] if outbox_message.kind is Kind.DIRECT else []


def server_week(monday: date, days: tuple[int, ...]) -> Week:
    """Return a server's week to draw, without people or tasks."""
    return Week(monday, (TaskWeek(None, days),) if any(days) else (), names_tasks=False)
