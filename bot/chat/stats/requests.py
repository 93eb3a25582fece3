"""Stats: carries out commands on the focus log, and answers them."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import assert_never

from discord import ui

from bot.chat.components.given import exactly, unknown
from bot.chat.components.plain_view import plain
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.speaking import must_write
from bot.chat.runtime.upload import Upload
from bot.chat.stats import cards, text
from bot.chat.stats.correction_requests import CorrectionRequests
from bot.chat.stats.digest import DigestRequests, server_week
from bot.domain.errors import NoServer, NotYours
from bot.domain.question import Choice, Question, show_me
from bot.domain.stats import command as stats_command
from bot.domain.stats.command import BoardSpan, Command, View
from bot.domain.stats.statistics import monday_of
from bot.domain.time import period
from bot.domain.time.period import Period
from bot.engine.clock import Clock
from bot.messages.catalogue import N_, gettext
from bot.pictures.picture import Theme
from bot.pictures.subject import Hours, Subject, Week, Year
from bot.service.focus_log import FocusLog, OwnFocus
from bot.service.picture_cache import PictureCache
from bot.service.preferences import Preferences
from bot.service.rules import ServerRules

_PRIVATE = N_("Your focus time is private, so I won't show it to everyone here.")


class StatsRequests:
    """Carries out commands and presses; each is answered once."""

    def __init__(
        self,
        log: FocusLog,
        corrections: CorrectionRequests,
        digests: DigestRequests,
        preferences: Preferences,
        rules: ServerRules,
        picture_cache: PictureCache,
        clock: Clock,
    ) -> None:
        self._log = log
        self._corrections = corrections
        self._rules = rules
        self._digests = digests
        self._preferences = preferences
        self._picture_cache = picture_cache
        self._clock = clock

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
                await self._digests.set(request, command)
            case stats_command.Goal(goal):
                await self._goal(request, goal)
            case stats_command.DaysOff(days):
                await self._preferences.set(user_id, days_off=days)
                await request.say(text.days_off(days))
            case stats_command.DayStarts(after_midnight):
                await self._preferences.set(user_id, day_starts=after_midnight)
                await request.say(text.day_starts(after_midnight))
            case stats_command.Correct():
                await self._corrections.show(request)
            case stats_command.Add():
                await self._corrections.add(request, command)
            case _:
                assert_never(command)

    async def turn(self, request: InteractionRequest, action: str, numbers: Sequence[int]) -> None:
        """Show somebody's own statistics in another view or theme; ``numbers`` are owner, theme and day."""
        owner_id, theme, day = exactly(3, numbers)
        if request.actor.user_id != owner_id:
            raise NotYours(N_("Those aren't yours. `!stats` shows your own."), "stats")
        try:
            view, last, look = View(action.removesuffix("_again")), date.fromordinal(day), cards.THEMES[theme]
        except (ValueError, OverflowError, IndexError) as error:
            raise unknown() from error
        await request.think()
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
            must_write(request, "stats me")
        await request.think()
        last = min(asked.period.last, today)
        await request.tell(*await self._mine(request, asked.view, asked.period, Theme.DARK, last))

    async def _mine(
        self, request: Request, view: View, chosen: Period, theme: Theme, last: date
    ) -> tuple[ui.LayoutView, list[Upload]]:
        user_id = request.actor.user_id
        mine = await self._log.mine(user_id)
        subject = await self._subject(user_id, mine, view, last)
        drawn = await self._picture_cache.show(user_id, subject, theme)
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
        guild_id = _guild(request)
        await request.think()
        rules = await self._rules.of(guild_id)
        totals = await self._log.server(guild_id, request.actor.user_id, rules)
        monday = monday_of(self._clock.now().astimezone(rules.clock).date())
        days = await self._log.server_days(guild_id, monday, rules)
        drawn = await self._picture_cache.show(request.actor.user_id, server_week(monday, days))
        await request.tell(*cards.picture(text.server(totals, rules.zone), drawn))

    async def _leaders(self, request: Request, span: BoardSpan) -> None:
        guild_id, user_id = _guild(request), request.actor.user_id
        await request.think()
        rules = await self._rules.of(guild_id)
        chosen = period.parse(span, self._clock.now().astimezone(rules.clock).date())
        board = await self._log.leaders(guild_id, user_id, chosen, rules)
        preference = await self._preferences.of(user_id)
        words = text.leaders(board, span, rules.zone, preference, request.prefix)
        await request.tell(plain(words))

    async def _goal(self, request: Request, goal: timedelta | None) -> None:
        """Show somebody's goal, or set it; where others read along, how far they are only if they share it."""
        user_id = request.actor.user_id
        if goal is None:
            progress = (await self._log.mine(user_id)).progress
            if progress and not await self._may_be_seen(request):
                raise Question(_PRIVATE, show_me("goal"))
            await request.say(text.goal_is(progress, request.prefix))
            return
        seconds = goal // timedelta(seconds=1) or None
        await self._preferences.set(user_id, goal=seconds)
        progress = (await self._log.mine(user_id)).progress if await self._may_be_seen(request) else None
        await request.say(text.goal_set(seconds, progress))

    async def _may_be_seen(self, request: Request) -> bool:
        """Return whether somebody's focus may be in the answer to them."""
        return request.private or (await self._preferences.of(request.actor.user_id)).shares


def _guild(request: Request) -> int:
    if request.actor.guild_id is None or request.is_elsewhere:
        raise NoServer(N_("Ask me that in a server I'm in."), "stats")
    return request.actor.guild_id
