"""People's time zones: shown and set. Reminders that were just read as UTC move along."""

from collections import OrderedDict
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.reminders import cards, text
from bot.chat.runtime.request import Request
from bot.chat.text import command
from bot.domain.errors import UserError
from bot.domain.reminders.reminder import Reminder
from bot.domain.time import zone
from bot.domain.timers.timer import Actor
from bot.engine.clock import Clock
from bot.messages import dates
from bot.messages.catalogue import N_, gettext
from bot.service.preferences import Preferences
from bot.service.reminders import Reminders

# Seconds for which a reminder counts as just set, and the most that are remembered.
_SECONDS, _MOST = 900.0, 1_000
_TIMEZONE = "remind timezone Europe/Berlin"


class Zones:
    """Sets time zones. It remembers recent UTC reminders in this process only; a button names its own."""

    def __init__(self, reminders: Reminders, preferences: Preferences, clock: Clock) -> None:
        self._reminders = reminders
        self._preferences = preferences
        self._clock = clock
        # Reminders that were just read as UTC: the owner of each, and until when it moves, in monotonic seconds.
        self._by_utc: OrderedDict[int, tuple[int, float]] = OrderedDict()

    def add(self, user_id: int, reminder_id: int) -> None:
        """Remember a reminder that was read as UTC, since this person's time zone was unknown."""
        self._by_utc[reminder_id] = user_id, self._clock.monotonic() + _SECONDS
        while len(self._by_utc) > _MOST:
            self._by_utc.popitem(last=False)

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
            await request.say("\n".join([words, *(text.again(reminder, now) for reminder in moved)]))
        else:
            known = (await self._preferences.of(request.actor.user_id)).zone
            await request.tell(cards.zone(_is(known, request.prefix)))

    async def set(self, actor: Actor, called: str) -> tuple[str, list[Reminder]]:
        """Set a time zone; return what to say, and the reminders that moved. Raises ``UserError``."""
        chosen = zone.parse(called)
        await self._preferences.set_zone(actor.user_id, chosen)
        moved = []
        for reminder_id in self._take(actor.user_id):
            try:
                moved.append(
                    await self._reminders.change(actor, reminder_id, lambda old, now: old.by_clock_of(chosen, now))
                )
            except UserError:  # it has come, was cancelled, or that time has passed there
                continue
        return _set(chosen, self._clock.now(), has_moved=bool(moved)), moved

    def _take(self, user_id: int) -> list[int]:
        now = self._clock.monotonic()
        own = [(reminder_id, until) for reminder_id, (owner, until) in self._by_utc.items() if owner == user_id]
        for reminder_id, _ in own:
            del self._by_utc[reminder_id]
        return [reminder_id for reminder_id, until in own if until > now]


def _set(chosen: ZoneInfo, now: datetime, *, has_moved: bool) -> str:
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


def _is(chosen: ZoneInfo | None, prefix: str) -> str:
    """Say which time zone somebody has set."""
    if chosen:
        return gettext("Your time zone is {zone}.", zone=zone.spelled(chosen))
    return gettext("I'm using UTC for you. `{command}` changes that.", command=command(_TIMEZONE, prefix))
