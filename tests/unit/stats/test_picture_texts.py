from datetime import date
from unicodedata import normalize

import pytest
from hypothesis import given, strategies as st

from bot.domain.stats.statistics import TaskWeek
from bot.messages.dates import span
from bot.pictures.alt import LONGEST, describe
from bot.pictures.amount import short, spoken
from bot.pictures.canvas import Canvas
from bot.pictures.direction import levels, order
from bot.pictures.fonts import fonts
from bot.pictures.lettering import MARK, clusters, region, shape
from bot.pictures.palette import palette
from bot.pictures.picture import Theme
from bot.pictures.subject import Hours, Recap, Share, Subject, Week, Year

MONDAY = date(2026, 11, 16)
SCRIPTS = {
    "Arabic": "اكتب الاختبارات",
    "Hebrew": "כתיבת בדיקות",
    "Devanagari": "परीक्षण लिखें",
    "Bengali": "পরীক্ষা",
    "Tamil": "தேர்வு",
    "Thai": "เขียนทดสอบ",
    "Khmer": "ខ្មែរ",
    "Myanmar": "မြန်မာ",
    "Ethiopic": "ትግርኛ",
    "Georgian": "ქართული",
    "Armenian": "հայերեն",
    "Chinese": "編寫測試",
    "Japanese": "テストを書く",
    "Korean": "테스트 작성",
    "Cyrillic": "Написать тесты",
    "Greek": "Δοκιμές",
    "Vietnamese": "Viết kiểm thử",
    "emoji": "🍅👩‍💻🇩🇪👍🏽❤️",
    "signs": "→ ✓ ∑ ★ ½ ①",
}


@pytest.fixture
def canvas() -> Canvas:
    return Canvas(40, palette(Theme.DARK))


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_every_script_has_a_font(text: str) -> None:
    """Names in all these scripts are drawn with their own letters."""
    assert "".join(clusters(text)) == text


def test_what_no_font_has_is_a_mark() -> None:
    """A character that no font has is a dot; a fancy letter is its plain one."""
    assert "".join(clusters("\N{CUNEIFORM SIGN A}tea\U0001fffe")) == f"{MARK}tea{MARK}"
    assert "".join(clusters("\N{MATHEMATICAL BOLD SCRIPT CAPITAL F}un\ue000")) == f"Fun{MARK}"


@given(st.text(max_size=40))
def test_any_text_is_written(text: str) -> None:
    """Any text is drawn without the box that stands for a missing glyph."""
    boxes = {font.outline(0) for font in fonts()} - {""}
    assert not boxes & {outline.path for outline in shape(text, region((text,))).outlines}


@pytest.mark.parametrize("name", ["<b>&amp;", "]]><!--", "'\"/>", "$x^2$", r"\frac{a}{b}", "%d{}", "_*~`"])
def test_signs_mean_nothing(name: str, canvas: Canvas) -> None:
    """Characters with a meaning in SVG or in code are drawn as they are."""
    assert canvas.fit(name, 12, 300) == name
    apart = sum(canvas.width(sign, 12) for sign in name)
    assert canvas.width(name, 12) == pytest.approx(apart, abs=3)
    canvas.words(10, 20, name, 12)
    canvas.png()


@pytest.mark.parametrize("name", ["a\x00\x1b\x7f\x85b", "a\ud800b", "a\u2028\u202eb\u2066", "\ufdd0\ufeff\uffff"])
def test_what_cannot_be_seen_breaks_nothing(name: str, canvas: Canvas) -> None:
    """Control characters, lone surrogates and non-characters leave the rest of a text as it is."""
    canvas.words(10, 20, name, 12)
    canvas.png()
    assert set("".join(clusters(name))) <= {"a", "b", " ", MARK}


def ink(canvas: Canvas) -> list[bool]:
    """Return for each column of pixels of a canvas whether there is any ink in its middle."""
    import io

    from PIL import Image

    image = Image.open(io.BytesIO(canvas.png())).convert("L").crop((20, 6, 680, 60))
    return [max(image.crop((x, 0, x + 1, image.height)).tobytes()) > 128 for x in range(image.width)]


