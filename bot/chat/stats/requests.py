"""Stats: carries out commands on the focus log, and answers them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import assert_never

from discord import ui

from bot.chat.components.form import Given
from bot.chat.components.plain import plain
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.upload import Upload
from bot.chat.stats import cards, text
from bot.chat.stats.digest import Digests, server_week
from bot.chat.stats.form import of_entry
from bot.domain.errors import BadDuration, NoServer, NotYours
from bot.domain.stats import command as stats_command
from bot.domain.stats.command import Command, Span, View
from bot.domain.stats.statistics import monday_of
from bot.domain.time import duration, period
from bot.domain.time.period import Period
from bot.engine.clock import Clock
from bot.messages.catalogue import N_, gettext
from bot.pictures.picture import Theme
from bot.pictures.subject import Hours, Subject, Week, Year
from bot.service.focus_log import FocusLog, Mine
from bot.service.picture_cache import PictureCache
from bot.service.preferences import Preferences


class Stats:
    """Carries out commands and presses; each is answered once."""

    def __init__(
        self, log: FocusLog, digests: Digests, preferences: Preferences, picture_cache: PictureCache, clock: Clock
    ) -> None:
        self._log = log
        self._digests = digests
        self._preferences = preferences
        self._gallery = picture_cache
        self._clock = clock

    async def do(self, request: Request, parse: Callable[[date], Command]) -> None:
        """Carry out the command that ``parse`` returns for the date where the person is. Raises ``UserError``."""
        user_id = request.actor.user_id
        today = self._clock.now().astimezone(await self._preferences.zone(user_id)).date()
        command = parse(today)
        match command:
            case stats_command.Mine(view, chosen):
                await request.think()
                last = min(chosen.last, today)
                await request.tell(
                    *await self._mine(request, view, chosen, Theme.DARK, last, is_public=not request.private)
                )
            case stats_command.Server():
                await self._server(request)
            case stats_command.Leaders(span):
                await self._leaders(request, span)
            case stats_command.Digest():
                await self._digests.set(request, command)
            case stats_command.Goal(goal):
                await self._goal(request, goal)
            case stats_command.DaysOff(days):
                await self._preferences.set_days_off(user_id, days)
                await request.say(text.days_off(days))
            case stats_command.Correct():
                entries, zone = await self._log.latest(user_id), await self._preferences.zone(user_id)
                listed = [(number, text.label(entry, zone)) for number, entry in entries]
                await request.tell(cards.entries(text.entries(entries, zone), listed))
            case _:
                assert_never(command)

    async def turn(self, request: InteractionRequest, action: str, owner_id: int, theme: int, day: int) -> None:
        """Show somebody's own statistics in another view or theme."""
        if request.actor.user_id != owner_id:
            raise NotYours(N_("Those are somebody else's; ask for your own."), "stats")
        view = View(action.removesuffix("_again"))
        last = date.fromordinal(day)
        await request.think()
        chosen = period.week_of(last) if view is View.WEEK else period.parse("all", last)
        await request.redraw(*await self._mine(request, view, chosen, cards.THEMES[theme], last))

    async def choose(self, request: InteractionRequest, entry_id: int) -> None:
        """Show the chosen entry, with its buttons."""
        entry = await self._log.by_id(request.actor.user_id, entry_id)
        zone = await self._preferences.zone(request.actor.user_id)
        await request.tell(cards.entry(text.entry(entry, zone), entry_id))

    async def correct(self, request: InteractionRequest, action: str, entry_id: int) -> None:
        """Remove an entry, or ask how long it really was."""
        user_id = request.actor.user_id
        if action == "shorten":
            entry = await self._log.by_id(user_id, entry_id)
            await request.ask(of_entry(entry_id, duration.spoken(entry.focused)))
            return
        removed = await self._log.remove(user_id, entry_id)
        zone = await self._preferences.zone(user_id)
        await request.redraw(plain(text.corrected(removed, zone, removed=True)))

    async def take_form(self, request: InteractionRequest, given: Given, entry_id: int) -> None:
        """Shorten an entry to the length that somebody says it really had."""
        typed = str(given.get("length") or "").strip()
        length = duration.read(typed.replace(" ", ""), bare="m")
        if length is None:
            raise BadDuration(N_("“{quote}” is not a length I know; 20m and 1h30m are."), "stats edit", quote=typed)
        shorter = await self._log.shorten(request.actor.user_id, entry_id, length)
        zone = await self._preferences.zone(request.actor.user_id)
        await request.redraw(plain(text.corrected(shorter, zone, removed=False)))

    async def _mine(
        self, request: Request, view: View, chosen: Period, theme: Theme, last: date, *, is_public: bool = False
    ) -> tuple[ui.LayoutView, list[Upload]]:
        user_id = request.actor.user_id
        mine = await self._log.mine(user_id)
        subject = await self._subject(user_id, mine, view, last)
        drawn = await self._gallery.show(user_id, subject, theme)
        words = text.mine(mine, chosen, request.prefix, is_public=is_public and not mine.preference.shares)
        return cards.mine(words, drawn, view, theme, user_id, last.toordinal())

    async def _subject(self, user_id: int, mine: Mine, view: View, last: date) -> Subject:
        match view:
            case View.WEEK:
                monday, rows = await self._log.week(user_id, last, mine.preference.clock)
                return Week(monday, tuple(rows), mine.preference.goal)
            case View.YEAR:
                return Year.of(mine.days, last)
            case View.HOURS:
                return Hours(await self._log.hours(user_id, mine.preference), gettext("all time"))

    async def _server(self, request: Request) -> None:
        guild_id = _guild(request)
        await request.think()
        totals = await self._log.server(guild_id, request.actor.user_id)
        monday = monday_of(self._clock.now().date())
        days = await self._log.server_days(guild_id, monday)
        drawn = await self._gallery.show(request.actor.user_id, server_week(monday, days))
        await request.tell(*cards.picture(text.server(totals), drawn))

    async def _leaders(self, request: Request, span: Span) -> None:
        chosen = period.parse(span, self._clock.now().date())
        board = await self._log.leaders(_guild(request), request.actor.user_id, chosen)
        preference = await self._preferences.of(request.actor.user_id)
        words = text.leaders(board, span, preference, request.actor.user_id, request.prefix)
        await request.tell(plain(words))

    async def _goal(self, request: Request, goal: timedelta | None) -> None:
        user_id = request.actor.user_id
        if goal is None:
            await request.say(text.goal_is((await self._log.mine(user_id)).progress, request.prefix))
            return
        seconds = goal // timedelta(seconds=1) or None
        await self._preferences.set_goal(user_id, seconds)
        await request.say(text.goal_set(seconds, (await self._log.mine(user_id)).progress))


def _guild(request: Request) -> int:
    if request.actor.guild_id is None or request.is_elsewhere:
        raise NoServer(N_("I know no server here; ask in one that I am in."), "stats")
    return request.actor.guild_id
