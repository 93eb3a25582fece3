import asyncio
from pathlib import Path

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.reading import change, eventually, rows, says

LONG = "x" * 81
# What is typed after "!pomodoro", and a word of the sentence that says what was wrong with it.
BAD = {
    "tea 0": "too short",
    "tea 0.5": "too short",
    "tea 0s": "too short",
    "tea 00:00": "too short",
    "tea -5": "below zero",
    "tea -1h": "below zero",
    "tea \N{MINUS SIGN}5": "below zero",
    "tea nan": "not a duration",
    "tea NaN": "not a duration",
    "tea inf": "not a duration",
    "tea -inf": "below zero",
    "tea +inf": "not a duration",
    "tea infinity": "not a duration",
    "tea 1e9": "not a duration",
    "tea 25h": "too long",
    "tea 24h1s": "too long",
    "tea 86401": "too long",
    "tea 24:00:01": "too long",
    "tea 999999999": "too long",
    "tea 99999999999999999999": "not a duration",
    "tea " + "9" * 1900: "not a duration",
    "tea 5x": "not a duration",
    "tea 5m5": "not a duration",
    "tea 5,5": "not a duration",
    "tea 0x10": "not a duration",
    "tea 25:61": "not a duration",
    "tea 1:99:00": "not a duration",
    "tea \N{SUPERSCRIPT TWO}": "not a duration",
    "tea 5\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}": "not a duration",
    "tea \N{ARABIC-INDIC DIGIT ZERO}": "too short",
    f"{LONG} 5": "80 is the most",
    f"{LONG}": "80 is the most",
    "\N{ZERO WIDTH SPACE} 5": "nothing in it",
    "\x01\x02 5": "nothing in it",
    "\N{RIGHT-TO-LEFT OVERRIDE}\N{LEFT-TO-RIGHT MARK} 5": "nothing in it",
    "\N{HANGUL FILLER} 5": "nothing in it",
    "@everyone <@1> **x** -5": "below zero",
    "tea @everyone nan": "not a duration",
    "cancel nothing": "no timer “nothing”",
    "cancel @everyone": "no timer",
    "cancel \N{RIGHT-TO-LEFT OVERRIDE}te\x1ba": "no timer “tea”",
    "cancel #99": "no timer “#99”",
    "cancel 99999999999999999999999": "no timer",
    "cancel": "no timer going",
    "pause": "no timer going",
    "resume nothing": "no timer “nothing”",
    "time nothing": "no timer “nothing”",
    "extend nothing 5m": "no timer “nothing”",
    "extend tea": "by how much",
    "extend": "by how much",
    "extend tea 0": "too short",
    "extend tea 25h": "too long",
}  # fmt: skip


async def test_each_is_answered_once(discord: LocalDiscord, bot: Running, log: list[dict[str, str]]) -> None:
    """Each of fifty kinds of bad input gets one sentence and a right example; nothing starts or errs."""
    ann, general = discord.person("ann"), discord.channel("general")
    for typed, sentence in BAD.items():
        asked = await ann.say(general, f"!pomodoro {typed}")
        answer = await discord.wait_for(says(sentence, "Try `!pomodoro "), channel=general, after=asked)
        assert answer["message_reference"]["message_id"] == asked["id"]
        assert not answer["mentions"]
        assert not answer["mention_everyone"]
        bot.advance(1)
    asked = await ann.say(general, "!pomodoro list")
    await discord.wait_for(says("No timer is going here"), channel=general, after=asked)
    answers = [m for m in discord.messages(general) if m["author"]["id"] == str(discord.bot.id)]
    assert len(answers) == len(BAD) + 1
    wrong = [line["event"] for line in log if line["log_level"] in {"warning", "error"}]
    assert set(wrong) <= {"clock_skew"}, "the test turns the clock away from the local Discord's"
    assert [line for line in log if line["event"] == "timer_started"] == []


async def test_ambiguous_and_over(discord: LocalDiscord, bot: Running) -> None:
    """Two timers of one name are told apart by number; a timer that is over, paused or running says so."""
    ann, general = discord.person("ann"), discord.channel("general")
    for _ in range(2):
        asked = await ann.say(general, "!pomodoro tea 10m")
        await discord.wait_for(says("tea", "Ends"), channel=general, after=asked)
    for typed, answer in (
        ("cancel tea", "2 timers fit (#1, #2)"),
        ("cancel", "2 timers fit"),
        ("pause #1", "Paused tea (#1)"),
        ("pause #1", "It is paused already"),
        ("resume #2", "It is running already"),
        ("extend #2 24h", "more than 24 hours"),
        ("cancel #1", "Cancelled tea"),
        ("cancel #1", "no timer “#1”"),
    ):
        asked = await ann.say(general, f"!pomodoro {typed}")
        await discord.wait_for(says(answer), channel=general, after=asked)


