"""Numbers are true: overlapping time, time that is no focus, and time at an edge."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.counting import DAY, NOON, Counting, M, alt, lines
from tests.reading import as_shown, buttons, eventually, says, shows

HOUR = timedelta(hours=1)


async def until_over(count: Counting) -> None:
    """Wait until all due timers have ended."""
    now = int(count.bot.clock.now().timestamp() * 1000)
    over = f"SELECT 1 FROM timers WHERE state = 'running' AND due_at <= {now}"
    await eventually(lambda: not count.rows(over))


async def pass_by(count: Counting, by: timedelta) -> None:
    """Let time pass, minute by minute, and end all due timers."""
    for _ in range(by // M):
        count.bot.advance(60)
        await until_over(count)


async def test_a_second_counts_once(count: Counting, discord: LocalDiscord) -> None:
    """Eight pomodoros and two sessions at once are 25 minutes: in sums, picture, goal, leaderboard and digest."""
    await count.prefers(count.ann, shares=True, goal=3000)
    for number in range(8):
        await count.ask(f"!pomodoro p{number} 25m")
        count.bot.advance(2)
    for place in (count.general, count.focus):
        await count.ask("!focus focus 25 rounds 1", place=place)
        count.bot.advance(2)
    await pass_by(count, 26 * M)
    await eventually(lambda: count.rows("SELECT count(*) FROM focus_log") == [(10,)])
    # From the first pomodoro to the end of the last session.
    first, last = count.rows("SELECT min(began_at), max(ended_at) FROM focus_log")[0]
    assert 25 * 60_000 <= last - first < 27 * 60_000
    ((seconds,),) = count.rows("SELECT sum(seconds) FROM focus_slices")
    assert seconds == (last - first) // 1000
    amount = f"{seconds // 60} min"
    answer = await count.ask("!stats")
    assert lines(answer)[0] == f"**Today** {amount} · **this week** {amount}"
    assert f"{amount} in total. Mon 0 min" in alt(answer)
    assert f"{amount} of 50 min" in text_of(answer)
    assert f"🥇 <@{count.ann.id}> · {amount}" in lines(await count.ask("!leaderboard"))
    assert f"🥇 <@{count.ann.id}> · {amount}" in lines(await count.ask("!leaderboard all"))
    server = await count.ask("!stats server")
    assert f"**This week** {amount} · **in total** {amount}" in text_of(server)
    assert f"{amount} in total" in alt(server)


@pytest.mark.parametrize("after", [timedelta(minutes=5), timedelta(minutes=20)])
async def test_a_clock_that_is_set_back(count: Counting, after: timedelta) -> None:
    """A session logs all its focus even if the wall clock was set back by an hour, and it ends."""
    await count.ask("!focus focus 2h rounds 2")
    await pass_by(count, after)
    await count.ask("!focus pause")
    count.bot.clock.set_wall(-3600)
    await count.ask("!focus resume")
    await pass_by(count, timedelta(minutes=10))
    await count.ann.say(count.general, "!focus skip")
    await eventually(lambda: count.rows("SELECT count(*) FROM focus_log") == [(1,)])
    ((began_at, ended_at, focused, counted),) = count.rows(
        "SELECT began_at, ended_at, focused, counted FROM focus_log"
    )
    assert counted == focused // 1000 >= (after + timedelta(minutes=10)).total_seconds()
    assert began_at + focused <= ended_at <= count.bot.clock.now().timestamp() * 1000


async def test_a_day_has_24_hours(count: Counting) -> None:
    """Twenty timers of 24 hours, side by side, are a day of 24 hours and no more."""
    await count.prefers(count.ann, shares=True)
    await count.did(count.ann, *((NOON - 12 * HOUR, 1440, f"n{number}") for number in range(20)))
    assert "best day Sat 28 Feb 2026, 24 h" in text_of(await count.ask("!stats"))
    assert f"🥇 <@{count.ann.id}> · 24 h" in lines(await count.ask("!leaderboard all"))


async def test_each_second_has_one_task(count: Counting) -> None:
    """Where spans overlap, a session wins over a pomodoro, and the later start over the earlier."""
    await count.did(count.ann, (NOON, 120, "whole morning"), (NOON - HOUR, 30, "mail"))
    await count.did(count.ann, (NOON - 75 * M, 30, "together"), phase=0)
    answer = await count.see("!stats")
    # The session from 10:15 to 10:45; mail from 10:30 to 11:00, of which it has a quarter of an hour.
    assert "2 h in total" in alt(answer)
    assert "By task: “whole morning” 1 h 15 min, “together” 30 min, “mail” 15 min." in alt(answer)
    listed = lines(await count.see("!stats edit"))
    assert "- Sun 1 Mar, 10:30 · 30 min · mail · 15 min of it counted elsewhere" in listed


async def test_pauses_lie_between(count: Counting) -> None:
    """Paused time is free for other focus, and focus counts at the time when it happened."""
    await count.ask("!pomodoro write 30m")
    count.bot.advance(10 * 60)
    await count.ask("!pomodoro pause write")
    count.bot.advance(20 * 60)
    await count.ask("!pomodoro resume write")
    await pass_by(count, 21 * M)
    (spans,) = json.loads(count.rows("SELECT spans FROM focus_log")[0][0])[:1]
    assert spans == [int(NOON.timestamp() * 1000), int((NOON + 10 * M).timestamp() * 1000)]
    assert count.rows("SELECT at - 1772366400, seconds FROM focus_slices ORDER BY at") == [
        (0, 600),
        (1800, 900),
        (2700, 300),
    ]
    assert "**Today** 30 min" in text_of(await count.see("!stats"))


async def test_a_kitchen_timer_is_no_focus(count: Counting, discord: LocalDiscord) -> None:
    """A kitchen timer works like a pomodoro but never counts, however long, also when started again."""
    card = await count.ask("!timer eggs 10m")
    assert "⏲️ eggs" in text_of(card)
    out = await count.ann.slash(count.general, "timer start", name="soup", duration="1h")
    assert "⏲️ soup" in text_of(out.answer)
    count.bot.advance(600)
    message = await discord.wait_for(says("TIME IS UP! eggs"))
    await count.ann.click(message, "Again")
    count.bot.advance(600)
    await discord.wait_for(says("TIME IS UP! eggs"), after=message)
    assert "Extended soup" in text_of(await count.ask("!timer extend soup 5m"))
    count.bot.advance(2)
    assert "Cancelled soup" in text_of(await count.ask("!timer cancel"))
    assert count.rows("SELECT count(*) FROM focus_log") == [(0,)]
    assert "stays out of your focus log" in text_of(await count.ask("!timer help"))


async def test_a_pomodoro_counts_from_five_minutes_on(count: Counting, discord: LocalDiscord) -> None:
    """A pomodoro of less than five minutes does not count, unless the server or the operator says so."""
    discord.allow(count.general, "MANAGE_GUILD", user=count.mia.user)
    await count.ask("!pomodoro tea 4m59s")
    await count.ask("!pomodoro read 5m")
    count.bot.advance(300)
    await discord.wait_for(says("POMODORO! read"))
    assert count.rows("SELECT task FROM focus_log") == [("read",)]
    assert "count as focus from 1 minute" in text_of(await count.use("settings counts", count.mia, minutes=1))
    await count.ask("!pomodoro short 60s")
    count.bot.advance(60)
    await discord.wait_for(says("POMODORO! short"))
    assert count.rows("SELECT count(*) FROM focus_log") == [(2,)]
    refused = await count.use("settings counts", count.mia, minutes=5000)
    assert "Pick a number of minutes from 0 to 1,440." in text_of(refused)
    await count.use("settings counts", count.mia)
    await count.bot.stop()
    await count.bot.start(pomodoro_counts_minutes=0)
    assert "Every pomodoro counts as focus" in text_of(await count.use("settings show", count.mia))
    await count.ask("!pomodoro tiny 5s")
    count.bot.advance(5)
    await discord.wait_for(says("POMODORO! tiny"))
    assert count.rows("SELECT count(*) FROM focus_log") == [(3,)]


async def test_warm_ups_and_breaks_do_not_count(count: Counting) -> None:
    """Only the focus phases of a plan count."""
    await count.ask("!focus 10m warm-up, 25m, 5m break, 5m warm up, 20m read")
    await pass_by(count, 66 * M)
    assert count.rows("SELECT phase, focused / 60000 FROM focus_log ORDER BY phase") == [(1, 25), (4, 20)]


async def test_the_same_words_the_same_span(count: Counting, discord: LocalDiscord) -> None:
    """An hour across the midnight between two weeks counts the same for the person, the board and the digest."""
    for place in (count.general, count.focus):
        discord.allow(place, "MANAGE_GUILD", user=count.mia.user)
    zone = await count.use("settings zone", count.mia, zone="berlin")
    assert "Time zone for weeks and months: Europe/Berlin" in text_of(zone)
    assert "a place called" in text_of(await count.use("settings zone", count.mia, zone="Moon/Base"))
    await count.prefers(count.ann, shares=True, zone="Europe/Berlin")
    await count.ask("!stats digest", count.mia)
    midnight = datetime(2026, 2, 22, 23, tzinfo=UTC)  # in Berlin
    await count.did(count.ann, (midnight + 30 * M, 60, None))
    own = await count.ask("!stats")
    assert lines(own)[0] == "**Today** 0 min · **this week** 30 min"
    assert "-# Days are counted in Europe/Berlin." in lines(own)
    assert "30 min in total. Mon 30 min" in alt(own)
    assert "**last week** 30 min" in text_of(await count.ask("!stats last week"))
    server = await count.ask("!stats server")
    assert "**This week** 30 min · **in total** 1 h by" in text_of(server)
    assert "30 min in total. Mon 30 min" in alt(server)
    board = await count.ask("!leaderboard")
    says_whose = "-# Weeks and months are counted in this server's time zone, Europe/Berlin."
    assert says_whose in lines(server)
    assert lines(board)[1:] == [f"🥇 <@{count.ann.id}> · 30 min", says_whose]
    assert "Most focus this month" in text_of(await count.ask("!leaderboard month"))
    count.bot.advance((datetime(2026, 3, 2, 8, tzinfo=UTC) - count.bot.clock.now()).total_seconds())
    digest = await discord.wait_for(says("### 🍅 The week from 23 February"))
    assert "30 min of focus" in text_of(digest)
    assert says_whose in lines(digest)
    assert "30 min in total. Mon 30 min" in alt(digest)


async def test_a_legend_adds_up(count: Counting) -> None:
    """The rows of a legend add up to the total above them, though each is rounded."""
    for number, task in enumerate(("a", "b", "c")):
        ended = NOON - number * HOUR
        length = 20 * M + timedelta(seconds=50 - number)
        await count.did(count.ann, (ended, 1, task), began_at=ended - length, focused=length)
    text = alt(await count.see("!stats"))
    assert "1 h 2 min in total" in text
    assert "“a” 21 min, “b” 21 min, “c” 20 min." in text


async def test_a_move_rewrites_nothing(count: Counting) -> None:
    """Each entry keeps the zone where it happened; earlier ones without a zone take the first one set."""
    nights = [datetime(2026, 2, 28 - number, 22, 30, tzinfo=UTC) for number in range(9)]
    await count.did(count.ann, *((night, 30, None) for night in nights[3:]))
    await count.ask("!remind timezone Europe/Berlin")
    await count.did(count.ann, *((night, 30, None) for night in nights[:3]))
    assert "🔥 9 days in a row" in text_of(await count.see("!stats"))
    await count.ask("!remind timezone Asia/Kathmandu")
    moved = await count.see("!stats")
    assert "🔥 9 days in a row" in text_of(moved)
    assert "-# Days are counted in Asia/Kathmandu." in lines(moved)
    assert "Sat 30 min, Sun 0 min" in alt(moved)
    assert "- Sat 28 Feb, 23:00 · 30 min" in lines(await count.see("!stats edit"))


async def test_a_day_begins_later(count: Counting) -> None:
    """With a day that begins at 3:00, the hours before it count for the day before."""
    await count.did(count.ann, (datetime(2026, 3, 1, 2, tzinfo=UTC), 60, None), (NOON - DAY, 20, None))
    assert "best day Sun 1 Mar 2026, 1 h" in text_of(await count.see("!stats"))
    answer = await count.ask("!stats day starts 3:00")
    assert text_of(answer) == "Your days start at 3:00. Anything earlier counts for the day before."
    reply = await count.see("!stats")
    assert lines(reply)[0] == "**Today** 0 min · **this week** 1 h 20 min"
    assert "best day Sat 28 Feb 2026, 1 h 20 min" in text_of(reply)
    assert "Sat 1 h 20 min, Sun 0 min" in alt(reply)
    for typed in ("day starts 3:10", "day starts 13:00", "daystart soon"):
        assert "on the quarter hour" in text_of(await count.ask(f"!stats {typed}"))
    assert "start at midnight" in text_of(await count.use("stats daystart", time="midnight"))
    assert "best day Sun 1 Mar 2026, 1 h" in text_of(await count.see("!stats"))


async def test_older_entries_are_reached(count: Counting) -> None:
    """The log is paged; every entry in it can be corrected, and the correction undone."""
    await count.did(count.ann, *((NOON - number * DAY, 30, f"n{number:02}") for number in range(23)))
    page = await count.see("!stats edit")
    assert [line.rpartition(" ")[2] for line in lines(page)[1:]] == [f"n{number:02}" for number in range(10)]
    assert buttons(page) == ["Newer", "Older"]
    for first in ("n10", "n20"):
        await count.ann.click(page, "Older")
        page = await count.discord.wait_for(shows(page, first), reader=count.ann)
    assert len(lines(page)) == 4
    chosen = await count.choose(page, "Sat 7 Feb, 11:30 · 30 min")
    gone = await count.press(chosen, "Remove")
    assert text_of(gone) == "Removed: Sat 7 Feb, 11:30 · 30 min · n22"
    assert "**all time** 11 h" in text_of(await count.see("!stats all"))
    back = await count.press(gone, "Undo")
    assert text_of(back) == "Undone: Sat 7 Feb, 11:30 · 30 min · n22"
    assert "**all time** 11 h 30 min" in text_of(await count.see("!stats all"))


async def test_undo_of_a_correction(count: Counting) -> None:
    """A shortened entry has its length again after Undo, once."""
    await count.did(count.ann, (NOON, 90, "write"))
    chosen = await count.choose(await count.see("!stats edit"), "Sun 1 Mar, 10:30 · 1 h 30 min")
    shorter = await count.fill_in(chosen, "Shorten", length="20m")
    assert "**Today** 20 min" in text_of(await count.see("!stats"))
    assert buttons(await count.press(shorter, "Undo")) == []
    assert "**Today** 1 h 30 min" in text_of(await count.see("!stats"))
    assert count.rows("SELECT focused, was_focused FROM focus_log") == [(90 * 60_000, None)]


async def test_focus_added_afterwards(count: Counting, discord: LocalDiscord) -> None:
    """Focus without a timer can be added, is marked so, and a server can leave it out of its leaderboard."""
    discord.allow(count.general, "MANAGE_GUILD", user=count.mia.user)
    await count.prefers(count.ann, shares=True, zone="Europe/Berlin")
    await count.did(count.ann, (NOON - DAY, 30, "read"))
    added = await count.ask("!stats add 50m essay yesterday 12:00")
    # Measured time wins: from 12:30 to 13:00 in Berlin.
    text = "Added: Sat 28 Feb, 12:00 · 50 min · essay · added by hand · 20 min of it counted elsewhere"
    assert text_of(added) == text
    again = await count.use("stats add", length="50m", task="essay", when="yesterday 12pm")
    assert text_of(again) == text
    assert "**this week** 1 h" in text_of(await count.ask("!stats"))
    assert f"🥇 <@{count.ann.id}> · 1 h" in lines(await count.ask("!leaderboard"))
    left_out = await count.use("settings added", count.mia, counts=False)
    assert "Time added by hand doesn't count on the leaderboard" in text_of(left_out)
    assert f"🥇 <@{count.ann.id}> · 30 min" in lines(await count.ask("!leaderboard"))
    assert "**This week** 30 min" in text_of(await count.ask("!stats server"))
    assert "30 min in total" in alt(await count.ask("!stats server"))
    out = await count.ben.click(added, "Undo")
    assert "You don't have an entry like that" in text_of(out.answer)
    gone = await count.press(added, "Undo")
    assert "Removed" in text_of(gone)
    assert "**this week** 30 min" in text_of(await count.ask("!stats"))
    just = await count.ask("!stats add 20m")
    assert text_of(just) == "Added: Sun 1 Mar, 12:40 · 20 min · added by hand"
    for task in ("essay", "reading"):
        other = text_of(await count.ask(f"!stats add 20m {task} yesterday 9:00"))
        assert other.startswith(f"Added: Sat 28 Feb, 9:00 · 20 min · {task} · added by hand")


BAD = {
    "add": "How long did it take?",
    "add essay": "How long did it take?",
    "add 50m essay tomorrow 14:00": "hasn't come yet",
    "add 50m essay 25:00": "no such time as",
    "add 50m essay 31 feb 12:00": "no such time as",
    "add 50m essay yesterday": "What time did it start?",
    "add 50m essay last night": "What time did it start?",
    "add 50m essay this morning": "What time did it start?",
    "add 50m essay 1 jan 2am": None,
    "add 50m essay 2020-01-01 14:00": "is more than a year ago",
    "add 50m essay 11:30": "That wouldn't be over yet. Give an earlier start, or a shorter length.",
    "add 25h essay": "You can add 1 minute to 24 hours",
    "add 10s essay": "You can add 1 minute to 24 hours",
    "add length: 50m when: soon": "I can't read “soon” as a time",
    "add length: 50m when: today 13:00": "hasn't come yet",
    f"add 50m {'x' * 100}": "characters long",
}


@pytest.mark.parametrize("typed", BAD)
async def test_what_cannot_be_added(count: Counting, typed: str) -> None:
    """An unclear entry is asked about, and nothing is added before a press."""
    answer = await count.ask(f"!stats {typed}")
    if expected := BAD[typed]:
        assert expected in text_of(answer)
        assert "Try `" not in text_of(answer)
        assert count.rows("SELECT count(*) FROM focus_log") == [(0,)]
        await count.ann.click(answer, buttons(answer)[0])
        await count.bot.until(lambda: "Added: " in text_of(as_shown(count.discord, answer)))
        [(task,)] = count.rows("SELECT task FROM focus_log")
        assert (task or "") in typed
    else:
        assert count.rows("SELECT count(*) FROM focus_log") == [(1,)]
    assert as_shown(count.discord, answer)


async def test_a_day_without_a_time(count: Counting) -> None:
    """An entry for yesterday without a time is asked for one, with times of that day to press."""
    answer = await count.ask("!stats add 50m essay yesterday")
    assert buttons(answer) == ["At 9:00", "At 14:00", "At 19:00", "It's just ended"]
    await count.ann.click(answer, "At 14:00")
    await count.bot.until(lambda: "Added: Sat 28 Feb, 14:00" in text_of(as_shown(count.discord, answer)))
