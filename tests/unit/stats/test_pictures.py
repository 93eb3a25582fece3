import functools
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from bot.domain.stats.statistics import TaskWeek
from bot.messages import catalogue
from bot.pictures import drawing, hours, recap, week, year
from bot.pictures.canvas import Canvas
from bot.pictures.palette import palette
from bot.pictures.picture import Theme
from bot.pictures.subject import Hours, Recap, Share, Subject, Week, Year
from bot.pictures.tasks import label, shares

MONDAY = date(2026, 11, 16)
LAST = date(2026, 11, 25)
NAMES = ("write tests", None, "כתיבה", "読書", "a" * 200, "🍅" * 200, "mail")
SUBJECTS: dict[str, Subject] = {
    "week": Week(
        MONDAY,
        tuple(TaskWeek(name, (3600 * number, 0, 900, 1800, 60, 7, 0)) for number, name in enumerate(NAMES)),
        7200,
    ),
    "week of nothing": Week(MONDAY, ()),
    "week of one entry": Week(MONDAY, (TaskWeek("tea", (0, 0, 0, 300, 0, 0, 0)),)),
    "week of whole days": Week(MONDAY, (TaskWeek("awake", (86_400,) * 7),)),
    "week of a server": Week(MONDAY, (TaskWeek(None, (3600, 0, 900, 1800, 60, 7, 0)),), names_tasks=False),
    "week of thousands": Week(
        MONDAY, tuple(TaskWeek(f"task {number}", (number % 30,) * 7) for number in range(3000))
    ),
    "week of a tower": Week(MONDAY, (TaskWeek("o" + "\N{COMBINING DOT BELOW}" * 70, (60,) * 7),)),
    "year": Year.of({LAST - timedelta(days=number): number * 60 for number in range(365)}, LAST),
    "year of nothing": Year.of({}, LAST),
    "one day": Year.of({LAST: 5}, LAST, LAST),
    "54 weeks": Year.of({date(2012, 1, 1): 86_400}, date(2012, 12, 31), date(2012, 1, 1)),
    "recap": Recap(tuple(Share(name or "Ann", name, 600 * number) for number, name in enumerate(NAMES)), 12_600, 3),
    "hours": Hours(tuple(range(0, 24 * 3600, 3600)), "October 2026"),
    "hours of nothing": Hours((0,) * 24, "this week"),
    "one hour": Hours((*(0,) * 23, 1), "a period whose name is much too long to stand beside a title " * 3),
}
weeks = st.builds(
    Week,
    st.just(MONDAY),
    st.lists(
        st.builds(
            TaskWeek, st.none() | st.text(max_size=80), st.tuples(*[st.just(0) | st.integers(0, 30_000)] * 7)
        ),
        max_size=9,
    ).map(tuple),
    st.none() | st.integers(1, 86_400),
)


# Drawn once for all tests of a process: to draw takes most of the time.
draw = functools.cache(drawing.draw)


def pixels(subject: Subject, theme: Theme = Theme.DARK) -> Image.Image:
    return Image.open(io.BytesIO(draw(subject, theme).png)).convert("RGBA")


def colour(image: Image.Image, x: float, y: float) -> str:
    """Return the colour at a point, in the picture's own units."""
    actual = image.getpixel((int(x * 2), int(y * 2)))
    assert isinstance(actual, tuple)
    return "#" + "".join(f"{int(part):02X}" for part in actual[:3])


def column(image: Image.Image, x: float, base: float) -> Iterator[str]:
    """Go up from a base line, pixel by pixel."""
    for y in range(int(base * 2) - 1, 0, -1):
        yield colour(image, x, y / 2)


def thick(image: Image.Image, x: float, base: float, colours: set[str]) -> dict[str, int]:
    """Measure the thickness of each colour in a column, in pixels."""
    actual = dict.fromkeys(colours, 0)
    for at in column(image, x, base):
        if at in actual:
            actual[at] += 1
    return actual


def margin(image: Image.Image) -> set[tuple[int, ...]]:
    """Collect the colours within 8 pixels of the edge, except on the edge itself and in the round corners."""
    width, height = image.size
    colours: set[tuple[int, ...]] = set()
    for box in (
        (30, 4, width - 30, 12),
        (30, height - 12, width - 30, height - 4),
        (4, 30, 12, height - 30),
        (width - 12, 30, width - 4, height - 30),
    ):
        # Of each channel the least and the most, which differ wherever two colours do.
        colours |= {*zip(*image.crop(box).getextrema(), strict=True)}
    return colours


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("name", SUBJECTS)
def test_a_card(name: str, theme: Theme) -> None:
    """Each picture is a card, 700 pixels wide, with transparent corners and nothing drawn in its margin."""
    image = pixels(SUBJECTS[name], theme)
    assert image.width == 700
    assert 300 < image.height <= 830
    assert image.getchannel("A").getpixel((0, 0)) == 0
    card = palette(theme).card
    assert margin(image) == {(*bytes.fromhex(card[1:]), 255)}


