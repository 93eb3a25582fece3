"""What people are shown of their focus, and what they set right."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.chat.counting import DAY, NOON, PNG, Counting, M, alt, enabled, lines, picture
from tests.chat.reminding import menus
from tests.reading import buttons, says

BUTTONS = ["Week", "Year", "Hours", "☀️"]
# On Wednesday of this week, on Tuesday of the last one, last autumn, and the year before.
HISTORY: list[tuple[datetime, int, str | None]] = [
    (NOON - 4 * DAY, 90, "write tests"),
    (NOON - 4 * DAY + 60 * M, 30, "Write Tests"),
    (NOON - 12 * DAY, 60, "read"),
    (NOON - 140 * DAY, 110, None),
    (NOON - 400 * DAY, 45, "read"),
]


@pytest.fixture
def count(bot: Running, tmp_path: Path) -> Counting:
    return Counting(bot, tmp_path / "test.db")


async def test_own(count: Counting) -> None:
    """Somebody's sums come with a picture of the week, its figures in words, and buttons for others."""
    await count.did(count.ann, *HISTORY)
    await count.did(count.ben, (NOON, 50, "secret"))
    shown = await count.ask("!stats")
    assert lines(shown) == [
        "**Today** 0 min · **this week** 2 h",
        "🔥 0 days in a row · longest 1 day · best day Wed 25 Feb 2026, 2 h",
        "-# Days are counted by UTC; `!remind timezone Europe/Berlin` has them begin where yours do.",
        "-# All who are here can see this; `/stats me` shows it to you alone.",
    ]
    assert alt(shown) == (
        "Focus by task, 23 Feb – 1 Mar 2026: 2 h in all. Mon 0 min, Tue 0 min, Wed 2 h, Thu 0 min, Fri 0 min, "  # noqa: RUF001 - a dash between dates
        "Sat 0 min, Sun 0 min. By task: “write tests” 2 h."
    )
    assert buttons(shown) == BUTTONS
    assert enabled(shown) == {"Week": False, "Year": True, "Hours": True, "☀️": True}
    assert (await picture(shown)).startswith(PNG)
    alone = await count.use("stats me")
    assert lines(alone) == [
        *lines(shown)[:2],
        "-# Days are counted by UTC; `/remind timezone Europe/Berlin` has them begin where yours do.",
    ]
    assert alt(alone) == alt(shown)


PERIODS = {
    "today": (None, "Focus by task, 23 Feb"),
    "yesterday": ("**yesterday** 0 min", "Focus by task, 23 Feb"),
    "last week": ("**last week** 1 h", "Focus by task, 16"),
    "month": ("**this month** 0 min", "Focus a day, 2 Mar 2025 to 1 Mar 2026"),
    "last month": ("**last month** 3 h", "to 28 Feb 2026: 4 h 50 min in all, on 3 days"),
    "feb": ("**February 2026** 3 h", "to 28 Feb 2026"),
    "October": ("**October 2025** 1 h 50 min", "Focus a day, 1 Nov 2024 to 31 Oct 2025"),
    "2025-01": ("**January 2025** 45 min", "to 31 Jan 2025"),
    "year": ("**this year** 3 h", "to 1 Mar 2026"),
    "2025": ("**2025** 2 h 35 min", "Focus a day, 1 Jan 2025 to 31 Dec 2025: 2 h 35 min in all, on 2 days"),
    "all": ("**all time** 5 h 35 min", "the most on 25 Feb 2026, 2 h"),
    "hours": ("**all time** 5 h 35 min", "Focus by hour of day, all time: 5 h 35 min in all, the most from 11:00"),
}  # fmt: skip


async def test_every_period(count: Counting) -> None:
    """Each period that can be named has its sum, and the picture that fits it."""
    await count.did(count.ann, *HISTORY)
    for number, (period, (sums, drawn)) in enumerate(PERIODS.items()):
        count.bot.advance(7)  # so many pictures a minute
        shown = await (count.use("stats me", period=period) if number % 2 else count.ask(f"!stats {period}"))
        assert drawn in alt(shown), period
        assert lines(shown)[0] == " · ".join(["**Today** 0 min", "**this week** 2 h", *([sums] if sums else [])])


