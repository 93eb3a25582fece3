"""The plants in what holds for people: rights, counting, reading, repeating; see ``plants``."""

from tests.universe.plants import Planted

RULES = (
    Planted(
        "DST by UTC",
        "bot/domain/time/recurrence.py",
        "yield first if wall == anchor else wall.replace(tzinfo=zone).astimezone(UTC)",
        "yield first + (wall - anchor)",
    ),
    Planted(
        "the owner is not pinged",
        "bot/chat/timers/renderer.py",
        "mentions.only(owners - outbox_message.mentioned)",
        "mentions.only(())",
    ),
    Planted(
        "a focus phase counts its pause",
        "bot/domain/focus/session.py",
        "return self._stop_counting(now)._clocked(state=State.PAUSED",
        "return self._clocked(state=State.PAUSED",
    ),
    Planted(
        "a repeating reminder forgets what it missed",
        "bot/domain/reminders/reminder.py",
        "        return occurrence, replace(self, timer=series, fired=fired)",
        "        series = replace(series, due_at=next_at + timedelta(days=1))\n"
        "        return occurrence, replace(self, timer=series, fired=fired)",
    ),
    Planted(
        "rights to mention are not looked at at delivery",
        "bot/domain/reminders/verdict.py",
        "return Verdict.SAID if rights.may_call(reminder.calls) else Verdict.UNCALLED",
        "return Verdict.SAID",
        often="demoted",
    ),
    Planted(
        "whoever may not write has it said",
        "bot/domain/reminders/verdict.py",
        "if not rights.posts:",
        "if not rights.is_member:",
        often="silenced",
    ),
    Planted(
        "a second counts for each entry",
        "bot/domain/stats/union.py",
        "    edges: dict[",
        "    if claims:\n        return [tuple(claim) for claim in claims]\n    edges: dict[",
    ),
    Planted(
        "rounds without a sign count",
        "bot/domain/focus/presence.py",
        "person.silent > most_silent",
        "person.silent > most_silent + 99",
    ),
    Planted(
        "a kitchen timer counts",
        "bot/domain/stats/log.py",
        "focused < max(over.counts_from, LEAST)",
        "focused < LEAST",
    ),
    Planted(
        "whoever left the server stays in the session",
        "bot/service/departures.py",
        "gone = frozenset(user_id for user_id, theirs in rights.items() if not theirs.is_member)",
        "gone = frozenset[int]()",
        often="member left",
    ),
    Planted(
        "one timer too many",
        "bot/service/timers.py",
        "guild_id=None) >= most:",
        "guild_id=None) > most:",
    ),
    Planted(
        "what is confirmed does not count",
        "bot/service/presence.py",
        "await session_rows.log(connection, own)",
        "pass",
    ),
    Planted(
        "whoever rests goes on being counted",
        "bot/domain/focus/session.py",
        "self._with(replace(person.stop(self._until(now)), resting=True))",
        "self._with(replace(person, resting=True))",
    ),
    Planted(
        "a server's rule is not looked at",
        "bot/service/timers.py",
        "least = self._counts_from if rules.counts_from is None else timedelta(minutes=rules.counts_from)",
        "least = self._counts_from",
    ),
    Planted(
        "half past is read as past",
        "bot/domain/time/clock_words.py",
        '"half": 30',
        '"half": 20',
    ),
    Planted(
        "what people write is not escaped",
        "bot/chat/text.py",
        r'_ACTIVE = re.compile(r"[\\*_~`|<>\[\]@]|',
        r'_ACTIVE = re.compile(r"[\\_~`|\[\]]|',
    ),
    Planted(
        "an edit keeps the old time",
        "bot/domain/reminders/reminder.py",
        "timer = replace(edited.timer, state=State.RUNNING, due_at=schedule.first_at)",
        "timer = replace(edited.timer, state=State.RUNNING)",
    ),
    Planted(
        "what repeats comes once too often",
        "bot/domain/reminders/reminder.py",
        "        fired = self.fired + 1\n        late",
        "        fired = self.fired\n        late",
    ),
    Planted(
        "one reminder too many",
        "bot/service/reminders.py",
        "user_id) >= self._most",
        "user_id) > self._most",
    ),
    Planted(
        "one's own time zone is not looked at",
        "bot/chat/reminders/requests.py",
        "understanding.of_set(command, now, own_zone or zone.UTC)",
        "understanding.of_set(command, now, zone.UTC)",
    ),
    Planted(
        "whoever confirms does so for all",
        "bot/service/presence.py",
        "own = [entry for entry in entries if entry.user_id == user_id]",
        "own = list(entries)",
    ),
    Planted(
        "one who acts vouches for the others",
        "bot/domain/focus/presence.py",
        "replace(person, silent=0) if person.user_id == user_id else person",
        "replace(person, silent=0)",
    ),
    Planted(
        "a cancelled pomodoro does not count",
        "bot/service/timers.py",
        "if new.state is State.CANCELLED and (entry := focus_log.of_pomodoro(new, old)):",
        "if new.state is State.CANCELLED and (entry := None):",
    ),
    Planted(
        "what is late does not say so",
        "bot/chat/text.py",
        "LATE = timedelta(seconds=10)",
        "LATE = timedelta(days=10)",
        often="dark,kill,drop",
    ),
    Planted(
        "a reminder for another channel comes where it was set",
        "bot/chat/reminders/requests.py",
        "            where.channel_id,\n",
        "            request.actor.channel_id,\n",
    ),
)  # fmt: skip