def test_who_focused_on_what() -> None:
    """In a recap a person's bar is proportional to their focus, and nobody's is invisible."""
    people = (Share("Ann", "essay", 3600), Share("Ben", None, 1800), Share("Mia", "mail", 1))
    image = pixels(Recap(people, 5401))
    for number, length in enumerate((318, 159, 3)):
        own = palette(Theme.DARK).tasks[number]
        middle = recap.bar(number)
        actual = sum(colour(image, x / 2, middle) == own for x in range(image.width))
        assert actual == pytest.approx(length * 2, abs=3)


@settings(max_examples=25)
@given(weeks)
def test_any_week(subject: Week) -> None:
    """Whatever the task names, a week is drawn within its card, without a warning, and described."""
    drawn = drawing.draw(subject)
    assert len(margin(Image.open(io.BytesIO(drawn.png)).convert("RGBA"))) == 1
    assert len(drawn.alt) <= 1024


@pytest.mark.parametrize("theme", Theme)
def test_bars_are_as_tall_as_their_sums(theme: Theme) -> None:
    """The height of a day's bar is proportional to its sum, and each layer to its task's share of it."""
    rows = (
        TaskWeek("a", (36_000, 18_000, 0, 0, 9000, 3600, 360)),
        TaskWeek("b", (0, 9000, 18_000, 0, 4500, 0, 0)),
        TaskWeek(None, (0, 9000, 0, 0, 0, 1800, 0)),
    )
    colours = palette(theme).tasks[:3]
    image = pixels(Week(MONDAY, rows), theme)
    for day in range(7):
        actual = thick(image, week.centre(day), week.BASE, set(colours))
        for row, own in zip(rows, colours, strict=True):
            # The lines between layers take a pixel of each, and round corners and edges half of one.
            assert actual[own] == pytest.approx(row.seconds[day] / 36_000 * week.TALLEST * 2, abs=2.5)


def test_the_goal_is_a_line() -> None:
    """The goal is a dashed line at the height of an equal bar, even if no day comes near it."""
    image = pixels(Week(MONDAY, (TaskWeek("a", (3600,) + (0,) * 6),), 7200))
    # between two bars, where nothing but the line is, on a dash or in a gap beside it
    between = (week.centre(3) + week.centre(4)) / 2
    heights = [
        number
        for x in range(-4, 5)
        for number, at in enumerate(column(image, between + x / 2, week.BASE))
        if at != palette(Theme.DARK).card and number < week.TALLEST * 2 + 10
    ]
    assert heights
    assert all(height == pytest.approx(week.TALLEST * 2, abs=2) for height in heights)
    assert thick(image, week.centre(0), week.BASE, {palette(Theme.DARK).tasks[0]}).popitem()[1] == pytest.approx(
        week.TALLEST, abs=2
    )


def test_the_rest_of_a_rest() -> None:
    """Tasks already merged into one row are never shown as one, and counted among the others."""
    tasks = [TaskWeek(str(number), (0, number, 0, 0, 0, 0, 0)) for number in range(1, 8)]
    others = TaskWeek(None, (0, 0, 900, 0, 0, 0, 0), others=400)
    *named, rest = shares([*tasks, others])
    assert [share.task for share in named] == ["7", "6", "5", "4", "3"]
    assert (label(rest), rest.seconds[:3], rest.others) == ("402 others", (0, 3, 900), 402)
    assert [label(share) for share in shares([tasks[0], others])] == ["", "400 others"]
    assert len(shares([*tasks[:6], others])) == 6


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 7), max_size=12))
def test_the_rest_is_one_more(sums: list[tuple[int, ...]]) -> None:
    """Of thousands of tasks the largest have their own bars, and all others share one, so that nothing is lost."""
    task_shares = shares([TaskWeek(str(number), seconds) for number, seconds in enumerate(sums)])
    assert len(task_shares) == min(6, sum(1 for seconds in sums if any(seconds)))
    for day in range(7):
        assert sum(share.seconds[day] for share in task_shares) == sum(seconds[day] for seconds in sums)
    named = [share.total for share in task_shares if not share.others]
    assert named == sorted((sum(seconds) for seconds in sums if any(seconds)), reverse=True)[: len(named)]


@pytest.mark.parametrize("theme", Theme)
def test_squares_have_the_shade_of_their_day(theme: Theme) -> None:
    """Each day of the year is a square at its week and weekday, shaded by its focus."""
    colours = palette(theme)
    done = {LAST - timedelta(days=number): number * 61 % 20_000 for number in range(0, 365, 3)}
    subject = Year.of(done, LAST)
    edges = year.steps(subject.days)
    image = pixels(subject, theme)
    seen = set()
    for day, seconds in subject.dated:
        x, y = year.corner(subject, day)
        wanted = colours.heat[sum(seconds >= edge for edge in edges)] if seconds else colours.faint
        assert colour(image, x + year.CELL / 2, y + year.CELL / 2) == wanted
        seen.add(wanted)
    assert seen == {colours.faint, *colours.heat}
    assert year.corner(subject, LAST)[0] - year.corner(subject, LAST - timedelta(days=7))[0] == year.PITCH


