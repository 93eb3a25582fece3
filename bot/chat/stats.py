"""Stats: what people ask of their focus log is done here, and shown to them."""

from collections.abc import Callable
from datetime import date, timedelta

from discord import ui

from bot.chat import stats_cards as cards
from bot.chat import stats_text as text
from bot.chat.digest import Digests, server_week
from bot.chat.talk import Pressed, Talk, Upload
from bot.chat.views.entry_form import of_entry
from bot.chat.views.form import Given
from bot.domain import duration, period
from bot.domain import stats_request as ask
from bot.domain.errors import BadDuration, NoServer, NotYours
from bot.domain.period import Period
from bot.domain.statistics import monday_of
from bot.domain.stats_request import Request, Span, View
from bot.engine.clock import Clock
from bot.pictures.picture import Theme
from bot.pictures.subject import Hours, Subject, Week, Year
from bot.service.focus_log import FocusLog, Mine
from bot.service.gallery import Gallery
from bot.service.preferences import Preferences


class Stats:
    """Does requests and presses; each is answered once."""

    def __init__(
        self, log: FocusLog, digests: Digests, preferences: Preferences, gallery: Gallery, clock: Clock
    ) -> None:
        self._log = log
        self._digests = digests
        self._preferences = preferences
        self._gallery = gallery
        self._clock = clock

    async def do(self, talk: Talk, read: Callable[[date], Request]) -> None:
        """Do what is asked, which is read by what day it is for the person. Raises ``Refusal``."""
        user_id = talk.actor.user_id
        today = self._clock.now().astimezone(await self._preferences.zone(user_id)).date()
        match read(today):
            case ask.Mine(view, chosen):
                await talk.think()
                last = min(chosen.last, today)
                await talk.tell(*await self._mine(talk, view, chosen, Theme.DARK, last, is_public=not talk.private))
            case ask.Server():
                await self._server(talk)
            case ask.Leaders(span):
                await self._leaders(talk, span)
            case ask.Digest() as asked:
                await self._digests.set(talk, asked)
            case ask.Goal(goal):
                await self._goal(talk, goal)
            case ask.DaysOff(days):
                await self._preferences.set_days_off(user_id, days)
                await talk.say(text.days_off(days))
            case ask.Correct():
                found, zone = await self._log.latest(user_id), await self._preferences.zone(user_id)
                listed = [(number, text.label(one, zone)) for number, one in found]
                await talk.tell(cards.entries(text.entries(found, zone), listed))
            case _:
                await talk.say(text.introduction(talk.prefix))

    async def turn(self, talk: Pressed, action: str, owner_id: int, theme: int, day: int) -> None:
        """Show somebody's own in another way."""
        if talk.actor.user_id != owner_id:
            raise NotYours("Those are somebody else's; ask for your own.", "stats")
        view = View(action.removesuffix("_again"))
        last = date.fromordinal(day)
        await talk.think()
        chosen = period.week_of(last) if view is View.WEEK else period.parse("all", last)
        await talk.redraw(*await self._mine(talk, view, chosen, cards.THEMES[theme], last))

    async def choose(self, talk: Pressed, entry_id: int) -> None:
        """Show an entry that was chosen, with what can be done about it."""
        found = await self._log.by_id(talk.actor.user_id, entry_id)
        zone = await self._preferences.zone(talk.actor.user_id)
        await talk.tell(cards.entry(text.entry(found, zone), entry_id))

    async def correct(self, talk: Pressed, action: str, entry_id: int) -> None:
        """Take an entry away, or ask how long it really was."""
        user_id = talk.actor.user_id
        if action == "shorten":
            found = await self._log.by_id(user_id, entry_id)
            await talk.ask(of_entry(entry_id, duration.spoken(found.focused)))
            return
        removed = await self._log.remove(user_id, entry_id)
        zone = await self._preferences.zone(user_id)
        await talk.redraw(cards.words(text.corrected(removed, zone, removed=True)))

    async def take_form(self, talk: Pressed, given: Given, entry_id: int) -> None:
        """Let an entry count what somebody says it really was."""
        said = str(given.get("length") or "").strip()
        length = duration.read(said.replace(" ", ""), bare="m")
        if length is None:
            raise BadDuration("“{}” is not a length I know; 20m and 1h30m are.", "stats edit", said)
        shorter = await self._log.shorten(talk.actor.user_id, entry_id, length)
        zone = await self._preferences.zone(talk.actor.user_id)
        await talk.redraw(cards.words(text.corrected(shorter, zone, removed=False)))

    async def _mine(
        self, talk: Talk, view: View, chosen: Period, theme: Theme, last: date, *, is_public: bool = False
    ) -> tuple[ui.LayoutView, list[Upload]]:
        user_id = talk.actor.user_id
        found = await self._log.mine(user_id)
        subject = await self._subject(user_id, found, view, last)
        drawn = await self._gallery.show(user_id, subject, theme)
        said = text.mine(found, chosen, talk.prefix, is_public=is_public and not found.preference.shares)
        return cards.mine(said, drawn, view, theme, user_id, last.toordinal())

    async def _subject(self, user_id: int, found: Mine, view: View, last: date) -> Subject:
        match view:
            case View.WEEK:
                monday, rows = await self._log.week(user_id, last, found.preference.clock)
                return Week(monday, tuple(rows), found.preference.goal)
            case View.YEAR:
                return Year.of(found.days, last)
            case View.HOURS:
                return Hours(await self._log.hours(user_id, found.preference), "all time")

    async def _server(self, talk: Talk) -> None:
        guild_id = _guild(talk)
        await talk.think()
        found = await self._log.server(guild_id, talk.actor.user_id)
        monday = monday_of(self._clock.now().date())
        days = await self._log.server_days(guild_id, monday)
        drawn = await self._gallery.show(talk.actor.user_id, server_week(monday, days))
        await talk.tell(*cards.picture(text.server(found), drawn))

    async def _leaders(self, talk: Talk, span: Span) -> None:
        chosen = period.parse(span, self._clock.now().date())
        board = await self._log.leaders(_guild(talk), talk.actor.user_id, chosen)
        preference = await self._preferences.of(talk.actor.user_id)
        said = text.leaders(board, span, preference, talk.actor.user_id, talk.prefix)
        await talk.tell(cards.words(said))

    async def _goal(self, talk: Talk, goal: timedelta | None) -> None:
        user_id = talk.actor.user_id
        if goal is None:
            await talk.say(text.goal_is((await self._log.mine(user_id)).progress, talk.prefix))
            return
        seconds = goal // timedelta(seconds=1) or None
        await self._preferences.set_goal(user_id, seconds)
        await talk.say(text.goal_set(seconds, (await self._log.mine(user_id)).progress))


def _guild(talk: Talk) -> int:
    if talk.actor.guild_id is None or talk.is_elsewhere:
        raise NoServer("I know no server here; ask in one that I am in.", "stats")
    return talk.actor.guild_id
