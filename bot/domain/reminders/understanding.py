"""What a request for a reminder means to one person, now: its schedule and its text, or a question.

Each choice of a question is the whole request put right, as one unambiguous line.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.errors import BadMoment, UserError
from bot.domain.question import Choice, Question, as_typed, like_a_command
from bot.domain.reminders import everyday, put_right, quoting, sentence
from bot.domain.reminders.choices import Choices
from bot.domain.reminders.command import EditReminder, Set
from bot.domain.reminders.reading import Reading, Sentence, cleaned
from bot.domain.time import amounts, from_now, schedule
from bot.domain.time.ambiguity import Doubt
from bot.domain.time.days import Here
from bot.domain.time.lexer import Text
from bot.domain.time.plain import plain
from bot.domain.time.schedule import Schedule, shortened, spelled
from bot.domain.time.tokens import FromNow
from bot.messages.catalogue import N_

_NO_TIME = N_("When? I couldn't find a time in “{quote}”.")
_WHEN = N_("When should I remind you?")
_DOUBT = N_("“{quote}” sounds like a time too. Which did you mean?")
_PLACE = N_("Is “{quote}” the time zone, or part of the text?")
_SLIP = N_("I don't know “{quote}”. Did you mean this?")
_CLOCK = N_("Is “{quote}” a time of day?")
_FOUR = re.compile(r"([01]?\d|2[0-3])[.]?([0-5]\d)", re.ASCII)
_INSTEAD = re.compile(r",? (?:instead|please|pls)[.!]*\Z", re.IGNORECASE)
# By how much a reminder comes earlier or later than it would.
_SHIFT = re.compile(
    r"(?:(?:back )?(?P<by>by ))?(?P<length>.{1,40}?)(?: (?P<way>earlier|later|sooner)|(?(by)|(?!)))[.!]*",
    re.IGNORECASE,
)


def of_set(command: Set, now: datetime, zone: ZoneInfo) -> tuple[Schedule, str]:
    """Return the schedule and the text of a new reminder. Raises ``Question`` and other ``UserError``s."""
    request = _Request(f"remind {_lead(command)}", now, zone)
    if command.sentence:
        if command.may_list:
            raise like_a_command(command.may_list, as_typed("remind list"), *request.choices(command.sentence))
        understood = request.read(command.sentence)
        if command.names_another:
            raise Question(
                N_("I can't ping somebody else for you. Should I remind you instead?"),
                Choice(N_("Remind me"), f"remind {_lead(command)}{command.sentence}"),
            )
        return understood
    if not (command.when or command.every):
        raise request.without_time(Text(command.what))
    try:
        return schedule.read(command.when, command.every, now, zone), command.what
    except UserError as refused:
        raise question(refused, f"remind {_lead(command)}", command, now, zone) from None


def privately(meant: Schedule, text: str, now: datetime, zone: ZoneInfo) -> Choice:
    """Offer a reminder by direct message."""
    line = f"remind me {spelled(meant, now, zone)} {quoting.quoted(text)}"
    return Choice(N_("Remind me by DM"), line.rstrip())


def instead(refused: UserError, text: str, now: datetime, zone: ZoneInfo) -> UserError:
    """Ask about a new reminder where there is none to change: *move boxes tomorrow 9am*."""
    try:
        meant, what = _Request("remind ", now, zone).read(text)
    except UserError:
        return refused
    offer = Choices("remind ", now, zone).exactly(meant, quoting.quoted(what))
    return Question(refused.template, offer, **refused.arguments)


def of_edit(command: EditReminder, now: datetime, zone: ZoneInfo, due_at: datetime | None = None) -> EditReminder:
    """Return a change with its fields, whether it came in them or as a sentence.

    ``due_at`` is when the reminder comes next: *an hour later* counts from it. Without any word about time it is
    the text that changes.
    """
    if not command.sentence:
        return command
    body = _INSTEAD.sub("", command.sentence)
    if (shift := _SHIFT.fullmatch(body)) and (length := amounts.whole(plain(shift["length"]))):
        sign = -1 if (shift["way"] or "").casefold() in {"earlier", "sooner"} else 1
        here = Here(now, zone)
        moved = from_now.beside(here.local(due_at or now), FromNow(length), sign, here)
        return EditReminder(command.target, when=spelled(Schedule(moved.moment, None, on_clock=True), now, zone))
    if body.casefold().removeprefix("every ").strip() in schedule.NEVER:
        return EditReminder(command.target, every="never")
    read = sentence.read(body)
    if not read.readings:
        return EditReminder(command.target, what=cleaned(body))
    request = _Request(f"remind edit {command.target} ", now, zone)
    if read.is_in_doubt or len(read.readings) > 1:
        raise request.doubt(read)
    [reading] = read.readings
    request.schedule(reading)
    field = "every" if reading.statement.repeats else "when"
    return EditReminder(command.target, what=reading.what, **{field: reading.words})


def of_snooze(words: str, reminder_id: int, now: datetime, zone: ZoneInfo) -> Schedule:
    """Return until when a reminder is snoozed. Raises ``Question`` and other ``UserError``s."""
    try:
        meant = schedule.read(words, "", now, zone)
    except UserError as refused:
        raise question(refused, f"remind snooze #{reminder_id} ", EditReminder("", words), now, zone) from None
    if meant.rule:
        raise BadMoment(N_("“{quote}” repeats. Until when should I snooze it?"), quote=shortened(words))
    return meant


class _Request:
    """One request in a sentence, and the questions about it."""

    def __init__(self, start: str, now: datetime, zone: ZoneInfo) -> None:
        self._now = now
        self._zone = zone
        self._offers = Choices(start, now, zone)

    def read(self, body: str) -> tuple[Schedule, str]:
        source = Text(body.strip())
        read = sentence.of(source)
        if not read.has_one_meaning:
            read = self._corrected(body) or read
        if not read.readings:
            if weekday := everyday.weekday(source):
                return self.schedule(weekday), weekday.what
            raise self.without_time(source)
        if read.is_in_doubt:
            raise self.doubt(read)
        [reading] = read.readings
        try:
            return self.schedule(reading, read.spare), reading.what
        except Question as asked:
            [reading] = (self._corrected(body) or read).readings
            if reading in read.readings:
                raise asked from None
            return self.schedule(reading), reading.what

    def choices(self, body: str) -> tuple[Choice, ...]:
        """Return what a sentence may mean."""
        try:
            return (self._offers.exactly(*self.read(body)),)
        except Question as question:
            return question.choices
        except UserError:
            return ()

    def schedule(self, reading: Reading, spare: Reading | None = None) -> Schedule:
        """Return the schedule of a reading; ask with its text in each choice, and offer a ``spare`` one too."""
        try:
            return schedule.resolve(reading.statement, reading.words, self._now, self._zone)
        except Doubt as doubt:
            asked = self._offers.of_doubt(doubt, reading.what)
            if spare and isinstance(asked, Question):
                asked = Question(asked.template, *asked.choices, *self._meanings(spare), **asked.arguments)
            raise asked from None
        except UserError as refused:
            others = (replace(reading, statement=other) for other in put_right.statements(reading.statement))
            choices = {choice.line: choice for other in others for choice in self._meanings(other)}
            if not (choices or reading.statement.repeats):
                choices = {choice.line: choice for choice in self._offers.usual(reading.what)}
            raise (
                Question(refused.template, *choices.values(), **refused.arguments) if choices else refused
            ) from None

    def doubt(self, read: Sentence) -> Question:
        """Ask which of several readings is meant."""
        known = (choice for reading in read.readings[:3] for choice in self._meanings(reading))
        choices = {choice.line: choice for choice in known}
        if not choices:  # each of them is impossible: say why
            self.schedule(read.readings[0])
        is_placed = [bool(reading.statement.zone) for reading in read.readings] == [False, True]
        return Question(_PLACE if is_placed else _DOUBT, *choices.values(), quote=shortened(read.doubtful))

    def _meanings(self, reading: Reading) -> Iterator[Choice]:
        try:
            resolved = schedule.resolve(reading.statement, reading.words, self._now, self._zone)
        except Doubt as doubt:
            asked = self._offers.of_doubt(doubt, reading.what)
            yield from asked.choices if isinstance(asked, Question) else ()
        except UserError:
            return
        else:
            yield self._offers.exactly(resolved, quoting.quoted(reading.what))

    def _corrected(self, body: str) -> Sentence | None:
        """Return a sentence with its misspelt word about time put right.

        Raises ``Question`` if another word may be meant.
        """
        likely = [
            (slip, read, [choice for reading in read.readings for choice in self._meanings(reading)])
            for slip, read in ((slip, sentence.read(slip.text)) for slip in put_right.slips(body))
            if read.has_one_meaning and slip.meant in read.readings[0].words.casefold()
        ]
        sure = [(read, choices) for slip, read, choices in likely if slip.is_sure]
        if (
            sure
            and len({slip.word for slip, *_ in likely}) == 1
            and all(choices == sure[0][1] for _, choices in sure)
        ):
            return sure[0][0]
        for slip, _, choices in likely:
            if choices:
                raise Question(_SLIP, *choices, quote=shortened(slip.word))
        return None

    def without_time(self, source: Text) -> UserError:
        """Ask when, for a text without a time."""
        body = source.raw
        first, _, rest = body.partition(" ")
        if first.isdigit() and len(first) <= 3:
            try:
                schedule.read(first, "", self._now, self._zone)
            except Doubt as doubt:
                return self._offers.of_doubt(doubt, rest)
        if clock := _FOUR.fullmatch(first):
            resolved = schedule.read(f"{clock[1]}:{clock[2]}", "", self._now, self._zone)
            return Question(_CLOCK, self._offers.exactly(resolved, quoting.quoted(rest)), quote=first)
        template = _NO_TIME if body else _WHEN
        days = [choice for reading in everyday.readings(source) for choice in self._meanings(reading)]
        return Question(template, *days, *self._offers.usual(cleaned(body)), quote=shortened(body))


def question(refused: UserError, start: str, asked: Set | EditReminder, now: datetime, zone: ZoneInfo) -> UserError:
    """Make a question of what could not be read, or may mean several things, with the request put right.

    Where nothing is probable, it stays refused.
    """
    offers = Choices(start, now, zone)
    if isinstance(refused, Doubt):
        return offers.of_doubt(refused, asked.what)
    options = put_right.words(asked.when, asked.every, now, zone)
    text = quoting.quoted(asked.what)
    choices = (offers.of_words(words, text) for words in options)
    return Question(refused.template, *choices, **refused.arguments) if options else refused


def _lead(command: Set) -> str:
    """Return whom and where, as they are typed in front."""
    parts = [
        "me" if command.direct else "",
        command.calls,
        f"<#{command.channel_id}>" if command.channel_id else "",
    ]
    return "".join(f"{part} " for part in parts if part)
