"""What people see of their focus, and what they correct."""

import re
from datetime import datetime
from typing import Any

from bot.localdiscord.local import LocalDiscord, text_of
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


async def test_own(count: Counting) -> None:
    """A person's sums come with a picture of the week, its figures as alt text, and buttons for other pictures."""
    await count.did(count.ann, *HISTORY)
    await count.did(count.ben, (NOON, 50, "secret"))
    answer = await count.see("!stats")
    assert lines(answer) == [
        "**Today** 0 min · **this week** 2 h",
        "longest 1 day · best day Wed 25 Feb 2026, 2 h",
        "-# Days are counted in UTC. `/remind timezone zone: Europe/Berlin` makes them yours.",
    ]
    assert alt(answer) == (
        "Focus by task, 23 Feb – 1 Mar 2026: 2 h in total. Mon 0 min, Tue 0 min, Wed 2 h, Thu 0 min, Fri 0 min, "
        "Sat 0 min, Sun 0 min. By task: “write tests” 2 h."
    )
    assert buttons(answer) == BUTTONS
    assert enabled(answer) == {"Week": False, "Year": True, "Hours": True, "☀️": True}
    assert (await picture(answer)).startswith(PNG)
    alone = await count.use("stats me")
    assert lines(alone) == lines(answer)
    assert alt(alone) == alt(answer)


PERIODS = {
    "today": (None, "Focus by task, 23 Feb"),
    "yesterday": ("**yesterday** 0 min", "Focus by task, 23 Feb"),
    "last week": ("**last week** 1 h", "Focus by task, 16"),
    "month": ("**this month** 0 min", "Focus a day, 2 Mar 2025 to 1 Mar 2026"),
    "last month": ("**last month** 3 h", "to 28 Feb 2026: 4 h 50 min in total, on 3 days"),
    "feb": ("**February 2026** 3 h", "to 28 Feb 2026"),
    "October": ("**October 2025** 1 h 50 min", "Focus a day, 1 Nov 2024 to 31 Oct 2025"),
    "2025-01": ("**January 2025** 45 min", "to 31 Jan 2025"),
    "year": ("**this year** 3 h", "to 1 Mar 2026"),
    "2025": ("**2025** 2 h 35 min", "Focus a day, 1 Jan 2025 to 31 Dec 2025: 2 h 35 min in total, on 2 days"),
    "all": ("**all time** 5 h 35 min", "the most on 25 Feb 2026, 2 h"),
    "hours": (
        "**all time** 5 h 35 min",
        "Focus by hour of day, all time: 5 h 35 min in total, the most from 11:00",
    ),
}  # fmt: skip


async def test_every_period(count: Counting) -> None:
    """Each period that can be named has its sum, and the picture that fits it."""
    await count.did(count.ann, *HISTORY)
    for number, (period, (sums, drawn)) in enumerate(PERIODS.items()):
        count.bot.advance(7)  # so many pictures a minute
        answer = await (count.use("stats me", period=period) if number % 2 else count.see(f"!stats {period}"))
        assert drawn in alt(answer), period
        assert lines(answer)[0] == " · ".join(["**Today** 0 min", "**this week** 2 h", *([sums] if sums else [])])


async def test_buttons(count: Counting) -> None:
    """The buttons turn the message to another picture or background, for its owner alone, after a restart too."""
    await count.did(count.ann, *HISTORY)
    await count.prefers(count.ann, shares=True)
    answer = await count.ask("!stats last week")
    dark = await picture(answer)
    assert "16–22 Feb 2026: 1 h in total" in alt(answer)
    year = await count.turn(answer, "Year")
    assert "Focus a day, 23 Feb 2025 to 22 Feb 2026: 2 h 50 min in total" in alt(year)
    assert enabled(year) == {"Week": True, "Year": False, "Hours": True, "☀️": True}
    await count.bot.stop()
    await count.bot.start()
    light = await count.turn(year, "☀️")
    assert (alt(light), buttons(light)[-1]) == (alt(year), "🌙")
    assert await picture(light) != await picture(year)
    hours = await count.turn(light, "Hours")
    assert "Focus by hour of day" in alt(hours)
    week = await count.turn(await count.turn(hours, "🌙"), "Week")
    assert (alt(week), await picture(week)) == (alt(answer), dark)
    assert "**week from 16 February 2026** 1 h" in text_of(week)
    out = await count.ben.click(week, "Year")
    message = await count.discord.wait_for(says("aren't yours"), reader=count.ben)
    assert message["flags"] & 64, out
    assert "Try </stats me:" in text_of(message)


