import asyncio
from pathlib import Path

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.reading import change, eventually, rows, says, shows_a_way_on

LONG = "x" * 81
# The text after "!pomodoro", and a part of the sentence that says what was wrong with it.
BAD = {
    "tea 0": "too short",
    "tea 0.5": "too short",
    "tea 0s": "too short",
    "tea 00:00": "too short",
    "tea -5": "is negative",
    "tea -1h": "is negative",
    "tea \N{MINUS SIGN}5": "is negative",
    "tea nan": "I don't know the length",
    "tea NaN": "I don't know the length",
    "tea inf": "I don't know the length",
    "tea -inf": "is negative",
    "tea +inf": "I don't know the length",
    "tea infinity": "I don't know the length",
    "tea 1e9": "I don't know the length",
    "tea 25h": "too long",
    "tea 24h1s": "too long",
    "tea 86401": "too long",
    "tea 24:00:01": "too long",
    "tea 999999999": "too long",
    "tea 99999999999999999999": "I don't know the length",
    "tea " + "9" * 1900: "Please keep it to 80",
    "tea 5x": "I don't know the length",
    "tea 5m5x": "I don't know the length",
    "tea 5,5": "I don't know the length",
    "tea 0x10": "I don't know the length",
    "tea 25:61": "I don't know the length",
    "tea 1:99:00": "I don't know the length",
    "tea \N{SUPERSCRIPT TWO}": "I don't know the length",
    "tea 5\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}": "I don't know the length",
    "tea \N{ARABIC-INDIC DIGIT ZERO}": "too short",
    f"{LONG} 5": "Please keep it to 80",
    f"{LONG}": "Please keep it to 80",
    "\N{ZERO WIDTH SPACE} 5": "looks empty",
    "\x01\x02 5": "looks empty",
    "\N{RIGHT-TO-LEFT OVERRIDE}\N{LEFT-TO-RIGHT MARK} 5": "looks empty",
    "\N{HANGUL FILLER} 5": "looks empty",
    "@everyone <@1> **x** -5": "is negative",
    "tea @everyone nan": "I don't know the length",
    "cancel nothing": "no timer called “nothing”",
    "cancel @everyone": "no timer",
    "cancel \N{RIGHT-TO-LEFT OVERRIDE}te\x1ba": "no timer called “tea”",
    "cancel #99": "no timer #99 running",
    "cancel 99999999999999999999999": "no timer",
    "cancel": "a timer running",
    "pause": "a timer running",
    "resume nothing": "no timer called “nothing”",
    "time nothing": "no timer called “nothing”",
    "extend nothing 5m": "no timer called “nothing”",
    "extend tea": "How much longer?",
    "extend": "How much longer?",
    "extend tea 0": "too short",
    "extend tea 25h": "too long",
}  # fmt: skip


async def test_each_is_answered_once(discord: LocalDiscord, bot: Running, log: list[dict[str, str]]) -> None:
    """Each of fifty kinds of bad input gets one sentence and a way on; nothing starts or fails."""
    ann, general = discord.person("ann"), discord.channel("general")
    for typed, sentence in BAD.items():
        request = await ann.say(general, f"!pomodoro {typed}")
        answer = await discord.wait_for(says(sentence), channel=general, after=request)
        assert shows_a_way_on(answer), text_of(answer)
        assert answer["message_reference"]["message_id"] == request["id"]
        assert not answer["mentions"]
        assert not answer["mention_everyone"]
        bot.advance(1)
    request = await ann.say(general, "!pomodoro list")
    await discord.wait_for(says("No timers running here"), channel=general, after=request)
    answers = [m for m in discord.messages(general) if m["author"]["id"] == str(discord.bot.id)]
    assert len(answers) == len(BAD) + 1
    wrong = [line["event"] for line in log if line["log_level"] in {"warning", "error"}]
    assert set(wrong) <= {"clock_skew"}, "the test turns the clock away from the local Discord's"
    assert [line for line in log if line["event"] == "timer_started"] == []


async def test_ambiguous_and_over(discord: LocalDiscord, bot: Running) -> None:
    """Two timers of one name are asked about; a finished, paused or running timer is named as such."""
    ann, general = discord.person("ann"), discord.channel("general")
    for _ in range(2):
        request = await ann.say(general, "!pomodoro tea 10m")
        await discord.wait_for(says("tea", "Ends"), channel=general, after=request)
    for typed, answer in (
        ("cancel tea", "Which one?"),
        ("cancel", "Which one?"),
        ("pause #1", "Paused tea (#1)"),
        ("pause #1", "It's already paused"),
        ("resume #2", "It's already running"),
        ("extend #2 24h", "past 24 hours"),
        ("cancel #1", "Cancelled tea"),
        ("cancel #1", "no timer #1 running"),
    ):
        request = await ann.say(general, f"!pomodoro {typed}")
        await discord.wait_for(says(answer), channel=general, after=request)


