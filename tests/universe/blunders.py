"""The plants in what only some ask for: warnings, doors, plans, weeks, moderators, mentions; see ``plants``."""

from tests.universe.plants import Planted

BLUNDERS = (
    Planted(
        "nobody is warned",
        "bot/service/sessions.py",
        "        elif by_time:  # within",
        "        elif False:  # within",
    ),
    Planted(
        "a phase begins though it waits for a hand",
        "bot/domain/focus/session.py",
        "if session.auto or phase is None:",
        "if session.at >= 0:",
    ),
    Planted(
        "an old menu ends the phase of now",
        "bot/service/sessions.py",
        "if stage is not None and stage != current.stage:",
        "if False:",
    ),
    Planted(
        "a second session begins in a channel",
        "bot/service/sessions.py",
        "if other and not await timer_rows.by_request(connection, request):",
        "if False:",
    ),
    Planted(
        "a new plan keeps the length of its phase",
        "bot/domain/focus/session.py",
        "return edited._with_left(max(self.left(now) + longer, timedelta()), now) if longer else edited",
        "return edited",
    ),
    Planted(
        "nobody is told of a phase directly",
        "bot/service/sessions.py",
        "if person.notify is Notification.DM]",
        "if person.notify is None]",
    ),
    Planted(
        "what somebody works on is not shown",
        "bot/chat/focus/text.py",
        '[(person.user_id, head, person.task or "") for',
        '[(person.user_id, head, "") for',
    ),
    Planted(
        "whoever rests is called",
        "bot/chat/focus/text.py",
        "if not person.resting and person.notify is Notification.PING",
        "if person.notify is Notification.PING",
    ),
    Planted(
        "a moderator changes nothing of others'",
        "bot/domain/timers/lookup.py",
        "return actor.user_id == timer.owner_id or (actor.can_manage and actor.channel_id == timer.channel_id)",
        "return actor.user_id == timer.owner_id",
    ),
    Planted(
        "an edit before another is taken back",
        "bot/service/reminders.py",
        "if now_is.timer.version != version or before",
        "if before",
    ),
    Planted(
        "a board has the least first",
        "bot/domain/stats/leaderboard.py",
        "sorted((-seconds, user_id) for user_id, seconds in totals.items() if seconds > 0)",
        "sorted(((-seconds, user_id) for user_id, seconds in totals.items() if seconds > 0), reverse=True)",
    ),
    Planted(
        "one's focus is shown to all who read along",
        "bot/chat/stats/requests.py",
        "return request.private or (await",
        "return True or (await",
    ),
    Planted(
        "what one asks alone is answered to all",
        "bot/chat/runtime/request.py",
        "lambda: self.interaction.response.defer(ephemeral=True, thinking=as_message)",
        "lambda: self.interaction.response.defer(thinking=as_message)",
    ),
    Planted(
        "a sheet is missing in an export",
        "bot/service/privacy.py",
        "itertools.product(rows.PERSONAL, (JSON, CSV))",
        "itertools.product(rows.PERSONAL, (JSON,))",
    ),
    Planted(
        "a server's week comes by UTC",
        "bot/chat/stats/digest.py",
        "zone = (await services.rules.of(guild_id)).zone_or_utc",
        'zone = __import__("zoneinfo").ZoneInfo("UTC")',
    ),
    Planted(
        "a week is posted by the one before it too",
        "bot/service/digests.py",
        "                ended.extend(await self._end_all(connection, guild_id))",
        "                pass",
    ),
    Planted(
        "weeks are counted from the first day",
        "bot/domain/time/recurrence.py",
        "start = anchor - timedelta(days=anchor.weekday() if weekly else 0)",
        "start = anchor",
    ),
    Planted(
        "every so many days is every day",
        "bot/domain/time/recurrence.py",
        "else timedelta(days=interval)",
        "else timedelta(days=1)",
    ),
    Planted(
        "a day without focus breaks no streak",
        "bot/domain/stats/statistics.py",
        "length = length + 1 if before and _holds(before, day, days_off) else 1",
        "length += 1",
    ),
    Planted(
        "today breaks a streak until there is focus",
        "bot/domain/stats/statistics.py",
        "current = length if before and _holds(before, today, days_off) else 0",
        "current = length if before == today else 0",
    ),
    Planted(
        "a mention is no prefix",
        "bot/chat/runtime/client.py",
        "*(mention + mark for mark in behind for mention in mentions)",
        "*(mention + mark for mark in behind for mention in mentions if mark.isspace())",
    ),
    Planted(
        "a longer timer counts from now",
        "bot/domain/timers/timer.py",
        "longer = self.extend(to - self.length, now)",
        "longer = self.extend(to, now)",
    ),
    Planted(
        "a displaced timer waits for ever",
        "bot/engine/scheduler.py",
        "            if latest:\n                self._more_waiting = True\n",
        "            if latest:\n",
    ),
    Planted(
        "what an earlier process sent is not looked up twice",
        "bot/engine/earlier_tries.py",
        "            if Failure.of(error) is not Failure.OURS:\n",
        "            if False:\n",
        often="kill,lost,503,truncated",
    ),
    Planted(
        "what has just ended is tidied away",
        "bot/service/housekeeping.py",
        "deleted = await forget(connection, now - age, left)",
        "deleted = await forget(connection, now, left)",
        often="kill",
    ),
    Planted(
        "what is paused is not extended",
        "bot/domain/timers/timer.py",
        "            return replace(longer, remaining=left)",
        "            return longer",
    ),
)
