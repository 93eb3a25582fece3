"""The plants in what keeps time, sends, and shares work among processes: mistakes, each as a change of text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planted:
    """A mistake that somebody might make."""

    name: str
    path: str
    old: str
    new: str
    # What disasters it needs.
    often: str = ""


TIMEKEEPING = (
    Planted(
        "outbox marked sent before the send",
        "bot/engine/outbox.py",
        "            with repeatable(since):\n                return await self._sender.deliver(message)",
        "            with repeatable(since):\n"
        "                await self._recorder.record(message, lambda: self._store.sent([message], None))\n"
        "                return await self._sender.deliver(message)",
        often="kill,latency",
    ),
    Planted(
        "nonce anew at each try",
        "bot/chat/runtime/sender.py",
        "nonce=outbox_message.nonce",
        "nonce=__import__('secrets').token_hex(8)",
        often="lost,500,503,truncated",
    ),
    Planted(
        "compare-and-set without version",
        "bot/store/due_timers.py",
        '"versions": versions}',
        '"versions": [(timer_id, version) for timer_id, _ in versions for version in range(99)]}',
        often="takeover,suspend,slow",
    ),
    Planted(
        "the next phase counted from now",
        "bot/domain/focus/session.py",
        "return session._run(ended_at + following.length, now)._start_counting(ended_at)",
        "return session._run(now + following.length, now)._start_counting(ended_at)",
        often="kill,suspend,locked",
    ),
    Planted(
        "lease not looked at before a request",
        "bot/store/database.py",
        "await must_hold(connection, self._lease)",
        "pass",
        often="takeover,suspend",
    ),
    Planted(
        "a retry gives up at the first failure",
        "bot/engine/delivery.py",
        "return self._failures[failure] >= ceiling",
        "return self._failures[failure] >= min(ceiling, 1)",
        often="drop,500,503,cut",
    ),
    Planted(
        "a swallowed exception in a channel queue",
        "bot/engine/outbox.py",
        "            await self._failed(queue, messages, error, now)\n            return",
        "            self._forget(messages)\n            return",
        often="drop,500,503,cut",
    ),
    Planted(
        "off by one at a pause",
        "bot/domain/timers/timer.py",
        "return replace(longer, due_at=now + left)",
        "return replace(longer, due_at=now + timedelta(seconds=15) + left)",
    ),
    Planted(
        "countdown begins anew with its length after a restart",
        "bot/store/due_timers.py",
        '    return Due(row["id"], row["version"], row["due_at"], row["guild_id"])',
        '    from datetime import timedelta\n\n'
        '    return Due(row["id"], row["version"], row["due_at"] + timedelta(seconds=40), row["guild_id"])',
        often="kill,deploy",
    ),
    Planted(
        "what was pending is not loaded at the start",
        "bot/engine/outbox.py",
        "for message in await self._store.pending():",
        "for message in ():",
        often="kill,latency",
    ),
    Planted(
        "due timers are not looked up at the start",
        "bot/engine/scheduler.py",
        "        failures = 0\n        self.refresh()\n",
        "        failures = 0\n",
        often="kill,deploy",
    ),
    Planted(
        "a free thread does not look for more",
        "bot/engine/scheduler.py",
        "        if (self._more_waiting or self._is_refreshing) and self.threads < self._limit:",
        "        if self._is_refreshing and self.threads < self._limit:",
    ),
    Planted(
        "an extended pomodoro ends as before",
        "bot/engine/scheduler.py",
        "return any(other and other.version >= due.version for other in known)",
        "return any(other is not None for other in known)",
        often="takeover,suspend,slow",
    ),
    Planted(
        "a cancelled timer is announced",
        "bot/store/due_timers.py",
        '"versions": versions}',
        '"versions": [(timer_id, later) for timer_id, sent in versions for later in range(sent, sent + 99)]}',
        often="takeover,suspend,slow",
    ),
    Planted(
        "announced before its time",
        "bot/engine/channel_queue.py",
        "        return due_in if due_in <= LEAD else 0.0",
        "        return 0.0",
    ),
    Planted(
        "failed finishes are not tried again",
        "bot/engine/scheduler.py",
        "                self._is_due.set()\n                failures += 1",
        "                failures += 1",
        often="locked,full",
    ),
    Planted(
        "an interaction is answered too late",
        "bot/chat/runtime/request_runner.py",
        "            self._user_limiter.enter(request.actor.user_id)\n",
        "            self._user_limiter.enter(request.actor.user_id)\n"
        "            await __import__('asyncio').sleep(4)\n",
    ),
    Planted(
        "timers of purposes that are not known are counted down",
        "bot/store/due_timers.py",
        "where(timers.c.state == State.RUNNING, KNOWN, on_shards(shards))",
        "where(timers.c.state == State.RUNNING, on_shards(shards))",
        often="newer,kill",
    ),
    Planted(
        "messages of kinds that are not known are read",
        "bot/store/outbox.py",
        ".where(*conditions, outbox.c.kind.in_(list(Kind)), timer_rows.KNOWN)",
        ".where(*conditions)",
        often="newer",
    ),
    Planted(
        "lease not looked at as a request leaves",
        "bot/engine/lease_keeper.py",
        "        if not self.holds():\n            raise LeaseLost",
        "        return",
        often="takeover,suspend",
    ),
    Planted(
        "a stop is lost at an await",
        "bot/engine/supervisor.py",
        "        except Exception:  # noqa: BLE001 - logged and retried",
        "        except (Exception, __import__('asyncio').CancelledError):",
        often="deploy,cancel",
    ),
    Planted(
        "any announcement in the channel is taken for a receipt",
        "bot/chat/runtime/receipts.py",
        "if announces and ids <= set(_numbers(message.components, announces)):",
        "if announces and set(_numbers(message.components, announces)):",
        often="lost,dark,kill",
    ),
    Planted(
        "nobody looks for a message whose nonce is forgotten",
        "bot/engine/outbox.py",
        "if message_id := await self._earlier_tries.message_id(message, since):",
        "if message_id := None:",
        often="lost,truncated,broken off",
    ),
    Planted(
        "a resumed pomodoro starts anew",
        "bot/domain/timers/timer.py",
        "due_at = now + self.remaining",
        "due_at = now + self.length",
    ),
    Planted(
        "a failed look for timers is not tried again",
        "bot/engine/scheduler.py",
        '                _log.exception("scheduler_refresh_failed")\n                self.refresh()\n',
        '                _log.exception("scheduler_refresh_failed")\n',
        often="unreadable,kill",
    ),
)  # fmt: skip