async def test_a_command_that_is_gone(discord: LocalDiscord, bot: Running) -> None:
    """A command deleted before the bot could reply is still answered."""
    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, "!pomodoro list")
    await ann.delete(request)
    await discord.wait_for(says("No timers running here."), channel=general)


async def test_limits(discord: LocalDiscord, clock: "object", sqlite: str) -> None:
    """Too many timers of a person or a server, and too many commands, are refused with the limit."""
    running = Running(discord, clock, sqlite)  # type: ignore[arg-type]
    await running.start(max_timers_per_user=2, max_timers_per_guild=3, commands_per_10s=4)
    ann, ben, general = discord.person("ann"), discord.person("ben"), discord.channel("general")
    for person, name, answer in (
        (ann, "a1", "Ends"),
        (ann, "a2", "Ends"),
        (ann, "a3", "already got 2 timers running"),
        (ben, "b1", "Ends"),
        (ben, "b2", "This server has 3 timers running"),
        (ann, "a4", "already got 2 timers running"),
        (ann, "a5", "try again in 10 s"),
    ):
        request = await person.say(general, f"!pomodoro {name} 10m")
        await discord.wait_for(says(answer), channel=general, after=request)
    await ann.say(general, "!pomodoro list")
    out = await ann.slash(general, "pomodoro list")
    assert "Slow down a little" in text_of(out.answer)
    running.advance(10)
    request = await ann.say(general, "!pomodoro list")
    listed = await discord.wait_for(says("a1"), channel=general, after=request)
    messages = [m for m in discord.messages(general) if "Slow down a little" in text_of(m)]
    assert len(messages) == 1, "who floods a channel is told once"
    assert all(name not in text_of(listed) for name in ("a3", "a4", "b2"))
    await running.stop()


async def test_our_own_failure(
    discord: LocalDiscord, bot: Running, log: list[dict[str, str]], tmp_path: Path
) -> None:
    """An unexpected failure is answered with a short id, and the log has the same id."""
    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, "!pomodoro tea 10m")
    card = await discord.wait_for(says("Ends"), channel=general, after=request)
    await eventually(lambda: rows(tmp_path / "test.db", "SELECT 1 FROM timers WHERE card_id IS NOT NULL"))
    fails = "CREATE TRIGGER no BEFORE UPDATE ON timers BEGIN SELECT RAISE(ABORT, 'no'); END"
    await change(tmp_path / "test.db", fails)
    out = await ann.click(card, "Pause")
    (incident,) = [line["incident"] for line in log if line["event"] == "request_failed"]
    assert f"Sorry, something went wrong on my end. I've logged it as `{incident}`" in text_of(out.answer)


@pytest.mark.parametrize("name", ["start", "list"])
async def test_simultaneous_starts_stay_within_the_limit(
    discord: LocalDiscord, clock: "object", sqlite: str, name: str
) -> None:
    """Simultaneous commands cannot exceed a limit together."""
    running = Running(discord, clock, sqlite)  # type: ignore[arg-type]
    await running.start(max_timers_per_user=2)
    ann, general = discord.person("ann"), discord.channel("general")
    outs = await asyncio.gather(*(ann.slash(general, "pomodoro start", name=name) for _ in range(6)))
    assert sum("Ends" in text_of(out.answer) for out in outs) == 2
    await running.stop()


async def test_rate_limit_of_buttons_and_suggestions(discord: LocalDiscord, clock: "object", sqlite: str) -> None:
    """Presses over the rate limit are refused like commands, and autocomplete over it is empty."""
    running = Running(discord, clock, sqlite)  # type: ignore[arg-type]
    await running.start(commands_per_10s=4)
    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, "!pomodoro tea 5m")
    card = await discord.wait_for(says("tea", "Ends"), channel=general, after=request)
    outcomes = [await ann.click(card, "+5 min") for _ in range(4)]
    assert [outcome.kind for outcome in outcomes] == ["update"] * 3 + ["message"]
    assert "Slow down a little" in text_of(outcomes[-1].answer)
    offered = [await ann.autocomplete(general, "pomodoro cancel", "timer", "") for _ in range(21)]
    assert [len(choices) for choices in offered] == [1] * 20 + [0]
    await running.stop()


@pytest.mark.parametrize("length", [2, 1_000, 1_990, 2_500])
async def test_a_long_name_is_refused_aloud(discord: LocalDiscord, bot: Running, length: int) -> None:
    """However long the name in a command that was not understood, the answer fits in a message."""
    ann, general = discord.person("ann"), discord.channel("general")
    out = await ann.slash(general, "pomodoro extend", timer="*" * length, by="soon")
    assert "I can't read “soon” as a length" in text_of(out.answer)
    out = await ann.slash(general, "remind edit", reminder="*" * length, when="9 bells")
    assert out.kind == "message", out.reason