async def test_nothing_yet(count: Counting) -> None:
    """A person without any focus yet sees how to start, with a picture that says so."""
    answer = await count.see("!stats")
    assert text_of(answer) == (
        "No focus time yet. `/pomodoro start duration: 25m` or a focus session gets you started."
    )
    assert alt(answer) == "Focus by task, 23 Feb – 1 Mar 2026: nothing yet."
    assert (await picture(answer)).startswith(PNG)
    for view in ("Year", "Hours"):
        answer = await count.turn(answer, view)
        assert alt(answer).endswith("nothing yet.")
    assert text_of(await count.see("!stats edit")) == "No focus time yet."


async def test_too_many_pictures(count: Counting) -> None:
    """A person gets ten pictures a minute; the next is refused until a while has passed."""
    for _ in range(10):
        await count.see("!stats")
    assert "try again in a minute" in text_of(await count.see("!stats"))
    assert alt(await count.see("!stats", count.ben))
    count.bot.advance(61)
    assert alt(await count.see("!stats"))


async def test_finished_and_cancelled_pomodoros(count: Counting, discord: LocalDiscord) -> None:
    """A finished pomodoro is in the sums at once, and so is the part of a cancelled one that ran."""
    await count.ask("!pomodoro write 25m")
    count.bot.advance(25 * 60)
    await discord.wait_for(says("POMODORO! write"))
    await count.ask("!pomodoro read 1h")
    count.bot.advance(30 * 60)
    await count.ask("!pomodoro cancel read")
    answer = await count.see("!stats today")
    assert "**Today** 55 min" in text_of(answer)
    assert "“read” 30 min, “write” 25 min" in alt(answer)
    assert lines(await count.see("!stats edit"))[1:] == [
        "- Sun 1 Mar, 12:25 · 30 min · read · cut short",
        "- Sun 1 Mar, 12:00 · 25 min · write",
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
    """Thousands of tasks, in any script and direction, make one picture with harmless text that fits."""
    many = [
        (NOON - number * M, 10 if number < 6 else 1, f"{NAMES[number % 6][:70]} {number}") for number in range(3000)
    ]
    await count.did(count.ann, *many)
    answer = await count.see("!stats")
    assert (await picture(answer)).startswith(PNG)
    assert "50 h in total" in alt(answer)
    assert "\N{FIRST STRONG ISOLATE}עברית" in alt(answer)
    listed = await count.see("!stats edit")
    assert len(lines(listed)) == 11
    assert "@\u200beveryone " r"\<\@1\> \*\*x\*\* \`y\` \|\|z\|\|" in text_of(listed)
    assert not listed["mentions"]
    assert not listed["mention_everyone"]


async def test_another_zone(count: Counting) -> None:
    """Days, week and streak use the person's time zone, and move with it, also for the distant past."""
    # At 23:30 in UTC of each of four days: early on the next in Kathmandu.
    await count.did(count.ann, *((NOON - days * DAY - 12 * 60 * M, 25, None) for days in range(4)))
    answer = await count.see("!stats")
    assert lines(answer)[:2] == [
        "**Today** 0 min · **this week** 1 h 40 min",
        "🔥 4 days in a row · best day Wed 25 Feb 2026, 25 min",
    ]
    await count.ask("!remind timezone Asia/Kathmandu")
    moved = await count.see("!stats")
    assert lines(moved)[:2] == [
        "**Today** 25 min · **this week** 1 h 40 min",
        "🔥 4 days in a row · best day Thu 26 Feb 2026, 25 min",
    ]
    assert "UTC" not in text_of(moved)
    assert "Sun 25 min" in alt(moved)


async def test_the_first_day(count: Counting) -> None:
    """A person's first day is reported once, and not as a record too."""
    await count.did(count.ann, (NOON - 60 * M, 4, None))
    assert lines(await count.see("!stats"))[:2] == [
        "**Today** 4 min · **this week** 4 min",
        "🔥 1 day in a row",
    ]


async def test_days_off(count: Counting) -> None:
    """Planned days off break no streak; they can be set in several ways, and removed."""
    await count.did(count.ann, *((NOON - days * DAY, 25, None) for days in (2, 3, 4, 9)))
    assert lines(await count.see("!stats"))[1].startswith("longest 3 days · best")
    for typed, answer in (
        ("!stats daysoff", "Weekends off won't break your streak"),
        ("!stats days off mon, wed and fri", "Monday, Wednesday and Friday off won't break your streak"),
        ("!stats daysoff none", "Every day counts towards your streak."),
        ("!stats days off weekend", "Weekends off won't break your streak"),
    ):
        assert answer in text_of(await count.ask(typed))
    assert "Weekends off" in text_of(await count.use("stats daysoff"))
    assert lines(await count.see("!stats"))[1].startswith("🔥 3 days in a row · best")


async def test_goal(count: Counting) -> None:
    """A goal is set by a text, shown with the progress to those who may see it, reached, and removed."""
    assert "You don't have a goal yet. `!goal 2h a day` sets one." in text_of(await count.ask("!goal"))
    assert lines(await count.ask("!goal 2h a day")) == ["Your goal is 2 h a day."]
    await count.did(count.ann, (NOON, 90, None))
    reached = "🎯 `███████░░░` 1 h 30 min of 2 h · 30 min to go"
    assert text_of(await count.use("goal")) == text_of(await count.see("!goal")) == reached
    await count.prefers(count.ann, shares=True)
    assert text_of(await count.ask("!goal")) == reached
    assert lines(await count.ask("!goal 2h")) == ["Your goal is 2 h a day.", reached]
    await count.prefers(count.ann, shares=False)
    answer = await count.see("!stats")
    assert "🎯 `███████░░░` 1 h 30 min of 2 h · 30 min to go" in lines(answer)
    assert alt(answer).endswith("The goal is 2 h a day.")
    assert lines(await count.use("goal", day="90"))[1] == "🎯 `██████████` 1 h 30 min of 1 h 30 min · reached 🎉"
    assert text_of(await count.ask("!goal off")) == "Goal removed."
    assert "🎯" not in text_of(await count.see("!stats"))


async def test_goal_on_a_recap(count: Counting, discord: LocalDiscord) -> None:
    """A recap shows today's progress of participants who share it, and of nobody else."""
    for person, shares in ((count.ann, True), (count.ben, False), (count.mia, True)):
        await count.prefers(person, goal=3600, shares=shares)
    await count.did(count.ann, (NOON - 60 * M, 50, None))
    request = await count.ann.say(count.general, "!focus 10m")
    card = await discord.wait_for(says("Focus"), after=request)
    for person in (count.ben, count.mia):
        await person.click(card, "Join")
    discord.leave_guild(count.mia)
    count.bot.advance(600)
    recap = await discord.wait_for(says("All done"), after=request)
    goals = [line for line in lines(recap) if "🎯" in line]
    assert goals == [f"🎯 <@{count.ann.id}> 1 h of 1 h 🎉"]
    assert [user["id"] for user in recap["mentions"]] != []


async def test_leaderboard(count: Counting) -> None:
    """People who share are ranked, with ties, for a week, a month and all time; one's own rank is shown as well."""
    people = [count.discord.add_person(f"p{number}") for number in range(12)]
    for number, person in enumerate(people):
        await count.prefers(person, shares=True)
        await count.did(person, (NOON - DAY, 100 - 10 * (number // 2), "hidden"))
    await count.did(count.ben, (NOON - DAY, 500, "hidden"))
    await count.did(people[11], (NOON - 20 * DAY, 300, None))
    board = await count.ask("!leaderboard", people[11])
    mentions = [f"<@{person.id}>" for person in people]
    assert lines(board) == [
        "**Most focus this week**",
        *(
            f"{rank} {medal} · {time}"
            for rank, medal, time in zip(
                ("🥇", "🥇", "🥉", "🥉", "**5.**", "**5.**", "**7.**", "**7.**", "**9.**", "**9.**"),
                mentions,
                ("1 h 40 min",) * 2
                + ("1 h 30 min",) * 2
                + ("1 h 20 min",) * 2
                + ("1 h 10 min",) * 2
                + ("1 h",) * 2,
                strict=False,
            )
        ),
        "…",
        f"**11.** {mentions[11]} · 50 min",
        "-# Weeks and months are counted in UTC. `/settings zone` changes that.",
    ]
    assert not board["mentions"]
    ever = await count.ask("!leaderboard all", people[11])
    assert lines(ever)[:3] == [
        "**Most focus of all time**",
        f"🥇 {mentions[11]} · 5 h 50 min",
        f"🥈 {mentions[0]} · 1 h 40 min",
    ]
    assert lines(await count.ask("!leaderboard month")) == [
        "**Most focus this month**",
        "Nobody on the board has focused yet.",
        "-# You're not on the board. `!privacy share` adds you.",
    ]
    for_ben = await count.use("leaderboard", count.ben, span="all")
    assert "-# You're not on the board. `/privacy share` adds you." in lines(for_ben)
    assert count.ben.name not in text_of(for_ben)
    assert "in a server I'm in" in text_of(await count.ask("!leaderboard", place=await count.ann.dm()))


async def test_server(count: Counting) -> None:
    """A server's sums include everybody who shares, beyond the list too, with a picture without tasks."""
    assert "Nobody here shares their focus time yet." in text_of(await count.ask("!stats server"))
    for number in range(12):
        person = count.discord.add_person(f"p{number}")
        await count.prefers(person, shares=True)
        await count.did(person, (NOON - DAY, 60, "hidden"), (NOON - 30 * DAY, 60, "hidden"))
        if number == 0:
            assert "by 1 person who shares it" in text_of(await count.ask("!stats server"))
    await count.did(count.ann, (NOON - DAY, 45, "hidden"))
    answer = await count.use("stats server")
    assert lines(answer)[0] == "**This week** 12 h · **in total** 24 h by 12 people who share it"
    assert len(lines(answer)) == 12
    assert alt(answer).startswith("Focus by day, 23 Feb")
    assert "12 h in total" in alt(answer)
    assert "task" not in alt(answer)


async def test_edit(count: Counting) -> None:
    """An entry is shortened by a form, or removed; the sums follow, and so does a picture."""
    await count.did(count.ann, (NOON - 120 * M, 90, "forgot to stop"), (NOON, 25, None))
    listed = await count.see("!stats edit")
    assert lines(listed) == [
        "Pick an entry to correct:",
        "- Sun 1 Mar, 11:35 · 25 min",
        "- Sun 1 Mar, 8:30 · 1 h 30 min · forgot to stop",
    ]
    chosen = await count.choose(listed, "Sun 1 Mar, 8:30 · 1 h 30 min")
    assert buttons(chosen) == ["Shorten", "Remove"]
    for given, answer in (
        ("soon", "I can't read “soon” as a length"),
        ("2h", "It's down as 1 h 30 min. You can only make it shorter"),
        ("90", "can only make it shorter"),
        ("0", "That would leave nothing"),
    ):
        before = count.kept()
        reply = await count.fill_in(chosen, "Shorten", length=given)
        assert answer in text_of(reply)
        assert "Try </stats edit:" in text_of(reply)
        assert count.kept() == before
    shorter = await count.fill_in(chosen, "Shorten", length="40 min")
    assert text_of(shorter) == "Shortened: Sun 1 Mar, 8:30 · 40 min · forgot to stop"
    assert "**Today** 1 h 5 min" in text_of(await count.see("!stats"))
    again = await count.use("stats edit")
    gone = await count.press(await count.choose(again, "Sun 1 Mar, 11:35 · 25 min"), "Remove")
    assert text_of(gone) == "Removed: Sun 1 Mar, 11:35 · 25 min"
    late = await count.ann.select(again, menus(again)[0]["custom_id"], ["2"])
    assert "You don't have an entry like that" in text_of(late.answer)
    assert "**Today** 40 min" in text_of(await count.see("!stats"))
    assert count.rows("SELECT sum(seconds) FROM focus_slices") == [(40 * 60,)]


async def test_help(count: Counting) -> None:
    """Help shows every request, typed and as a slash command; each of its examples works."""
    count.discord.allow(count.general, "MANAGE_GUILD", user=count.ann.user)
    pressed = text_of(await count.use("stats help"))
    for example in (
        "/stats me",
        "/stats me period: october",
        "/stats daysoff days: weekend",
        "/stats digest off: True",
    ):
        assert f"`{example}`" in pressed
    assert "`/leaderboard span: month`" in text_of(await count.use("help", topic="leaderboard"))
    assert "`/goal day: 2h`" in text_of(await count.use("help", topic="goal"))
    typed = [text_of(await count.ask(f"!{topic}")) for topic in ("stats help", "help leaderboard", "help goal")]
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
    assert "**October 2025** 1 h 50 min" in text_of(await count.see("!stats me period: october"))
    assert "**1 October 2025 to 31 October 2025** 1 h 50 min" in text_of(await count.see("!stats 1-31 october"))
    assert "Monday and Friday" in text_of(await count.ask("!stats daysoff days: mon and fri"))
    assert "**Most focus this month**" in text_of(await count.ask("!leaderboard span: month"))
    assert "Your goal is 2 h a day." in text_of(await count.ask("!goal day: 2h"))
    there = await count.ask(f"!stats digest off: no channel: <#{count.focus.id}>")
    assert f"I'll post the week in <#{count.focus.id}>" in text_of(there)
    assert "won't post this server's week" in text_of(await count.ask("!stats digest off: yes"))


# The choices of a question.
CHOSEN = ["This week", "Last week", "This month", "This year"]
RIGHTS = ["See what's stored", "Share my focus time", "Keep it private", "Get all of it", "Delete all of it"]
DAYS_OFF = ["The weekend", "None"]
SPANS = ["This week", "This month", "All time"]
GOALS = ["1 h a day", "2 h a day", "3 h a day", "No goal"]
# Nonsense, with the kind of answer: an example, or buttons.
BAD: dict[str, tuple[str, str | list[str]]] = {
    "stats soon": ("I can't read “soon” as a period", CHOSEN),
    "stats tomorrow": ("I can't read “tomorrow” as a period", CHOSEN),
    "stats next week": ("I can't read “next week” as a period", CHOSEN),
    "stats 2027": ("“2027” hasn't come yet", CHOSEN),
    "stats 2026-04": ("“2026-04” hasn't come yet", CHOSEN),
    "stats december 2026": ("hasn't come yet", CHOSEN),
    "stats 9999-12": ("hasn't come yet", CHOSEN),
    "stats 2026-13": ("” as a period", CHOSEN),
    "stats 0000": ("” as a period", CHOSEN),
    "stats 0001-01": ("” as a period", CHOSEN),
    "stats jan 0001": ("” as a period", CHOSEN),
    "stats 1999": ("” as a period", CHOSEN),
    "stats 5m": ("“5m” isn't a period", ["Add focus time you didn't track: 5m", *CHOSEN]),
    "stats @everyone": ("I can't read “@\u200beveryone” as a period", CHOSEN),
    "stats me **x** <@1>": (r"I can't read “\*\*x\*\* \<\@1\>” as a period", CHOSEN),
    "stats " + "x" * 1900: ("” as a period", CHOSEN),
    "stats \N{RIGHT-TO-LEFT OVERRIDE}\x00": ("” as a period", CHOSEN),
    "stats daysoff funday": ("I can't read “funday” as days off", DAYS_OFF),
    "stats daysoff mon-sun": ("as days off", DAYS_OFF),
    "stats days off every day": ("as days off", DAYS_OFF),
    "stats digest #general": ("I don't know the channel “#general”", "!stats digest"),
    "stats digest <#99999999999999999999>": ("I don't know the channel", "!stats digest"),
    "stats digest off: perhaps": ("Is “perhaps” a yes or a no", "!stats digest off: yes"),
    "stats server all": (
        "“server all” isn't a period",
        ["Show this server's shared focus time", *CHOSEN],
    ),
    "stats help me": ("I can't read “help me” as a period", CHOSEN),
    "stats me period: soon": ("I can't read “soon” as a period", CHOSEN),
    "leaderboard year": ("There's no leaderboard for “year”", SPANS),
    "leaderboard <@1>": ("no leaderboard for", SPANS),
    "goal lots": ("I can't read “lots” as a goal", GOALS),
    "goal 0": ("1 minute to 24 hours a day", GOALS),
    "goal 25h a day": ("1 minute to 24 hours a day", GOALS),
    "goal -2h": ("as a goal", GOALS),
    "goal nan": ("as a goal", GOALS),
    "goal 2h a week": ("A goal is for each day", ["15 min a day", "20 min a day"]),
    "goal 99999999999999999999h": ("goal", GOALS),
    "privacy everything": ("I don't know “everything”", RIGHTS),
    "privacy delete now": ("I don't know “delete now”", RIGHTS),
}  # fmt: skip


async def test_bad_input(count: Counting, log: list[dict[str, Any]]) -> None:
    """Nonsense is answered once, by one clear sentence with a way on, and changes nothing."""
    await count.did(count.ann, *HISTORY)
    await count.prefers(count.ann, goal=3600, zone="UTC")
    before = count.kept()
    for typed, (sentence, way_on) in BAD.items():
        answer = await count.ask(f"!{typed}")
        texts = lines(answer)
        assert sentence in texts[0], typed
        assert (texts[1:] or buttons(answer)) == ([f"Try `{way_on}`"] if isinstance(way_on, str) else way_on), typed
        assert len(texts[0]) < 220
        assert not answer["mentions"]
    assert count.kept() == before
    messages = [message for message in count.discord.messages(count.general) if message["author"].get("bot")]
    assert len(messages) == len(BAD)
    wrong = {line["event"] for line in log if line["log_level"] in {"warning", "error"}}
    assert wrong <= {"clock_skew"}


async def test_bad_input_by_slash(count: Counting) -> None:
    """By slash command the example is a slash command, and a choice does what it says, ephemerally."""
    for period, sentence in {"soon": "” as a period", "2027": "hasn't come yet"}.items():
        answer = await count.use("stats me", period=period)
        assert sentence in text_of(answer)
        assert buttons(answer) == CHOSEN
    answer = await count.use("stats daysoff", days="funday")
    assert "as days off" in text_of(answer)
    assert buttons(answer) == DAYS_OFF
    answer = await count.use("goal", day="lots")
    assert "as a goal" in text_of(answer)
    assert buttons(answer) == GOALS
    assert "Your goal is 2 h a day." in text_of(await count.press(answer, "2 h a day"))
