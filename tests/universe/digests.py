"""Digests: the week of a server, which is posted where somebody wants it each Monday at nine there."""

import math
import re
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from tests.universe import calendar, sentences
from tests.universe.human import Human
from tests.universe.judge import Judge
from tests.universe.promise import EARLY

# Where it is nine at times soon after a midnight in London.
_ZONES = "UTC", "Asia/Tokyo", "Asia/Singapore", "Asia/Kolkata", "Europe/Berlin"
_NINE, _MONDAY, _WEEK = time(9), frozenset({0}), 7 * 86_400.0
_TITLE = re.compile("^" + sentences.pattern(sentences.WEEK, day=r"(\d+)", month=r"(\w+)"), re.MULTILINE)
# How often somebody tells the server's zone rather than where its week is to be posted.
_TELLS = 0.5


class Digests:
    """Those of all servers: a server has one at most."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        # The zone of each server, None if that is in doubt; where it is posted, and since when that is known.
        self._zones: dict[str, str | None] = {}
        self._places: dict[str, tuple[str, float]] = {}
        # When each was due, and posted.
        self._dues: dict[str, list[float]] = {}
        self._posted: dict[str, list[float]] = {}
        judge.listeners.append(self._hear)

    async def act(self, human: Human) -> None:
        """Tell the zone of a server, or have its week posted."""
        channel = human.chance.choice(human.channels)
        guild_id = channel.guild_id
        self._note_dues(guild_id)
        if human.chance.random() < _TELLS and guild_id not in self._places:
            zone = human.chance.choice(_ZONES)
            answer = await human.slash(channel, "settings zone", zone=zone)
            self._zones[guild_id] = zone if answer.words else None
            human.hold_reading(answer, f"settings zone {zone}", is_right=f": {zone}" in (answer.words or ""))
            return
        self._places.pop(guild_id, None)
        answer = await human.type(channel, "!stats digest")
        if sentences.WEEKLY in (answer.words or ""):
            self._judge.counts["digests set"] += 1
            self._places[guild_id] = channel.id, answer.answered_at
            due = self._next(guild_id, answer.answered_at)
            shown = re.search(r"<t:(\d+)", answer.words or "")
            if due and shown and abs(int(shown[1]) - self._judge.epoch - due) > 1 + self._judge.slack:
                self._judge.fault("wrong time", f"the week is due {due:.0f}: {answer.words!r}")

    def _next(self, guild_id: str, after: float) -> float | None:
        """Return when the next is due after a moment; None where the zone is in doubt."""
        zone = self._zones.get(guild_id, "UTC")
        if zone is None:
            return None
        epoch = self._judge.epoch
        moments = calendar.daily(epoch + after, epoch + after + _WEEK + 86_400, _NINE, ZoneInfo(zone), _MONDAY)
        return moments[0] - epoch

    def _note_dues(self, guild_id: str) -> None:
        """Note what was due since it was set."""
        place, since = self._places.get(guild_id, ("", math.inf))
        while place and (due := self._next(guild_id, since)) and due < self._judge.now:
            since = due
            self._places[guild_id] = place, since
            self._dues.setdefault(guild_id, []).append(due)

    def _hear(self, message: Any, words: str) -> set[str]:
        channel = self._judge.world.channels.get(message.channel_id)
        if not (channel and channel.guild_id and _TITLE.search(words)):
            return set()
        self._judge.counts["digests"] += 1
        now, guild_id = self._judge.now, channel.guild_id
        place, since = self._places.get(guild_id, ("", math.inf))
        due = self._next(guild_id, since) if place else None
        self._posted.setdefault(guild_id, []).append(now)
        self._note_dues(guild_id)
        if due and place != channel.id:
            self._judge.fault("wrong place", f"the week in {channel.name}: {words!r}")
        if due and due > now + EARLY + self._judge.slack and not self._dues.get(guild_id):
            self._judge.fault("early", f"the week, due {due:.0f}: {words!r}")
        return set()

    def close(self) -> None:
        """Hold what was due against what was posted."""
        judge = self._judge
        for guild_id, (place, _) in [*self._places.items()]:
            self._note_dues(guild_id)
            for due in self._dues.get(guild_id, []):
                until = judge.until(due)
                posted = [at for at in self._posted.get(guild_id, []) if at >= due - EARLY - judge.slack]
                if judge.is_disturbed(place, until=judge.now) or until >= judge.now:
                    continue
                if not posted or posted[0] > until:
                    judge.fault("lost", f"the week that was due at {due:.0f}, posted {posted}")
                elif len(posted) > len([later for later in self._dues[guild_id] if later >= due]):
                    judge.fault("doubled", f"the week that was due at {due:.0f}, posted {posted}")