async def test_a_command_that_is_gone(discord: LocalDiscord, bot: Running) -> None:
    """A command that was deleted before the bot could reply to it is answered all the same."""
    ann, general = discord.person("ann"), discord.channel("general")
    asked = await ann.say(general, "!pomodoro list")
    await ann.delete(asked)
    await discord.wait_for(says("No timer is going here."), channel=general)


async def test_limits(discord: LocalDiscord, clock: "object", sqlite: str) -> None:
    """Too many timers of a person, of a server, and too many commands are each refused with the limit."""
    running = Running(discord, clock, sqlite)  # type: ignore[arg-type]
    await running.start(max_timers_per_user=2, max_timers_per_guild=3, commands_per_10s=4)
    ann, ben, general = discord.person("ann"), discord.person("ben"), discord.channel("general")
    for person, name, answer in (
        (ann, "a1", "Ends"),
        (ann, "a2", "Ends"),
        (ann, "a3", "You have 2 timers going"),
        (ben, "b1", "Ends"),
        (ben, "b2", "limit of timers is reached: 3 at once"),
        (ann, "a4", "You have 2 timers going"),
        (ann, "a5", "more than 4 commands in 10 seconds; wait 10 s"),
    ):
        asked = await person.say(general, f"!pomodoro {name} 10m")
        await discord.wait_for(says(answer), channel=general, after=asked)
    await ann.say(general, "!pomodoro list")
    out = await ann.slash(general, "pomodoro list")
    assert "more than 4 commands" in text_of(out.answer)
    running.advance(10)
    asked = await ann.say(general, "!pomodoro list")
    listed = await discord.wait_for(says("a1"), channel=general, after=asked)
    told = [m for m in discord.messages(general) if "more than 4 commands" in text_of(m)]
    assert len(told) == 1, "who floods a channel is told once"
    assert all(name not in text_of(listed) for name in ("a3", "a4", "b2"))
    await running.stop()


async def test_our_own_failure(
    discord: LocalDiscord, bot: Running, log: list[dict[str, str]], tmp_path: Path
) -> None:
    """An unexpected failure is answered with a short id, and the log has the same id."""
    ann, general = discord.person("ann"), discord.channel("general")
    asked = await ann.say(general, "!pomodoro tea 10m")
    card = await discord.wait_for(says("Ends"), channel=general, after=asked)
    await eventually(lambda: rows(tmp_path / "test.db", "SELECT 1 FROM timers WHERE card_id IS NOT NULL"))
    fails = "CREATE TRIGGER no BEFORE UPDATE ON timers BEGIN SELECT RAISE(ABORT, 'no'); END"
    await change(tmp_path / "test.db", fails)
    out = await ann.click(card, "Pause")
    (incident,) = [line["incident"] for line in log if line["event"] == "request_failed"]
    assert f"Something went wrong on my side, and I have written it down as `{incident}`" in text_of(out.answer)


@pytest.mark.parametrize("name", ["start", "list"])
async def test_simultaneous_starts_stay_within_the_limit(
    discord: LocalDiscord, clock: "object", sqlite: str, name: str
) -> None:
    """Commands that come at the same moment cannot slip past a limit together."""
    running = Running(discord, clock, sqlite)  # type: ignore[arg-type]
    await running.start(max_timers_per_user=2)
    ann, general = discord.person("ann"), discord.channel("general")
    outs = await asyncio.gather(*(ann.slash(general, "pomodoro start", name=name) for _ in range(6)))
    assert sum("Ends" in text_of(out.answer) for out in outs) == 2
    await running.stop()


async def test_buttons_and_suggestions_pass_the_gate(discord: LocalDiscord, clock: "object", sqlite: str) -> None:
    """Whoever presses too often is told so as for commands, and who asks for suggestions too often gets none."""
    running = Running(discord, clock, sqlite)  # type: ignore[arg-type]
    await running.start(commands_per_10s=4)
    ann, general = discord.person("ann"), discord.channel("general")
    asked = await ann.say(general, "!pomodoro tea 5m")
    card = await discord.wait_for(says("tea", "Ends"), channel=general, after=asked)
    outcomes = [await ann.click(card, "+5 min") for _ in range(4)]
    assert [outcome.kind for outcome in outcomes] == ["update"] * 3 + ["message"]
    assert "more than 4 commands" in text_of(outcomes[-1].answer)
    offered = [await ann.autocomplete(general, "pomodoro cancel", "timer", "") for _ in range(21)]
    assert [len(choices) for choices in offered] == [1] * 20 + [0]
    await running.stop()