def test_right_to_left_runs_from_the_right(canvas: Canvas) -> None:
    """The first letter of a Hebrew word is at its right: a narrow vav, and at its left a broad shin."""
    canvas.words(20, 24, "וש", 18)
    runs: list[int] = []
    before = False
    for dark in ink(canvas):
        if dark and not before:
            runs.append(0)
        if dark:
            runs[-1] += 1
        before = dark
    assert len(runs) == 2
    assert runs[0] > 2 * runs[1]


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("tea", "tea"),
        ("אבג", "גבא"),
        ("a אבג b", "a גבא b"),
        ("אב ab גד", "דג ab בא"),
        ("אב 12:30 ab", "ab 12:30 בא"),
        ("אב 25% $3 1,5", "1,5 $3 25% בא"),
        ("ab אב 12, 3", "ab 3 ,12 בא"),
        ("בת 1+2-3", "1+2-3 תב"),
        ("بت 12:30", "12:30 تب"),
        ("بت 1+2", "2+1 تب"),
        ("بت ١٢٣", "١٢٣ تب"),
        ("אב (ab) cd", "cd )ab( בא"),  # the brackets run to the left too, and are mirrored as they are drawn
        ("ab (אב) cd", "ab (בא) cd"),
        ("ab!", "ab!"),
        ("אב!", "!בא"),
        ("12 !?", "12 !?"),
        ("", ""),
    ],
)
def test_directions_mix(text: str, standing: str) -> None:
    """Right-to-left text, numbers and signs are placed by the Unicode Bidirectional Algorithm."""
    assert "".join(text[index] for index in order(levels(list(text)))) == standing


def test_arabic_letters_join(canvas: Canvas) -> None:
    """Letters of an Arabic word have the joined forms, which are narrower than the isolated ones."""
    apart = sum(canvas.width(letter, 18) for letter in "بيت")
    assert canvas.width("بيت", 18) < 0.8 * apart


@pytest.mark.parametrize(
    ("texts", "face"),
    [(("直",), "SC"), (("直", "テスト"), "JP"), (("테스트", "直"), "KR"), (("ㄅ直",), "TC")],
)
def test_han_looks_as_at_home(texts: tuple[str, ...], face: str) -> None:
    """Han has the shapes of Japan, Korea or Taiwan if the rest of the text implies them."""
    assert region(texts) == face


def test_regions_write_han_differently() -> None:
    """The same Han character has another shape in China than in Japan, Korea and Taiwan."""
    assert len({shape("直", region).outlines[0].path for region in ("SC", "JP", "KR", "TC")}) > 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("👩‍💻x", ["👩‍💻", "x"]),
        ("🇩🇪🇫🇷", ["🇩🇪", "🇫🇷"]),
        ("👍🏽❤️", ["👍🏽", "❤️"]),
        ("q\u0301a", ["q\u0301", "a"]),
        ("W\u200d👩", ["W", "👩"]),
        ("W🏽", ["W"]),
        ("読\u0947", ["読"]),
        ("می\u200cخ", ["م", "ی\u200c", "خ"]),
        ("\u0301", ["\u0301"]),
    ],
)
def test_what_belongs_together(text: str, parts: list[str]) -> None:
    """Marks and parts of an emoji stay with their base; a combination that no font has is split or dropped."""
    assert clusters(text) == parts


@given(
    st.text(st.sampled_from("aW \u0301\u05e9\u8aad🍅👩💻\u200d🇩🇪🏽"), min_size=1, max_size=200),
    st.integers(20, 300),
)
def test_long_names_are_shortened(text: str, width: int) -> None:
    """A name that is too long ends in an ellipsis, as late as possible, without splitting a cluster."""
    canvas = Canvas(40, palette(Theme.DARK))
    whole = clusters(text)
    cut = canvas.fit(text, 12, width)
    assert canvas.width(cut, 12) <= width
    if cut != "".join(whole):
        kept = clusters(cut)[:-1]
        assert cut.endswith("…")
        # A joiner may be lost where there is no more to join, and a mark be composed once another one is lost.
        composed = [[normalize("NFC", cluster.rstrip("\u200d")) for cluster in some] for some in (kept, whole)]
        assert composed[0] == composed[1][: len(kept)]
        longer = "".join(whole[: len(kept) + 1]).rstrip() + "…"
        assert canvas.width(longer, 12) > width or len(longer) == len(cut) or whole[len(kept)] == " "


@pytest.mark.parametrize(
    ("seconds", "words", "tight"),
    [
        (0, "0 min", "0m"),
        (45, "45 s", "45s"),
        (60, "1 min", "1m"),
        (3599, "59 min", "59m"),
        (3600, "1 h", "1h"),
        (94_230, "26 h 10 min", "26h 10m"),
        (7200, "2 h", "2h"),
    ],
)
def test_amounts(seconds: int, words: str, tight: str) -> None:
    """An amount is in hours and minutes, never in days, and in seconds only if there is nothing else."""
    assert (spoken(seconds), short(seconds)) == (words, tight)


