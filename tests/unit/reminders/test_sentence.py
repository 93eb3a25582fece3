"""Which words of a sentence are the time, and which the text; no word about time is dropped silently."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings, strategies as st

from bot.domain.errors import UserError
from bot.domain.question import Question
from bot.domain.reminders import sentence, understanding
from bot.domain.reminders.command import Set
from bot.domain.reminders.reading import cleaned
from bot.domain.time import schedule

NOW = datetime(2026, 11, 27, 12, 34, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ORDINARY = (Path(__file__).parents[1] / "cases" / "ordinary_reminders.txt").read_text(encoding="utf-8").splitlines()
# A sentence, its words about time, and its text.
SPLIT = {
    "20m stretch": ("20m", "stretch"),
    "20m": ("20m", ""),
    "20m: stretch": ("20m", "stretch"),
    "20m - stretch": ("20m", "stretch"),
    "20m :smile:": ("20m", ":smile:"),
    "20m tea :tea: :smile: ,": ("20m", "tea :tea: :smile:"),
    ":tea: in 20m": ("in 20m", ":tea:"),
    "call mum: in 20m": ("in 20m", "call mum"),
    "in 2 hours call mum": ("in 2 hours", "call mum"),
    "call mum tomorrow at 9am": ("tomorrow at 9am", "call mum"),
    "to stretch in 20m": ("in 20m", "stretch"),
    "at 17:30 leave": ("at 17:30", "leave"),
    "next week call mum": ("next week", "call mum"),
    '"tomorrow 9am" 20m': ("20m", "tomorrow 9am"),
    '20m "in 5 minutes"': ("20m", "in 5 minutes"),
    "20m “quoted words”": ("20m", "quoted words"),
    "“tomorrow 9am” 20m": ("20m", "tomorrow 9am"),
    '"every day" 20m': ("20m", "every day"),
    '20m "every day"': ("20m", "every day"),
    '20m tell them "every day counts"': ("20m", 'tell them "every day counts"'),
    "20m\nstretch\nand breathe": ("20m", "stretch\nand breathe"),
    "tomorrow 9am\n\nagenda:\n- one\n- two": ("tomorrow 9am", "agenda:\n- one\n- two"),
    "tea\n20m": ("20m", "tea"),
    "20m say when: now": ("20m", "say when: now"),
    "each friday 14:00 retro": ("each friday 14:00", "retro"),
    "daily 9am pills": ("daily 9am", "pills"),
    "hourly drink water": ("hourly", "drink water"),
    "9am pills every day": ("9am every day", "pills"),
    "stand-up every weekday": ("every weekday", "stand-up"),
    "24 Dec gifts every year": ("24 Dec every year", "gifts"),
    "gym at 9:00 every mon, wed and fri": ("at 9:00 every mon, wed and fri", "gym"),
    "20m\nevery day": ("20m\nevery day", ""),
    "tomorrow 9am every weekday stand-up": ("tomorrow 9am every weekday", "stand-up"),
    "9am daily stand-up": ("9am daily", "stand-up"),
    "1h every 2h drink": ("1h every 2h", "drink"),
    "pills every day at 9am": ("every day at 9am", "pills"),
    "gym every mon, wed and fri at 9:00": ("every mon, wed and fri at 9:00", "gym"),
    "pills\nwater\nevery day 9am": ("every day 9am", "pills\nwater"),
    "9am pills daily until 24 Dec": ("9am daily until 24 Dec", "pills"),
    "9am every day until 24 Dec pills": ("9am every day until 24 Dec", "pills"),
    "each friday 14:00 retro, 4 times": ("each friday 14:00 4 times", "retro"),
    "pills for 5 times every day 9am": ("for 5 times every day 9am", "pills"),
    "wait until friday, every day 9am": ("until friday, every day 9am", "wait"),
    "tomorrow 9am every time": ("tomorrow 9am", "every time"),
    "tomorrow 9am: every vote counts": ("tomorrow 9am", "every vote counts"),
    "9am pills for 5 times": ("9am", "pills for 5 times"),
    "meeting tomorrow at 3pm with Bob": ("tomorrow at 3pm", "meeting with Bob"),
    "meeting friday 3pm with Bob": ("friday 3pm", "meeting with Bob"),
    "send the report tomorrow, to Ana": ("tomorrow", "send the report to Ana"),
    "call mum on friday about the car": ("on friday", "call mum about the car"),
    "feed the cat tonight and the dog": ("tonight", "feed the cat and the dog"),
    "check every monday the mail for bills": ("every monday", "check the mail for bills"),
    "in a week's time renew the pass": ("in a week's time", "renew the pass"),
    "in 3 days time water the fern": ("in 3 days time", "water the fern"),
    "in 10 minutes time the eggs": ("in 10 minutes", "time the eggs"),
    "20m time sheets": ("20m", "time sheets"),
    "8 tomorrow morning bakery": ("8 tomorrow morning", "bakery"),
    "new year's eve 23:55 champagne": ("new year's eve 23:55", "champagne"),
    "next month on the 5th rent": ("next month on the 5th", "rent"),
    "5pm New York call Sam": ("5pm New York", "call Sam"),
    "9am Los Angeles time stand-up": ("9am Los Angeles time", "stand-up"),
    "5pm berlin stand-up": ("5pm berlin", "stand-up"),
    "5pm nice walk": ("5pm", "nice walk"),
    "\N{ALARM CLOCK} 20m tea": ("20m", "\N{ALARM CLOCK} tea"),
    "<:clock:123> tomorrow 9am tea": ("tomorrow 9am", "<:clock:123> tea"),
    "\N{FULLWIDTH DIGIT TWO}\N{FULLWIDTH DIGIT ZERO}\N{FULLWIDTH LATIN SMALL LETTER M} tea": (
        "\N{FULLWIDTH DIGIT TWO}\N{FULLWIDTH DIGIT ZERO}\N{FULLWIDTH LATIN SMALL LETTER M}",
        "tea",
    ),
    "in a half hour tea": ("in a half hour", "tea"),
    "0800 tomorrow school": ("0800 tomorrow", "school"),
    "tomorrow 9am +0530 call": ("tomorrow 9am +0530", "call"),
    "tomorrow 0900Z call": ("tomorrow 0900Z", "call"),
    "every alternate day 9am fern": ("every alternate day 9am", "fern"),
    "m-f 8am school": ("m-f 8am", "school"),
    "this in 2 days": ("in 2 days", "this"),
    "tmrw morn laundry": ("tmrw morn", "laundry"),
    "- 20m tea": ("20m", "tea"),
    "8 every morning pill": ("8 every morning", "pill"),
    "every 20 min for the next hour water": ("every 20 min for the next hour", "water"),
}
# Words about time that adjoin the time, or stand within the text.
DOUBTFUL = [
    "20m film tonight",
    "20m check the oven at 18:00",
    "in 2 hours at 9am call",
    "tomorrow at 9am and 5pm call",
    "tomorrow or friday call",
    "tomorrow 9am until 11am workshop",
    "20m, and at 18:00 call",
    "90 min until the match",
    "2 days before the deadline submit",
    "every day 8am starting maybe monday run",
    "mon 9am and fri 3pm clinic",
    "1h for 10 days walk",
    "tomorrow 9am except sundays run",
    "tonight @ home tomorrow",
    "20m march 5 parade",
    "20m 24 dec presents",
    "20m in 2 days pay",
    "20m next friday pay",
    "tomorrow 9am today call",
    "meeting tomorrow at 3pm or 4pm with Bob",
    "review 3pm meeting notes with Bob",
    "read the plan for friday at 9am with Bob",
    "ask Bob tomorrow for the tickets at 8pm show",
    "20m noon lunch",
    "20m on the 15th pay",
    "in an hour or so call",
    "dec 5 or 6 exam",
    "an hour and ten calls",
    "every hour while I'm awake drink",
    "every day 9am when the shop opens call",
    "tomorrow when I wake up call",
    "5pm JFK call",
    "9am pacific launch",
    "9am San Francisco launch",
    "9am in Boston launch",
    "9am every day EST call",
    "1h 30 squats",
    "18h30 film",
    "in a day or two call",
    "every day 7am forever run",
    "every day 7am for the rest of the year run",
    "every day 7am, not in december, run",
    "every day 7am from monday on run",
    "only on mondays 7am run",
    "friday next laundry",
    "at 4pm precisely laundry",
    "in 3 days at this time call",
    "tomorrow or the day after call",
    "every day all december run",
]
NO_TIME = [
    "stretch",
    "sun cream",
    "enjoy the sun",
    "feed sat",
    "an apple a day",
    "get ready for friday",
    "1st aid kit",
    "problems " * 500,
    "10 eggs",
    '"buy milk"',
    "may be",
    "second draft",
    "march on",
]
TIMES = [
    "at 9",
    "@ 9pm",
    "at 18:00",
    "and 20:00",
    "except sundays",
    "except on monday",
    "between 9am and 11am",
    "until friday",
    "until 18:00",
    "for 10 days",
    "starting monday",
    "from tomorrow",
    "9am EST",
    "tomorrow",
    "tonight",
    "24 dec",
    "on the 15th",
    "2nd monday of the month",
    "every day",
    "every 2 weeks",
    "in 2 hours",
    "next week",
    "noon",
    "5 times",
    "or friday",
    "2026-12-24",
    "3/4/27",
    "friday",
    "weekends",
    "at midnight",
    "half past 5",
    "this evening",
    "20m",
    "daily",
    "twice a day",
    "12:30",
    "8pm",
]
FRONTS = ["20m", "in 2 hours", "tomorrow", "tomorrow 9am", "monday 18:00", "every day", "every day 8am", "24 dec"]


def understood(text: str) -> tuple[schedule.Schedule, str]:
    return understanding.of_set(Set(sentence=text), NOW, BERLIN)


@pytest.mark.parametrize(("text", "parts"), SPLIT.items())
def test_splits(text: str, parts: tuple[str, str]) -> None:
    """The time stands before, after or around the text, and the rest is the text."""
    read = sentence.read(text)
    assert [(reading.words, reading.what) for reading in read.readings] == [parts]
    assert not read.is_in_doubt


@pytest.mark.parametrize("text", DOUBTFUL)
def test_what_speaks_of_time_too_is_asked(text: str) -> None:
    """More words about time than fit together are asked about, and each choice is one unambiguous line."""
    with pytest.raises(Question) as raised:
        understood(text)
    assert raised.value.choices
    for choice in raised.value.choices:
        understood(choice.line.removeprefix("remind "))


@pytest.mark.parametrize("text", NO_TIME, ids=lambda text: text[:20])
def test_everyday_words_are_no_time(text: str) -> None:
    """A text without a time, or with a word that only might be one, is asked for its time."""
    with pytest.raises(Question) as raised:
        understood(text)
    assert len(raised.value.choices) >= 2
    for choice in raised.value.choices:
        _, rest = understood(choice.line.removeprefix("remind "))
        assert rest in text or rest in cleaned(text)


@pytest.mark.parametrize(
    "form",
    [
        "20m {}",
        "tomorrow 9am {}",
        "{} in 2 hours",
        "to {} on friday at 18:00",
        "every weekday 8:00 {}",
        "in 3 days {}",
        "{} every monday at 9am",
    ],
)
def test_ordinary_texts_are_not_asked(form: str) -> None:
    """Of over a hundred ordinary texts at most five are asked about, and all others are kept as typed."""
    questions = []
    for text in ORDINARY:
        try:
            _, rest = understood(form.format(text))
        except UserError:
            questions.append(text)
        else:
            assert rest == text
    assert len(ORDINARY) == 112
    assert len(questions) <= 5, questions


@settings(deadline=None, max_examples=settings().max_examples * 20)
@given(
    st.sampled_from(FRONTS), st.sampled_from(ORDINARY), st.sampled_from(TIMES), st.integers(0, 12), st.booleans()
)
@example("tomorrow 9am", "pay the rent", "and 20:00", 0, False)
@example("every day", "pay the rent", "except sundays", 0, False)
@example("every day", "call 555 0134", "24 dec", 2, False)
@example("20m", "pay the rent", "9am EST", 3, False)
def test_no_words_of_time_are_dropped(front: str, text: str, words: str, place: int, is_behind: bool) -> None:
    """Words about time within a text count, are asked about, or stay in it; none is dropped."""
    parts = text.split()
    place = min(place, len(parts))
    body = " ".join([*parts[:place], words, *parts[place:]])
    typed = f"{body} {front}" if is_behind else f"{front} {body}"
    try:
        meant, rest = understood(typed)
    except UserError:
        return
    if words in rest:
        # Within the text, never adjoining the words that count.
        assert 0 < place < len(parts) or words in {"friday", "daily", "20m", "noon", "5 times"}, (rest, meant)
        return
    alone, _ = understood(f"{front} {text}")
    # The times may be the same: every weekday, starting monday; monday next week.
    is_the_same = words in front or words.startswith(("from", "starting", "20m", "daily", "tomorrow", "next week"))
    assert is_the_same or (meant.first_at, meant.rule) != (alone.first_at, alone.rule), typed


@settings(deadline=None)
@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from([*TIMES, *FRONTS, *ORDINARY, '"', ",", "to", "at"]), max_size=5).map(" ".join),
    )
)
def test_any_sentence(text: str) -> None:
    """Any text is fully understood or refused; each choice has one meaning."""
    try:
        understood(text)
    except Question as question:
        for choice in question.choices:
            assert understanding.of_set(Set(sentence=choice.line.removeprefix("remind ")), NOW, BERLIN)
    except UserError as refused:
        assert len(str(refused)) < 250
