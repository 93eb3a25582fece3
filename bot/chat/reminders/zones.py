"""People's time zones: shown and set. Reminders that were just read as UTC move along."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.reminders import cards, text
from bot.chat.runtime.request import Request
from bot.chat.services import Services
from bot.chat.text import command, fitting
from bot.domain.errors import UserError
from bot.domain.reminders.reminder import Reminder
from bot.domain.time import zone
from bot.domain.timers.timer import Actor
from bot.messages import dates
from bot.messages.catalogue import N_, gettext

# How long a reminder counts as just set.
_JUST = timedelta(minutes=15)
_TIMEZONE = "remind timezone Europe/Berlin"


class Zones:
    """Shows and sets time zones."""

    def __init__(self, services: Services) -> None:
        self._reminders = services.reminders
        self._preferences = services.preferences
        self._clock = services.clock

    async def notes(self, request: Request) -> list[str]:
        """Note that a time was taken as UTC, if it was, and ask once for the person's zone."""
        user_id = request.actor.user_id
        if (await self._preferences.of(user_id)).zone:
            return []
        is_asked = await self._preferences.ask_for_zone(user_id)
        if is_asked:
            return [gettext("I used UTC, since I don't know your time zone yet.")]
        return [gettext("I used UTC.")]

    async def do(self, request: Request, called: str) -> None:
        """Set a time zone, or say which is known where none is ``called``. Raises ``UserError``."""
        if called:
            words, moved = await self.set(request.actor, called)
            now = self._clock.now()
            await request.reply(
                fitting([words, *(text.again(reminder.seen_in(request.readers_in), now) for reminder in moved)])
            )
        else:
            known = (await self._preferences.of(request.actor.user_id)).zone
            await request.reply_with(cards.zone(_known_zone(known, request.prefix)))

    async def set(self, actor: Actor, called: str, *also: int) -> tuple[str, list[Reminder]]:
        """Set a time zone; return what to say, and which reminders moved, ``also`` an older one."""
        chosen = zone.parse(called)
        await self._preferences.set_zone(actor.user_id, chosen)
        recent = await self._reminders.read_by_utc(actor.user_id, self._clock.now() - _JUST)
        moved = []
        for reminder_id in dict.fromkeys([*(reminder.id for reminder in recent), *also]):
            try:
                moved.append(
                    await self._reminders.change(actor, reminder_id, lambda old, now: old.by_clock_of(chosen, now))
                )
            except UserError:  # it has come, was cancelled, or that time has passed there
                continue
        return _changed_zone(chosen, self._clock.now(), has_moved=bool(moved)), moved


def _changed_zone(chosen: ZoneInfo, now: datetime, *, has_moved: bool) -> str:
    """Confirm a time zone by the current time there, and whether reminders were moved by it; ``now`` is aware."""
    template = N_("Your time zone is {zone}; it's {now} there now. Older reminders stay as they are.")
    if zone.is_fixed(chosen):
        template = N_(
            "Your clock is {zone}; it's {now} there now. "
            "It has no summer time – if yours does, pick a city, such as Berlin."
        )
    elif has_moved:
        template = N_(
            "Your time zone is {zone}; it's {now} there now. "
            "The one you just set moved with it; older reminders stay as they are."
        )
    return gettext(template, zone=zone.spelled(chosen), now=dates.clock(now.astimezone(chosen)))


def _known_zone(chosen: ZoneInfo | None, prefix: str) -> str:
    if chosen:
        return gettext("Your time zone is {zone}.", zone=zone.spelled(chosen))
    return gettext("I'm using UTC for you. `{command}` changes that.", command=command(_TIMEZONE, prefix))
