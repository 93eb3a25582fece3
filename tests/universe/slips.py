"""The plants in whose something is, when it counts from, and what is kept of it; see ``plants``."""

from tests.universe.plants import Planted

SLIPS = (
    Planted(
        "a snooze counts from when it was due",
        "bot/chat/reminders/buttons.py",
        "await self._snooze(request, timer_id, now + _SNOOZES[action])",
        "came = (await self._reminders.by_id(timer_id)).timer.due_at or now\n"
        "                await self._snooze(request, timer_id, came + _SNOOZES[action])",
    ),
    Planted(
        "a second snooze keeps the time of the first",
        "bot/domain/reminders/reminder.py",
        "return replace(self._with(due_at=moment, state=State.RUNNING), first_at=moment, by_utc_at=None)",
        "return replace(self._with(state=State.RUNNING), first_at=moment, by_utc_at=None)",
    ),
    Planted(
        "whoever snoozes has it come to its author",
        "bot/domain/reminders/reminder.py",
        "state=State.RUNNING, owner_id=actor.user_id, length=until - now,",
        "state=State.RUNNING, length=until - now,",
    ),
    Planted(
        "anybody takes the buttons off another's announcement",
        "bot/chat/timers/requests.py",
        "if over.owner_id != request.actor.user_id:",
        "if False:",
    ),
    Planted(
        "the pauses of a pomodoro count",
        "bot/domain/stats/log.py",
        "focused = min(was.run(ended_at), ended_at - over.started_at)",
        "focused = ended_at - over.started_at",
    ),
    Planted(
        "what is extended does not count",
        "bot/domain/timers/timer.py",
        "return max(self.length + self.extended - self.left(now), timedelta())",
        "return max(self.length - self.left(now), timedelta())",
    ),
    Planted(
        "whoever leaves goes on being counted",
        "bot/domain/focus/session.py",
        "self._with(replace(self.person(user_id).stop(self._until(now)), left_at=now))",
        "self._with(replace(self.person(user_id), left_at=now))",
    ),
    Planted(
        "a host cannot give a session away",
        "bot/domain/focus/session.py",
        "return replace(self, timer=replace(self.timer, owner_id=to))",
        "return replace(self, timer=replace(self.timer, owner_id=actor.user_id))",
    ),
    Planted(
        "what a reminder is about is lost by a snooze",
        "bot/domain/reminders/reminder.py",
        "timer, zone, until, direct=direct, calls=calls, about_id=self.about_id, origin_id=self.id,",
        "timer, zone, until, direct=direct, calls=calls, origin_id=self.id,",
    ),
    Planted(
        "a second edit has the key of the first",
        "bot/service/reminders.py",
        'request = f"before:{timer_id}:{new.timer.version}"',
        'request = f"before:{timer_id}"',
    ),
    Planted(
        "a time of day is read by UTC for a pomodoro",
        "bot/chat/timers/requests.py",
        "own_zone = (await self._services.preferences.of(actor.user_id)).zone",
        'own_zone = __import__("zoneinfo").ZoneInfo("UTC")',
    ),
    Planted(
        "an export leaves out what was saved",
        "bot/store/persons.py",
        "PERSONAL = tuple(_rows_about(NOBODY))",
        "PERSONAL = tuple(table for table in _rows_about(NOBODY) if table is not presets)",
    ),
    Planted(
        "the plans of somebody deleted stay",
        "bot/store/persons.py",
        "presets: presets.c.owner_id == user_id,",
        'presets: (presets.c.owner_id == user_id) & (presets.c.name == ""),',
    ),
    Planted(
        "the choices of somebody deleted stay",
        "bot/store/persons.py",
        "preferences: preferences.c.user_id == user_id,",
        "preferences: (preferences.c.user_id == user_id) & preferences.c.zone.is_(None),",
    ),
    Planted(
        "the number of a lease is not looked at",
        "bot/store/leases.py",
        "held = select(leases.c.block).where(*_held(lease))",
        "held = select(leases.c.block).where(leases.c.block == lease.block)",
        often="takeover,suspend",
    ),
    Planted(
        "what a server changes is not known at once",
        "bot/service/rules.py",
        "        self._known[guild_id] = new\n",
        "",
    ),
    Planted(
        "names are shown elsewhere",
        "bot/domain/timers/timer.py",
        "return self if channel_id in {None, self.channel_id} else replace(self, name=gettext(PRIVATE))",
        "return self",
    ),
    Planted(
        "a leaderboard shows who is private",
        "bot/store/sums.py",
        "ours = (focus_log.c.guild_id == guild_id, focus_log.c.user_id.in_(sharing))",
        "ours = (focus_log.c.guild_id == guild_id,)",
    ),
    Planted(
        "an undo has no end",
        "bot/service/last_changes.py",
        "return changes if now - at <= _MOST_AGE else ()",
        "return changes",
    ),
    Planted(
        "anybody starts another's pomodoro again",
        "bot/service/timers.py",
        "        if over.owner_id != actor.user_id:\n            only",
        "        if False:\n            only",
    ),
    Planted(
        "of several direct reminders all go to one person",
        "bot/service/reminders.py",
        "(reminder.timer for reminder in due if reminder.direct), lambda timer: timer.owner_id",
        "reminder.timer for reminder in due if reminder.direct",
        often="kill,locked",
    ),
    Planted(
        "what a channel refuses is told nobody",
        "bot/service/stored_outbox.py",
        "return await fallbacks.redirect(connection, newest, reason)",
        "await rows.settle(connection, [newest], reason=reason)\n                return ()",
        often="muted,blind,channel deleted",
    ),
    Planted(
        "what was wrong once is wrong for ever",
        "bot/engine/channel_queue.py",
        "        self._failures = 0\n\n    def closed_for",
        "\n    def closed_for",
        often="503,drop,500",
    ),
    Planted(
        "what somebody works on is not escaped",
        "bot/chat/focus/text.py",
        'f"{head} · {text.shortened(typed, most)}"',
        'f"{head} · {typed[:most]}"',
    ),
)  # fmt: skip
