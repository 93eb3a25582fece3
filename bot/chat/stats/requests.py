"""Stats: carries out commands on the focus log, and answers them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import assert_never

from discord import ui

from bot.chat.components.button import plain
from bot.chat.components.validation import exactly, unknown
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_cog import RequestCog, pressed
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.upload import Upload
from bot.chat.services import Services
from bot.chat.stats import cards, text
from bot.chat.stats.correction_requests import CorrectionRequests
from bot.chat.stats.digest import server_week, set_digest
from bot.domain.errors import NotYours
from bot.domain.question import Choice, Question, show_me
from bot.domain.stats import command as stats_command
from bot.domain.stats.command import BoardSpan, Command, View
from bot.domain.stats.statistics import monday_of
from bot.domain.time import period
from bot.domain.time.period import Period
from bot.messages.catalogue import N_, gettext
from bot.pictures.picture import Theme
from bot.pictures.subject import Hours, Subject, Week, Year
from bot.service.focus_log import OwnFocus

_IN_A_SERVER = N_("Ask me that in a server I'm in.")
_PRIVATE = N_("Your focus time is private, so I won't show it to everyone here.")


class StatsRequests(RequestCog):
    """Carries out commands and presses; each is answered once."""

    def __init__(self, services: Services, runner: RequestRunner) -> None:
        super().__init__(services, runner)
        self._log = services.log
        self._preferences = services.preferences
        self._corrections = CorrectionRequests(services, runner)

    async def do(self, request: Request, parse: Callable[[date], Command]) -> None:
        """Carry out the command that ``parse`` returns for the date where the person is. Raises ``UserError``."""
        user_id = request.actor.user_id
        today = (await self._preferences.of(user_id)).today(self._clock.now())
        command = parse(today)
        match command:
            case stats_command.Mine():
                await self._own(request, command, today)
            case stats_command.Server():
                await self._server(request)
            case stats_command.Leaders(span):
                await self._leaders(request, span)
            case stats_command.Digest():
                await set_digest(self._services, request, command)
            case stats_command.Goal(goal):
                await self._goal(request, goal)
            case stats_command.DaysOff(days):
                await self._preferences.set(user_id, days_off=days)
                await request.reply(text.days_off(days))
            case stats_command.DayStarts(after_midnight):
                await self._preferences.set(user_id, day_starts=after_midnight)
                await request.reply(text.day_starts(after_midnight))
            case stats_command.Correct():
                await self._corrections.show(request)
            case stats_command.Add():
                await self._corrections.add(request, command)
            case _:
                assert_never(command)

    @pressed("stats_button", obeys_rules=True)
    async def turn(self, request: InteractionRequest, action: str, *numbers: int) -> None:
        """Show somebody's own statistics in another view or theme; ``numbers`` are owner, theme and day."""
        owner_id, theme, day = exactly(3, numbers)
        if request.actor.user_id != owner_id:
            raise NotYours(N_("Those aren't yours. `!stats` shows your own."), "stats")
        try:
            view, last, look = View(action.removesuffix("_again")), date.fromordinal(day), cards.THEMES[theme]
        except (ValueError, OverflowError, IndexError) as error:
            raise unknown() from error
        if not period.EARLIEST <= last.year < date.max.year:
            raise unknown()
        await request.defer()
        chosen = period.week_of(last) if view is View.WEEK else period.parse("all", last)
        await request.redraw(*await self._mine(request, view, chosen, look, last))

    async def _own(self, request: Request, asked: stats_command.Mine, today: date) -> None:
        """Show somebody's own statistics; where others read along, only if they share them or say *here*."""
        if not (asked.here or await self._may_be_seen(request)):
            raise Question(
                _PRIVATE,
                show_me(f"stats me {asked.words}".strip()),
                Choice(N_("Show it here"), f"stats here {asked.words}".strip()),
            )
        if not request.private:
            request.must_write("stats me")
        await request.defer()
        last = min(asked.period.last, today)
        await request.reply_with(*await self._mine(request, asked.view, asked.period, Theme.DARK, last))

    async def _mine(
        self, request: Request, view: View, chosen: Period, theme: Theme, last: date
    ) -> tuple[ui.LayoutView, list[Upload]]:
        user_id = request.actor.user_id
        mine = await self._log.mine(user_id)
        subject = await self._subject(user_id, mine, view, last)
        drawn = await self._services.picture_cache.show(user_id, subject, theme)
        words = text.mine(mine, chosen, request.prefix)
        return cards.mine(words, drawn, view, theme, user_id, last.toordinal())

    async def _subject(self, user_id: int, mine: OwnFocus, view: View, last: date) -> Subject:
        match view:
            case View.WEEK:
                monday, rows = await self._log.week(user_id, last, mine.preference)
                return Week(monday, tuple(rows), mine.preference.goal)
            case View.YEAR:
                return Year.of(mine.days, last)
            case View.HOURS:
                return Hours(await self._log.hours(user_id), gettext("all time"))

    async def _server(self, request: Request) -> None:
        guild_id = request.must_be_in_server(_IN_A_SERVER, "stats")
        await request.defer()
        rules = await self._services.rules.of(guild_id)
        totals = await self._log.server(guild_id, request.actor.user_id, rules)
        monday = monday_of(self._clock.now().astimezone(rules.zone_or_utc).date())
        days = await self._log.server_days(guild_id, monday, rules)
        drawn = await self._services.picture_cache.show(request.actor.user_id, server_week(monday, days))
        await request.reply_with(*cards.picture(text.server(totals, rules.zone), drawn))

    async def _leaders(self, request: Request, span: BoardSpan) -> None:
        guild_id, user_id = request.must_be_in_server(_IN_A_SERVER, "stats"), request.actor.user_id
        await request.defer()
        rules = await self._services.rules.of(guild_id)
        chosen = period.parse(span, self._clock.now().astimezone(rules.zone_or_utc).date())
        board = await self._log.leaders(guild_id, user_id, chosen, rules)
        preference = await self._preferences.of(user_id)
        words = text.leaders(board, span, rules.zone, preference, request.prefix)
        await request.reply_with(plain(words))

    async def _goal(self, request: Request, goal: timedelta | None) -> None:
        """Show somebody's goal, or set it; where others read along, how far they are only if they share it."""
        user_id = request.actor.user_id
        if goal is None:
            progress = (await self._log.mine(user_id)).progress
            if progress and not await self._may_be_seen(request):
                raise Question(_PRIVATE, show_me("goal"))
            await request.reply(text.goal_is(progress, request.prefix))
            return
        seconds = goal // timedelta(seconds=1) or None
        await self._preferences.set(user_id, goal=seconds)
        progress = (await self._log.mine(user_id)).progress if await self._may_be_seen(request) else None
        await request.reply(text.goal_set(seconds, progress))

    async def _may_be_seen(self, request: Request) -> bool:
        """Return whether somebody's focus may be in the answer to them."""
        return request.private or (await self._preferences.of(request.actor.user_id)).shares
