"""The texts of reminders: shown as typed and harmless, within limits, and never logged."""

import json
import logging

import pytest

from bot.localdiscord.local import text_of
from tests.chat.reminding import Reminding
from tests.reading import change, eventually, says

SECRET = "zanzibar"
# The typed text, and how it is shown when it comes.
SHOWN = {
    "https://example.org/a_b_c?x=1&y=*": "<https://example.org/a_b_c?x=1&y=>\\*",
    "see http://a.bc/d, (https://e.fg).": "see <http://a.bc/d>, (<https://e.fg>).",
    "[tea](https://example.org)": "\\[tea\\](<https://example.org>)",
    "discord.gg/abc": "discord\\.gg/abc",
    "https://discord.gg/abc": "https\\://discord\\.gg/abc",
    "HTTPS://DISCORD.COM/INVITE/abc": "HTTPS\\://DISCORD\\.COM/INVITE/abc",
    "https://discordapp.com/invite/abc": "https\\://discordapp\\.com/invite/abc",
    "javascript://x <https://a.bc>": "javascript\\://x \\<<https://a.bc>\\>",
    "**b** __u__ ~~s~~ ||x|| `c`": "\\*\\*b\\*\\* \\_\\_u\\_\\_ \\~\\~s\\~\\~ \\|\\|x\\|\\| \\`c\\`",
    "one\n# two\n-# three\n> four": "one\n\\# two\n\\-# three\n\\> four",
    "one\n- # two\n1. - -# three": "one\n- \\# two\n1. - \\-# three",
    "<t:0:R> <:x:1> </a:1>": "\\<t:0:R\\> \\<:x:1\\> \\</a:1\\>",
}
# Fifteen hundred characters of which each must be escaped, or most.
ESCAPED = {
    "*": "*" * 1500,
    "\\": "\\" * 1500,
    "@": "@everyone " * 150,
    "lines": "#\n" * 749 + "##",
    "links": "http://a.b " * 136,
    "invitations": "https://discord.gg/a " * 71,
    "faces": "👩‍👩‍👧‍👦" * 136,
}


async def test_shown_as_typed(remind: Reminding) -> None:
    """Links work, without a preview; invitations, formatting and all else that Discord would interpret do not."""
    for typed, text in SHOWN.items():
        answer = await remind.type(f'1m "{typed}"')
        remind.bot.advance(60)
        due = await remind.come("⏰", after=answer)
        assert text_of(due) == f"⏰ {remind.ann.mention} {text}"


@pytest.mark.parametrize("character", ESCAPED)
async def test_the_longest_fits(remind: Reminding, character: str) -> None:
    """The longest text, fully escaped, fits everywhere: changed, chosen, snoozed, several at once."""
    text = ESCAPED[character].strip()
    for _ in range(3):
        confirmed = await remind.slash("set", when="1h", what=text)
        assert len(text_of(confirmed)) < 400
    listed = await remind.slash("list")
    label = listed["components"][1]["components"][0]["options"][0]["label"]
    edited = await remind.slash("edit", reminder="#1", what=text[:-1] + "x")
    await remind.press(edited, "Undo")
    out = await remind.ann.select(listed, "reminders:pending:0", ["2"])
    chosen = await remind.press(out.answer, "Pause")
    await remind.press(chosen, "Resume")
    assert len(label) <= 100
    remind.bot.advance(3600)
    due = await remind.come("⏰")
    assert len(text_of(due)) <= 4000
    each = [(timer_id, "sent") for timer_id in (1, 2, 3)]
    await remind.bot.until(
        lambda: sorted(remind.rows("SELECT DISTINCT timer_id, state FROM outbox")) == each  # of each, all of it
    )
    assert sum(text_of(message).count(remind.ann.mention) for message in remind.due()) == 3
    first = remind.due()[0]
    done = await remind.press(first, "1 h") if "1 h" in str(first["components"]) else first
    assert len(text_of(done)) <= 4000


async def test_never_logged(
    remind: Reminding, log: list[dict[str, object]], caplog: pytest.LogCaptureFixture
) -> None:
    """No log record contains a reminder's text: set, changed, refused, failed or damaged."""
    caplog.set_level(logging.INFO)
    for words in (
        f"1h {SECRET}",
        f"me 1h {SECRET} too",
        f"{SECRET}",
        f"cancel {SECRET}z",
        f"edit #1 what: {SECRET}s",
    ):
        await remind.type(words)
    await remind.slash("set", when=SECRET, what=SECRET)
    choices = await remind.ann.autocomplete(remind.general, "remind cancel", "reminder", SECRET)
    assert len(choices) == 2
    remind.discord.block_dm(remind.ann)
    remind.discord.faults.fail("503", only="POST /channels/{channel_id}/messages", times=2)
    remind.bot.advance(3600)
    await remind.bot.until(remind.due)
    (due,) = remind.due()
    away = says("I've got a reminder for you")
    await remind.bot.until(lambda: any(map(away, remind.discord.messages(remind.general))))
    await remind.press(due, "Snooze 10 min")
    listed = await remind.slash("list")
    await change(remind.database, "UPDATE reminders SET zone = 'Moon/Base'")
    assert "That reminder's gone" in text_of(await remind.choose(listed, f"{SECRET}s"))
    await change(remind.database, "DROP TABLE reminders")
    assert "couldn't save that" in text_of(await remind.type(f"2h {SECRET}"))
    remind.bot.advance(600)
    await eventually(lambda: any(line["event"] == "finish_failed" for line in log))
    assert {"reminder_set", "row_damaged", "finish_failed", "delivery_retried"} <= {line["event"] for line in log}
    assert SECRET not in json.dumps(log, default=repr)
    formatter = logging.Formatter()
    assert not [line for line in map(formatter.format, caplog.records) if SECRET in line]
