"""The plants in what is asked, answered and looked up between: questions, edits, snoozes; see ``plants``."""

from tests.universe.plants import Planted

LAPSES = (
    Planted(
        "anybody answers anybody's question",
        "bot/service/questions.py",
        "if question.user_id != actor.user_id:",
        "if False:",
    ),
    Planted(
        "what is answered is read again once it is edited",
        "bot/chat/runtime/misread.py",
        "            yield\n            self._next.pop(message_id, None)",
        "            yield",
    ),
    Planted(
        "an undo can be repeated",
        "bot/service/last_changes.py",
        "self._last.pop(user_id, (now, ()))",
        "self._last.get(user_id, (now, ()))",
    ),
    Planted(
        "what somebody deleted was asked stays",
        "bot/store/persons.py",
        "questions: questions.c.user_id == user_id,",
        "questions: questions.c.id < 0,",
    ),
    Planted(
        "a snooze needs no room",
        "bot/service/reminders.py",
        "            else:\n                await self._must_have_room(connection, actor.user_id)\n",
        "            else:\n",
    ),
    Planted(
        "tomorrow morning is that of the reminder's author",
        "bot/chat/reminders/buttons.py",
        'tomorrow = schedule.read("tomorrow 9:00", "", now, here).first_at',
        'tomorrow = schedule.read("tomorrow 9:00", "", now, __import__("zoneinfo").ZoneInfo("UTC")).first_at',
    ),
    Planted(
        "a recap has the last round only",
        "bot/chat/focus/text.py",
        "sum((effort.focused for effort in own), timedelta()) for",
        "own[-1].focused if own else timedelta() for",
    ),
    Planted(
        "a proxy's page is the last word",
        "bot/chat/runtime/final_answers.py",
        "        raise Unrecognised(what) from refused",
        "        raise Undeliverable(what) from refused",
        often="proxy,cloudflare",
    ),
    Planted(
        "a nonce is used for as long as it takes",
        "bot/engine/rate_limiter.py",
        "        nonce.must_be_known(self._clock.now())\n",
        "",
        often="held",
    ),
    Planted(
        "the history is read from too late on",
        "bot/chat/runtime/sender.py",
        "after=since - _BEFORE)",
        "after=since + 4 * _BEFORE)",
        often="lost,truncated,broken off",
    ),
    Planted(
        "of several that come at once the last is not said",
        "bot/store/outbox.py",
        "timers=tuple(timer for message in messages for timer in message.timers), tried_at=now)",
        "timers=tuple(timer for message in messages[:-1] or messages for timer in message.timers), tried_at=now)",
    ),
    Planted(
        "voice lets in whoever sits there",
        "bot/service/voice.py",
        "for user_id, theirs in preferred.items() if theirs.voice_auto)",
        "for user_id, theirs in preferred.items())",
    ),
)  # fmt: skip