def test_a_column_is_a_week() -> None:
    """A week runs down from Monday to Sunday, the next is to its right, and the 28th begins a second strip."""
    monday = date(2026, 1, 5)
    subject = Year.of({}, date(2026, 12, 31), monday)
    first = year.corner(subject, monday)

    def beside(days: int) -> tuple[float, float]:
        x, y = year.corner(subject, monday + timedelta(days=days))
        return (x - first[0]) / year.PITCH, (y - first[1]) / year.PITCH

    assert (beside(6), beside(7), beside(26 * 7)) == ((0, 6), (1, 0), (26, 0))
    assert beside(27 * 7)[0] == 0
    assert beside(27 * 7)[1] > 7


@given(st.lists(st.integers(0, 86_400), min_size=1, max_size=365))
def test_shades_part_the_days(days: list[int]) -> None:
    """Shades are divided at rising sums, and if days are long enough, the strongest has some but never most."""
    edges = year.steps(tuple(days))
    assert list(edges) == sorted(set(edges))
    done = [seconds for seconds in days if seconds]
    if done and edges[-1] * 1.4 >= max(done):
        assert sum(seconds > edges[-1] * 1.4 for seconds in done) == 0


def test_hours_are_as_tall_as_their_sums() -> None:
    """The height of an hour's bar is proportional to its sum; only the highest has the peak colour."""
    colours = palette(Theme.DARK)
    seconds = tuple(number * 777 % 5000 for number in range(24))
    image = pixels(Hours(seconds, "October 2026"))
    for hour, done in enumerate(seconds):
        own = colours.peak if done == max(seconds) else colours.hour
        actual = thick(image, hours.centre(hour), hours.BASE, {colours.peak, colours.hour})
        assert actual[own] == pytest.approx(max(done / max(seconds) * hours.TALLEST, 2 if done else 0) * 2, abs=2)
        assert sum(actual.values()) == actual[own]


@pytest.mark.parametrize("name", [name for name in SUBJECTS if "nothing" in name])
def test_nothing_yet_is_friendly(name: str) -> None:
    """A person without focus gets a picture that says so on a plate, above what may grow there."""
    subject = SUBJECTS[name]
    image = pixels(subject)
    rows = image.convert("L").crop((260, 0, 440, image.height))
    bright = [row for row in range(image.height) if max(rows.crop((0, row, 180, row + 1)).tobytes()) > 235]
    assert bright
    # Beneath the title and its sum, which is at the left.
    assert min(bright) > 120
    assert draw(subject, Theme.DARK).alt.endswith(": nothing yet.")


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_word_is_translated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In another language a picture has no English except from its subject."""
    subject, texts, write = SUBJECTS[name], [], Canvas.words

    def noted(self: Canvas, x: float, y: float, text: str, *rest: Any, **options: Any) -> None:
        texts.append(text)
        write(self, x, y, text, *rest, **options)

    monkeypatch.setattr(Canvas, "words", noted)
    catalogue.use("pseudo")
    try:
        drawing.draw(subject, Theme.DARK)
    finally:
        catalogue.use("en")
    brought = f"{subject!r} min".casefold()
    assert texts
    assert [
        word for text in texts for word in re.findall("[a-z]{3,}", text.casefold()) if word not in brought
    ] == []


def test_threads_may_draw_at_once() -> None:
    """Threads that draw at the same time produce the same bytes as one alone."""
    alone = {name: draw(subject, Theme.DARK) for name, subject in SUBJECTS.items()}
    with ThreadPoolExecutor(4) as threads:
        together = {name: threads.submit(drawing.draw, subject) for name, subject in SUBJECTS.items()}
        assert {name: drawn.result() for name, drawn in together.items()} == alone


def test_a_picture_is_the_same_anywhere() -> None:
    """Another process draws the same bytes, also without fonts, settings or a language."""
    program = """
import sys
from datetime import date
from bot.domain.stats.statistics import TaskWeek
from bot.pictures import drawing
from bot.pictures.subject import Week
week = Week(date(2026, 11, 16), (TaskWeek("tea 読書 🍅 परीक्षण בדיקות", (60,) * 7),))
sys.stdout.buffer.write(drawing.draw(week).png)
"""
    nowhere = {"HOME": "/nonexistent", "FONTCONFIG_FILE": "/nonexistent", "LC_ALL": "C", "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-X", "utf8", "-c", program]
    drawn = subprocess.run(command, check=True, capture_output=True, env=nowhere, timeout=120).stdout
    assert drawn == drawing.draw(Week(MONDAY, (TaskWeek("tea 読書 🍅 परीक्षण בדיקות", (60,) * 7),))).png