async def test_buttons(count: Counting) -> None:
    """The buttons turn the message to another picture or background, for its owner alone, after a restart too."""
    await count.did(count.ann, *HISTORY)
    shown = await count.ask("!stats last week")
    dark = await picture(shown)
    assert "16–22 Feb 2026: 1 h in all" in alt(shown)  # noqa: RUF001 - a dash between dates
    year = await count.turn(shown, "Year")
    assert "Focus a day, 23 Feb 2025 to 22 Feb 2026: 2 h 50 min in all" in alt(year)
    assert enabled(year) == {"Week": True, "Year": False, "Hours": True, "☀️": True}
    await count.bot.stop()
    await count.bot.start()
    light = await count.turn(year, "☀️")
    assert (alt(light), buttons(light)[-1]) == (alt(year), "🌙")
    assert await picture(light) != await picture(year)
    hours = await count.turn(light, "Hours")
    assert "Focus by hour of day" in alt(hours)
    week = await count.turn(await count.turn(hours, "🌙"), "Week")
    assert (alt(week), await picture(week)) == (alt(shown), dark)
    assert "**week from 16 February 2026** 1 h" in text_of(week)
    out = await count.ben.click(week, "Year")
    told = await count.discord.wait_for(says("somebody else's"), reader=count.ben)
    assert told["flags"] & 64, out
    assert "Try `/stats me`" in text_of(told)


async def test_nothing_yet(count: Counting) -> None:
    """Who has no focus yet is told how to come by some, with a picture that says so."""
    shown = await count.ask("!stats")
    assert text_of(shown) == (
        "Nothing in your focus log yet. `!pomodoro 25m` or a focus session puts something in it."
    )
    assert alt(shown) == "Focus by task, 23 Feb – 1 Mar 2026: nothing yet."  # noqa: RUF001 - a dash between dates
    assert (await picture(shown)).startswith(PNG)
    for view in ("Year", "Hours"):
        shown = await count.turn(shown, view)
        assert alt(shown).endswith("nothing yet.")
    assert text_of(await count.ask("!stats edit")) == "Nothing in your focus log yet."


async def test_too_many_pictures(count: Counting) -> None:
    """Ten pictures a minute are one's share; the next is refused, and after a while given."""
    for _ in range(10):
        await count.ask("!stats")
    assert "more than 10 pictures in a minute" in text_of(await count.ask("!stats"))
    assert alt(await count.ask("!stats", count.ben))
    count.bot.advance(61)
    assert alt(await count.ask("!stats"))


async def test_of_what_was_run(count: Counting, discord: LocalDiscord) -> None:
    """A pomodoro that is over is in the sums at once, one that was cancelled with what was done of it."""
    await count.ask("!pomodoro write 25m")
    await count.ask("!pomodoro read 1h")
    count.bot.advance(25 * 60)
    await discord.wait_for(says("POMODORO! write"))
    count.bot.advance(5 * 60)
    await count.ask("!pomodoro cancel read")
    shown = await count.ask("!stats today")
    assert "**Today** 55 min" in text_of(shown)
    assert "“read” 30 min, “write” 25 min" in alt(shown)
    assert lines(await count.ask("!stats edit"))[1:] == [
        "- Sun 1 Mar 12:00 · 30 min · read · cut short",
        "- Sun 1 Mar 12:00 · 25 min · write",
    ]


NAMES = (
    "עברית: כתיבת בדיקות",
    "اكتب الاختبارات",
    "परीक्षण",
    "写测试 🍅",
    "@everyone <@1> **x** `y` ||z||",
    "x" * 80,
)


