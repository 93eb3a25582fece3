"""Odd texts that people and keyboards produce, for the fuzz tests."""

import unicodedata

from hypothesis import strategies as st

from bot.localdiscord.world import World
from bot.playground.scenery import STUDY_HALL

_WORLD = World(STUDY_HALL)  # its people and channels have the same ids at every start
BOT, _BEN = (f"<@{user.id}>" for user in (_WORLD.bot, _WORLD.people[1]))
_CHANNEL = next(iter(_WORLD.channels))
_MODERATORS = next(role.id for role in _WORLD.guild.roles.values() if role.name == "Moderator")

# Text with a meaning to Discord, a parser, a database, or a renderer.
NASTY = (
    "@everyone", "@here", _BEN, _BEN.replace("@", "@!"), BOT, f"<@&{_MODERATORS}>", "@ben", f"<#{_CHANNEL}>",
    "</pomodoro start:1>", "<t:0:R>", "<:x:1>", "<a:x:1>", "<id:customize>", "<https://a.b>", "HTTP://A.B",
    "https://example.org/?a=b&c=%20", "[tea](https://example.org)", "discord.gg/abc", "Discord.GG/abc",
    "discord.com/invite/a", "**b**", "__u__", "_i_", "*i*", "~~s~~", "||spoiler||", "`code`", "``", "```",
    "`!pomodoro`", "```py\nx\n```", "# big", "-# small", "> quote", ">>> quote", "- list", "1. list",
    "\\", "\\\\", "\\@everyone", "`\\`@everyone", '"', "'", '"tea', '"a" "b"', "“tea”", "«", "“", "‘",
    "„", '"""', "'\"'", "{}", "{0}", "{0.__class__}", "%s", "%n%x", "%(a)s", "${HOME}", "$(id)", "#{1}", "{{7*7}}",
    "%00", "&lt;", "\\n", "'; DROP TABLE timers; --", "' OR 1=1", "1;SELECT 1", "<script>alert(1)</script>", "~",
    "../../etc/passwd", "null", "None", "undefined", "True",
    "NaN", "nan 5", "-inf", "1e309", "0x10", "1_000", "--help", "-5", "+", "-", "0", "-0", "00", "5" * 80,
    "9" * 400, "0." + "9" * 300, "1:" * 100, "9h" * 50, "²", "½", "٥", "５m", "५", "𝟝s", "①", "5️⃣", "5分",
    "#", "#0", "#1", "#-1", "##1", "#99999999999999999999", "#٥", "#²", "list list", "cancel cancel", "help me",
    "\x00", "\x01\x02\x7f", "\x1b[31m", "\r", "\n", "\t", "\v\f", "\x1c\x1d\x1e\x1f", "\x85", "\xa0", "\xad",
    "a\nb\n# c", "\u2028", "\u180e", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u202e", "\u202dtxet\u202c",
    "\u2066x\u2069", "\u061c", "\u034f", "\u115f", "\u3164", "\u2800", "\U000e0041", "\U000e0100", "\ufffe",
    "e\u0301", "\u0301", "t\u0336e\u0336a\u0336", "Z" + "\u030d\u0334\u0321" * 20, "\ufdfa" * 20, "\U0010ffff",
    "İ", "ß", "ﬀ", "Ǆ", "👩‍👩‍👧‍👦", "🇩🇪🇫", "👍🏿", "🍅" * 80, "שלום", "مرحبا 5m", "ไทย", "日本語", "\ue000",
    "x" * 80, "x" * 81, "*" * 80, "@" * 80, "x" * 1900, "`" * 500, "\\" * 1001, "a " * 900, "\u202e" * 200,
)  # fmt: skip

_VERBS = ("start", "list", "help", "cancel", "pause", "resume", "time", "extend", "CANCEL", "ＬＩＳＴ", "lıst")
_LENGTHS = ("5", "5m", "1h30m", "25:00", "1:30:00", ".5", "1.5h", "24h", "25h", "0", "-5", "+5m", "5x", "nan")
_NAMES = ("tea", "TEA", "green", "café", "cafe\u0301", '"tea 5"', "“x”", "'", "#1", "#2", "1", "x" * 80)

# Any text but lone surrogates, which no client can send, and but the words that announcements are counted by; as
# much of it as a message holds with a command before.
ANYTHING = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | st.sampled_from(NASTY), max_size=5
).map(lambda parts: "".join(parts)[:1900].replace("POMODORO!", ""))

# The words of commands in any order.
GRAMMAR = st.lists(st.sampled_from((*_VERBS, *_LENGTHS, *_NAMES)), max_size=6).map(" ".join)

_UNITS = {"": 1, "s": 1, "sec": 1, "m": 60, "MIN": 60, "h": 3600, "Hours": 3600}
_WORD = st.text(st.characters(categories=["L", "Nd", "So"]), min_size=1, max_size=5)
_MARKUP = st.sampled_from(("@here", _BEN, "*b*", "__u__", "`c`", "\\", "||s||", "[a](http://b.c)", "discord.gg/a"))

# The words of reminders in any order.
REMINDERS = st.lists(
    st.sampled_from(
        (
            "set", "list", "help", "cancel", "pause", "resume", "edit", "timezone", "me", "every", "each", "daily",
            "day", "weekday", "mon and thu", "10 minutes", "5 minutes", "until", "for 3 times", "24 Dec", "friday",
            "tomorrow", "yesterday", "9am", "at 17:30", "at 9", "20m", "in 2 hours", "1/2", "#1", "#2", "when:",
            "what:", "every:", "never", "berlin", "UTC", "to", "tea", '"tea 5m"', "\n", "http://a.b", *_NAMES[:4],
        )
    ),
    max_size=7,
).map(" ".join)  # fmt: skip


@st.composite
def right(draw: st.DrawFn) -> tuple[str, str, int]:
    """Return a text that starts a timer, with its name and seconds, independently of our parser."""
    # With an "x" before them they are neither verbs nor durations, and fewer than 80 characters in any form.
    # A mention may mean a session, and is asked about.
    markup = _MARKUP.filter(lambda text: text != _BEN)
    words = [f"x{word}" for word in draw(st.lists(_WORD | markup, min_size=1, max_size=3))]
    unit = draw(st.sampled_from([*_UNITS]))
    number = draw(st.integers(1, min(86_400 // _UNITS[unit], 9_999)))
    space = draw(st.sampled_from((" ", "  ", "\n", "\t \u3000")))
    typed = space.join([*words, f"{number}{unit}"])
    return typed, unicodedata.normalize("NFC", " ".join(words)), number * _UNITS[unit]


@st.composite
def right_reminder(draw: st.DrawFn) -> tuple[str, str, int]:
    """Return a text that sets a reminder, with its text and the seconds until then, independently of our parser."""
    words = [f"x{word}" for word in draw(st.lists(_WORD | _MARKUP, min_size=1, max_size=4))]
    text = draw(st.sampled_from((" ", "\n", "\n\n"))).join(words)
    unit = draw(st.sampled_from(("m", "min", "minutes", "h", "hours")))
    number = draw(st.integers(2, 48 if unit.startswith("h") else 600))
    time = f"{number} {unit}"
    typed = draw(
        st.sampled_from((f"{time} {text}", f"in {time} {text}", f"{text} in {time}", f"me {time}, {text}"))
    )
    return typed, unicodedata.normalize("NFC", text), number * (3600 if unit.startswith("h") else 60)