def test_spans() -> None:
    """A span of days is written as briefly as possible."""
    texts = [span(date(2026, 11, 16), 6), span(date(2026, 11, 30), 6), span(date(2025, 12, 29), 6)]
    dash = "\N{EN DASH}"
    assert texts == [f"16{dash}22 Nov 2026", f"30 Nov {dash} 6 Dec 2026", f"29 Dec 2025 {dash} 4 Jan 2026"]


def test_a_week_in_words() -> None:
    """The description of a week has its sum, each day's and each task's, and the goal."""
    rows = (TaskWeek("write tests", (3600, 1800, 0, 0, 0, 0, 0)), TaskWeek(None, (0, 0, 600, 0, 0, 0, 45)))
    assert describe(Week(MONDAY, rows, 7200)) == (
        "Focus by task, 16\N{EN DASH}22 Nov 2026: 1 h 40 min in total. Mon 1 h, Tue 30 min, Wed 10 min, Thu 0 min, "
        "Fri 0 min, Sat 0 min, Sun 45 s. By task: “write tests” 1 h 30 min, no task 10 min. The goal is 2 h a day."
    )


def test_a_week_of_a_server_in_words() -> None:
    """The description of a server's week mentions no tasks, not even their absence."""
    rows = (TaskWeek(None, (3600, 1800, 0, 0, 0, 0, 0)),)
    assert describe(Week(MONDAY, rows, names_tasks=False)) == (
        "Focus by day, 16\N{EN DASH}22 Nov 2026: 1 h 30 min in total. Mon 1 h, Tue 30 min, Wed 0 min, Thu 0 min, "
        "Fri 0 min, Sat 0 min, Sun 0 min."
    )


def test_a_year_in_words() -> None:
    """The description of a year has its sum, the best day and the sum of each month."""
    days = {date(2026, 10, 31): 3600, date(2026, 11, 1): 5400, date(2026, 11, 2): 60}
    assert describe(Year.of(days, date(2026, 11, 2), date(2026, 10, 30))) == (
        "Focus a day, 30 Oct 2026 to 2 Nov 2026: 2 h 31 min in total, on 3 days; "
        "the most on 1 Nov 2026, 1 h 30 min. By month: Oct 2026 1 h, Nov 2026 1 h 31 min."
    )


def test_hours_in_words() -> None:
    """The description of the hours has their sum, the best one and each that has any."""
    seconds = tuple({9: 3600, 14: 600}.get(hour, 0) for hour in range(24))
    assert describe(Hours(seconds, "October 2026")) == (
        "Focus by hour of day, October 2026: 1 h 10 min in total, the most from 9:00 to 10:00. "
        "From each hour on: 9:00 1 h, 14:00 10 min."
    )


def test_a_recap_in_words() -> None:
    """The description of a recap has who focused how long, on what."""
    people = (Share("Ann", "essay", 3600), Share("Ben", None, 1800))
    assert describe(Recap(people, 5400)) == (
        "Who focused on what: 1 h 30 min in total by 2 people. “Ann” 1 h on “essay”, “Ben” 30 min."
    )


def test_names_do_not_turn_the_sentence() -> None:
    """A right-to-left name is isolated in the description, and a long one is shortened."""
    text = describe(Week(MONDAY, (TaskWeek("בדיקות", (60,) * 7), TaskWeek("b" * 200, (1,) * 7))))
    assert "“\N{FIRST STRONG ISOLATE}בדיקות\N{POP DIRECTIONAL ISOLATE}” 7 min" in text
    assert f"“{'b' * 39}…” 7 s" in text


@pytest.mark.parametrize(
    "subject",
    [
        Week(MONDAY, tuple(TaskWeek("🍅" * 200, (86_340,) * 7) for _ in range(6)), 86_340),
        Week(MONDAY, tuple(TaskWeek("ש" * 200, (86_340,) * 7) for _ in range(9)), 86_340),
        Year.of({date(2026, 1, 1): 86_340}, date(2026, 12, 31), date(2025, 12, 21)),
        Hours((9_999_999,) * 24, "this month"),
        Recap(tuple(Share("🍅" * 32, "🍅" * 200, 86_340) for _ in range(8)), 999_999, 92),
        Recap(tuple(Share("ש" * 32, "ש" * 200, 86_340) for _ in range(8)), 999_999, 92),
    ],
)
def test_descriptions_have_room(subject: Subject) -> None:
    """The longest description is complete and within Discord's limit, even if an emoji counts as two."""
    text = describe(subject)
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST
    assert text.endswith(".")