async def test_thousands_of_tasks_in_any_script(count: Counting) -> None:
    """Thousands of tasks, in any script and direction, make one picture with words that fit and harm nobody."""
    many = [
        (NOON - number * M, 10 if number < 6 else 1, f"{NAMES[number % 6][:70]} {number}") for number in range(3000)
    ]
    await count.did(count.ann, *many)
    shown = await count.ask("!stats")
    assert (await picture(shown)).startswith(PNG)
    assert "50 h 54 min in all" in alt(shown)
    assert "\N{FIRST STRONG ISOLATE}עברית" in alt(shown)
    listed = await count.ask("!stats edit")
    assert len(lines(listed)) == 11
    assert r"\@everyone \<\@1\> \*\*x\*\* \`y\` \|\|z\|\|" in text_of(listed)
    assert not listed["mentions"]
    assert not listed["mention_everyone"]


async def test_another_zone(count: Counting) -> None:
    """Days, week and streak are those of one's time zone, and move with it, also for what is long past."""
    # At 23:30 in UTC of each of four days: early on the next in Kathmandu.
    await count.did(count.ann, *((NOON - days * DAY - 12 * 60 * M, 25, None) for days in range(4)))
    shown = await count.ask("!stats")
    assert lines(shown)[:2] == [
        "**Today** 0 min · **this week** 1 h 40 min",
        "🔥 4 days in a row · longest 4 days · best day Wed 25 Feb 2026, 25 min",
    ]
    await count.ask("!remind timezone Asia/Kathmandu")
    moved = await count.ask("!stats")
    assert lines(moved)[:2] == [
        "**Today** 25 min · **this week** 1 h 40 min",
        "🔥 4 days in a row · longest 4 days · best day Thu 26 Feb 2026, 25 min",
    ]
    assert "UTC" not in text_of(moved)
    assert "Sun 25 min" in alt(moved)


async def test_days_off(count: Counting) -> None:
    """Days off that were planned break no streak; which they are can be said in several ways, and be taken back."""
    await count.did(count.ann, *((NOON - days * DAY, 25, None) for days in (2, 3, 4, 9)))
    assert "🔥 0 days in a row · longest 3 days" in text_of(await count.ask("!stats"))
    for typed, answer in (
        ("!stats daysoff", "is not broken by Saturday and Sunday off"),
        ("!stats days off mon, wed and fri", "is not broken by Monday, Wednesday and Friday off"),
        ("!stats daysoff none", "Your streak counts on every day."),
        ("!stats days off weekend", "is not broken by Saturday and Sunday off"),
    ):
        assert answer in text_of(await count.ask(typed))
    assert "Saturday and Sunday" in text_of(await count.use("stats daysoff"))
    assert "🔥 3 days in a row · longest 3 days" in text_of(await count.ask("!stats"))


async def test_goal(count: Counting) -> None:
    """A goal is set in words, shown with how far one is, met, and taken back."""
    assert "You have no goal. `!goal 2h a day` sets one." in text_of(await count.ask("!goal"))
    assert lines(await count.ask("!goal 2h a day")) == [
        "Your goal is 2 h a day.",
        "🎯 `░░░░░░░░░░` 0 min of 2 h · 2 h to go",
    ]
    await count.did(count.ann, (NOON, 90, None))
    assert text_of(await count.use("goal")) == "🎯 `███████░░░` 1 h 30 min of 2 h · 30 min to go"
    shown = await count.ask("!stats")
    assert "🎯 `███████░░░` 1 h 30 min of 2 h · 30 min to go" in lines(shown)
    assert alt(shown).endswith("The goal is 2 h a day.")
    assert lines(await count.use("goal", day="90"))[1] == "🎯 `██████████` 1 h 30 min of 1 h 30 min · reached 🎉"
    assert text_of(await count.ask("!goal off")) == "You have no goal any more."
    assert "🎯" not in text_of(await count.ask("!stats"))


async def test_goal_on_a_recap(count: Counting, discord: LocalDiscord) -> None:
    """At the end of a session it shows how far those have come today who share that, and nobody else."""
    for who, shares in ((count.ann, True), (count.ben, False)):
        await count.prefers(who, goal=3600, shares=shares)
    await count.did(count.ann, (NOON - 60 * M, 50, None))
    asked = await count.ann.say(count.general, "!focus 10m")
    card = await discord.wait_for(says("Focus"), after=asked)
    await count.ben.click(card, "Join")
    count.bot.advance(600)
    recap = await discord.wait_for(says("That was it"), after=asked)
    goals = [line for line in lines(recap) if "🎯" in line]
    assert goals == [f"🎯 <@{count.ann.id}> 1 h of 1 h 🎉"]
    assert [user["id"] for user in recap["mentions"]] != []


