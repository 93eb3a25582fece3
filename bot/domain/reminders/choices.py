"""Choices about reminders: possible meanings, as a label and as the line that says just that."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import BadMoment, UserError
from bot.domain.question import Choice, Question
from bot.domain.reminders import quoting
from bot.domain.time import schedule
from bot.domain.time.ambiguity import Doubt
from bot.domain.time.duration import spoken
from bot.domain.time.schedule import Elapsed, Schedule, spelled
from bot.messages import dates
from bot.messages.catalogue import N_

_LABEL = N_("{when}")
# Offers where no time was given; lengths count from the press on.
_SOON = (("10m", N_("In 10 minutes")), ("1h", N_("In an hour")))
_EVENING, _MORNING = "18:00", "tomorrow 9:00"
# From here on a date is shown with its year.
_FAR = timedelta(days=300)
# From when on something repeats, where that is not plain.
_STARTING = re.compile(r" starting (\d{4}-\d\d-\d\d)( \d\d:\d\d)?\Z")


class Choices:
    """The choices about one request, whose lines all begin with ``start``."""

    def __init__(self, start: str, now: datetime, zone: ZoneInfo) -> None:
        self._start = start
        self._now = now
        self._zone = zone

    def usual(self, what: str) -> Iterator[Choice]:
        """Offer the times that people often want for a text."""
        text = quoting.quoted(what)
        for length, label in _SOON:
            yield Choice(label, f"{self._start}{length} {text}".rstrip())
        today = self._now.astimezone(self._zone).date()
        for words in (_EVENING, _MORNING):
            resolved = schedule.read(words, "", self._now, self._zone)
            at = resolved.first_at.astimezone(self._zone)
            label = N_("Today at {time}") if at.date() == today else N_("Tomorrow at {time}")
            yield replace(self.exactly(resolved, text), label=label, arguments={"time": dates.clock(at)})

    def exactly(self, resolved: Schedule, text: str) -> Choice:
        """Return the choice of a schedule in words that mean nothing else."""
        return self.of_words(spelled(resolved, self._now, self._zone), text, resolved)

    def of_doubt(self, doubt: Doubt, what: str) -> UserError:
        """Make a question of a doubt, with the text in each choice."""
        if not doubt.options:
            return BadMoment(doubt.template, None, **doubt.arguments)
        text = quoting.quoted(what)
        return Question(doubt.template, *(self.of_words(words, text) for words in doubt.options), **doubt.arguments)

    def of_words(self, words: str, text: str, resolved: Schedule | None = None) -> Choice:
        """Return the choice of words about time that mean nothing else; the ``text`` may be in quotes."""
        what = text[1:-1] if text.startswith('"') else text
        return replace(self._labelled(words, f"{self._start}{words} {text}".rstrip(), resolved), what=what)

    def _labelled(self, words: str, line: str, resolved: Schedule | None) -> Choice:
        """Return a choice labelled by its time; what repeats by a sentence."""
        try:
            when = datetime.fromisoformat(words)
            if isinstance(words, Elapsed):
                left = (when if when.tzinfo else when.replace(tzinfo=self._zone)) - self._now.replace(microsecond=0)
                return Choice(N_("In {length}"), line, {"length": spoken(left)})
            is_far = when.date() - self._now.astimezone(self._zone).date() > _FAR
            return Choice(_LABEL, line, {"when": dates.wall_time(when) if is_far else when})
        except ValueError:  # what repeats
            resolved = resolved or schedule.read(words, "", self._now, self._zone)
            rule = schedule.summary(resolved, self._zone)
        rule = rule[:1].upper() + rule[1:]
        starting = _STARTING.search(words)
        if starting is None:
            return Choice(_LABEL, line, {"when": rule})
        if starting[2]:
            return Choice(
                N_("{rule}, from {when}"), line, {"rule": rule, "when": datetime.fromisoformat(starting[0][10:])}
            )
        day = dates.full(date.fromisoformat(starting[1]))
        return Choice(N_("{rule}, from {day}"), line, {"rule": rule, "day": day})