async def test_leaderboard(count: Counting) -> None:
    """Those who share are ranked, with ties, for a week, a month and all time; one's own rank is told as well."""
    people = [count.discord.add_person(f"p{number}") for number in range(12)]
    for number, who in enumerate(people):
        await count.prefers(who, shares=True)
        await count.did(who, (NOON - DAY, 100 - 10 * (number // 2), "hidden"))
    await count.did(count.ben, (NOON - DAY, 500, "hidden"))
    await count.did(people[11], (NOON - 20 * DAY, 300, None))
    board = await count.ask("!leaderboard", people[11])
    shown = [f"<@{who.id}>" for who in people]
    assert lines(board) == [
        "**Most focus this week**",
        *(
            f"{rank} {one} · {time}"
            for rank, one, time in zip(
                ("🥇", "🥇", "🥉", "🥉", "**5.**", "**5.**", "**7.**", "**7.**", "**9.**", "**9.**"),
                shown,
                ("1 h 40 min",) * 2
                + ("1 h 30 min",) * 2
                + ("1 h 20 min",) * 2
                + ("1 h 10 min",) * 2
                + ("1 h",) * 2,
                strict=False,
            )
        ),
        "…",
        f"**11.** {shown[11]} · 50 min",
    ]
    assert not board["mentions"]
    ever = await count.ask("!leaderboard all", people[11])
    assert lines(ever)[:3] == [
        "**Most focus of all time**",
        f"🥇 {shown[11]} · 5 h 50 min",
        f"🥈 {shown[0]} · 1 h 40 min",
    ]
    assert lines(await count.ask("!leaderboard month")) == [
        "**Most focus this month**",
        "Nobody who shares their focus has any yet.",
        f"-# <@{count.ann.id}> is not on it: `!privacy share` puts you there.",
    ]
    for_ben = await count.use("leaderboard", count.ben, span="all")
    assert f"-# <@{count.ben.id}> is not on it: `/privacy share` puts you there." in lines(for_ben)
    assert count.ben.name not in text_of(for_ben)
    assert "ask in one that I am in" in text_of(await count.ask("!leaderboard", place=await count.ann.dm()))


async def test_server(count: Counting) -> None:
    """A server's sums are of all who share, also beyond those listed, with a picture that names nobody's task."""
    assert "Nobody here shares their focus yet." in text_of(await count.ask("!stats server"))
    for number in range(12):
        who = count.discord.add_person(f"p{number}")
        await count.prefers(who, shares=True)
        await count.did(who, (NOON - DAY, 60, "hidden"), (NOON - 30 * DAY, 60, "hidden"))
        if number == 0:
            assert "by 1 person who shares it" in text_of(await count.ask("!stats server"))
    await count.did(count.ann, (NOON - DAY, 45, "hidden"))
    shown = await count.use("stats server")
    assert lines(shown)[0] == "**This week** 12 h · **in all** 24 h by 12 people who share it"
    assert len(lines(shown)) == 11
    assert alt(shown).startswith("Focus by day, 23 Feb")
    assert "12 h in all" in alt(shown)
    assert "task" not in alt(shown)


async def test_edit(count: Counting) -> None:
    """An entry is made shorter by a form, or taken away, by its owner alone; the sums follow, and a picture too."""
    await count.did(count.ann, (NOON - 120 * M, 90, "forgot to stop"), (NOON, 25, None))
    listed = await count.ask("!stats edit")
    assert lines(listed) == [
        "Choose what to set right:",
        "- Sun 1 Mar 11:35 · 25 min",
        "- Sun 1 Mar 08:30 · 1 h 30 min · forgot to stop",
    ]
    out = await count.ben.select(listed, menus(listed)[0]["custom_id"], ["1"])
    assert "no such entry of yours" in text_of(out.answer)
    chosen = await count.choose(listed, "Sun 1 Mar 08:30 · 1 h 30 min")
    assert buttons(chosen) == ["Shorten", "Take away"]
    for given, answer in (
        ("soon", "“soon” is not a length I know"),
        ("2h", "It counts 1 h 30 min, and a correction can only make it shorter"),
        ("90", "can only make it shorter"),
        ("0", "Nothing would be left of it"),
    ):
        before = count.kept()
        told = await count.fill_in(chosen, "Shorten", length=given)
        assert answer in text_of(told)
        assert "Try `/stats edit`" in text_of(told)
        assert count.kept() == before
    shorter = await count.fill_in(chosen, "Shorten", length="40 min")
    assert text_of(shorter) == "It counts less now: Sun 1 Mar 08:30 · 40 min · forgot to stop"
    assert "**Today** 1 h 5 min" in text_of(await count.ask("!stats"))
    again = await count.use("stats edit")
    gone = await count.press(await count.choose(again, "Sun 1 Mar 11:35 · 25 min"), "Take away")
    assert text_of(gone) == "Taken away: Sun 1 Mar 11:35 · 25 min"
    late = await count.ann.select(again, menus(again)[0]["custom_id"], ["2"])
    assert "no such entry of yours" in text_of(late.answer)
    assert "**Today** 40 min" in text_of(await count.ask("!stats"))
    assert count.rows("SELECT sum(seconds) FROM focus_slices") == [(40 * 60,)]


async def test_help(count: Counting) -> None:
    """What can be asked is shown, as it is typed and as a slash command; each of the examples works."""
    count.discord.allow(count.general, "MANAGE_GUILD", user=count.ann.user)
    pressed = text_of(await count.use("stats help"))
    for example in ("/stats me", "/stats me period: october", "/stats daysoff weekend", "/stats digest off: True"):
        assert f"`{example}`" in pressed
    assert "`/leaderboard span: month`" in text_of(await count.use("help", topic="leaderboard"))
    assert "`/goal day: 2h`" in text_of(await count.use("help", topic="goal"))
    typed = [text_of(await count.ask(f"!{asked}")) for asked in ("stats help", "help leaderboard", "help goal")]
    examples = re.findall("`(![^`]+)`", "\n".join(typed))
    assert len(examples) >= 12
    for example in examples:
        count.bot.advance(7)
        answer = await count.ask(example)
        assert "Try `" not in text_of(answer), example


async def test_options_by_name(count: Counting) -> None:
    """Options may be typed by their names, as they stand in the slash command."""
    for place in (count.general, count.focus):
        count.discord.allow(place, "MANAGE_GUILD", user=count.ann.user)
    await count.did(count.ann, *HISTORY)
    assert "**October 2025** 1 h 50 min" in text_of(await count.ask("!stats me period: october"))
    assert "Monday and Friday" in text_of(await count.ask("!stats daysoff days: mon and fri"))
    assert "**Most focus this month**" in text_of(await count.ask("!leaderboard span: month"))
    assert "Your goal is 2 h a day." in text_of(await count.ask("!goal day: 2h"))
    there = await count.ask(f"!stats digest off: no channel: <#{count.focus.id}>")
    assert f"<#{count.focus.id}> hears of the week" in text_of(there)
    assert "is told no more" in text_of(await count.ask("!stats digest off: yes"))


BAD = {
    "stats soon": ("“soon” is not a period I know", "!stats 2026-03"),
    "stats tomorrow": ("“tomorrow” is not a period", "!stats 2026-03"),
    "stats next week": ("“next week” is not a period", "!stats 2026-03"),
    "stats 2027": ("“2027” has not come yet", "!stats 2026-03"),
    "stats 2026-04": ("“2026-04” has not come yet", "!stats 2026-03"),
    "stats december 2026": ("has not come yet", "!stats 2026-03"),
    "stats 9999-12": ("has not come yet", "!stats 2026-03"),
    "stats 2026-13": ("is not a period", "!stats 2026-03"),
    "stats 0000": ("is not a period", "!stats 2026-03"),
    "stats 0001-01": ("is not a period", "!stats 2026-03"),
    "stats jan 0001": ("is not a period", "!stats 2026-03"),
    "stats 1999": ("is not a period", "!stats 2026-03"),
    "stats 5m": ("is not a period", "!stats 2026-03"),
    "stats @everyone": (r"“\@everyone” is not a period", "!stats 2026-03"),
    "stats me **x** <@1>": (r"“\*\*x\*\* \<\@1\>” is not a period", "!stats 2026-03"),
    "stats " + "x" * 1900: ("is not a period", "!stats 2026-03"),
    "stats \N{RIGHT-TO-LEFT OVERRIDE}\x00": ("is not a period", "!stats 2026-03"),
    "stats daysoff funday": ("“funday” are no days off I know", "!stats daysoff weekend"),
    "stats daysoff mon-sun": ("are no days off I know", "!stats daysoff weekend"),
    "stats days off every day": ("are no days off I know", "!stats daysoff weekend"),
    "stats digest #general": ("“#general” is no channel I know", "!stats digest"),
    "stats digest <#99999999999999999999>": ("is no channel I know", "!stats digest"),
    "stats digest off: perhaps": ("“perhaps” is neither yes nor no", "!stats digest off: yes"),
    "stats server all": ("“server all” is not a period", "!stats 2026-03"),
    "stats help me": ("“help me” is not a period", "!stats 2026-03"),
    "stats me period: soon": ("“soon” is not a period", "!stats 2026-03"),
    "leaderboard year": ("“year” has no leaderboard", "!leaderboard month"),
    "leaderboard <@1>": ("has no leaderboard", "!leaderboard month"),
    "goal lots": ("“lots” is no goal I know", "!goal 2h a day"),
    "goal 0": ("from 1 minute to 24 hours", "!goal 2h a day"),
    "goal 25h a day": ("from 1 minute to 24 hours", "!goal 2h a day"),
    "goal -2h": ("is no goal I know", "!goal 2h a day"),
    "goal nan": ("is no goal I know", "!goal 2h a day"),
    "goal 2h a week": ("is no goal I know", "!goal 2h a day"),
    "goal 99999999999999999999h": ("goal", "!goal 2h a day"),
    "privacy everything": ("“everything” is nothing I know", "!privacy export"),
    "privacy help": ("“help” is nothing I know", "!privacy export"),
    "privacy delete now": ("“delete now” is nothing I know", "!privacy export"),
    "remind timezone Moon/Base": ("Moon/Base", "!remind timezone"),
}  # fmt: skip


async def test_bad_input(count: Counting, log: list[dict[str, Any]]) -> None:
    """What makes no sense is answered once, by one clear sentence with a right example, and changes nothing."""
    await count.did(count.ann, *HISTORY)
    await count.prefers(count.ann, goal=3600, zone="UTC")
    before = count.kept()
    for typed, (sentence, example) in BAD.items():
        answer = await count.ask(f"!{typed}")
        said = lines(answer)
        assert sentence in said[0], typed
        assert said[1:] == [f"Try `{example}`"] or (example in said[1] and len(said) == 2), said
        assert len(said[0]) < 220
        assert not answer["mentions"]
    assert count.kept() == before
    told = [one for one in count.discord.messages(count.general) if one["author"].get("bot")]
    assert len(told) == len(BAD)
    wrong = {line["event"] for line in log if line["log_level"] in {"warning", "error"}}
    assert wrong <= {"clock_skew"}


async def test_bad_input_by_slash(count: Counting) -> None:
    """By slash command the example is one of those, seen by nobody else."""
    cases: list[tuple[str, dict[str, Any], str, str]] = [
        ("stats me", {"period": "soon"}, "not a period", "/stats me period: 2026-03"),
        ("stats me", {"period": "2027"}, "has not come yet", "/stats me period: 2026-03"),
        ("stats daysoff", {"days": "funday"}, "no days off", "/stats daysoff weekend"),
        ("goal", {"day": "lots"}, "is no goal", "/goal day: 2h"),
    ]
    for command, how, sentence, example in cases:
        answer = await count.use(command, **how)
        assert sentence in text_of(answer)
        assert lines(answer)[1] == f"Try `{example}`"
