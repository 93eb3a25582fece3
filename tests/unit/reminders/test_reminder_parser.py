from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings, strategies as st

from bot.chat.reminders.commands import TOPIC
from bot.chat.runtime.ask import labels_of
from bot.domain.errors import BadText, NotYours, UserError
from bot.domain.invocation import Invocation
from bot.domain.question import Question
from bot.domain.reminders import parser, understanding
from bot.domain.reminders.command import (
    ActOnAll,
    ActOnReminders,
    Command,
    EditReminder,
    ListHere,
    ListPage,
    ReminderVerb,
    Set,
    Snooze,
    UndoSet,
    Zone,
)
from bot.domain.time import schedule

ANN = 7
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
CANCEL, PAUSE, RESUME = ReminderVerb.CANCEL, ReminderVerb.PAUSE, ReminderVerb.RESUME

ONCE = {
    "20m stretch": Set(sentence="20m stretch"),
    "20m\nstretch\nand breathe": Set(sentence="20m\nstretch\nand breathe"),
    "20m   stretch": Set(sentence="20m stretch"),
    "to stretch in 20m": Set(sentence="stretch in 20m"),
    "set 20m tea": Set(sentence="20m tea"),
    "set\n20m tea": Set(sentence="20m tea"),
    "set up the router in 2h": Set(sentence="set up the router in 2h"),
    "every day 9am pills": Set(sentence="every day 9am pills"),
    # by fields
    "when: 20m what: tea": Set("20m", "tea"),
    "what: tea when: 20m": Set("20m", "tea"),
    "When: 20m": Set("20m", ""),
    "when: 20m\nwhat: a\nb\nevery: 2h": Set("20m", "a\nb", "2h"),
    "when: tomorrow 9:00 what: stand-up every: weekday": Set("tomorrow 9:00", "stand-up", "weekday"),
    "every: day what: pills": Set("", "pills", "day"),
    "what: tea": Set("", "tea"),
    "20m say when: now": Set(sentence="20m say when: now"),
}
WHOM = {
    "me 20m stretch": Set(sentence="20m stretch", direct=True),
    "Me\n20m stretch": Set(sentence="20m stretch", direct=True),
    "remind me to stretch in 20m": Set(sentence="stretch in 20m", direct=True),
    "me to stretch in 20m": Set(sentence="stretch in 20m", direct=True),
    "me when: 20m what: tea": Set("20m", "tea", direct=True),
    "me when: 20m what: see where: there": Set("20m", "see where: there", direct=True),
    "me me 20m tea": Set(sentence="me 20m tea", direct=True),
    "meet Jo in 20m": Set(sentence="meet Jo in 20m"),
    "<@&5> 20m meeting": Set(sentence="20m meeting", calls="<@&5>"),
    "@everyone 20m meeting": Set(sentence="20m meeting", calls="@everyone"),
    "@here tomorrow 9am stand-up": Set(sentence="tomorrow 9am stand-up", calls="@here"),
    "<#40> 20m look": Set(sentence="20m look", channel_id=40),
    "<@&5> <#40> 20m look": Set(sentence="20m look", calls="<@&5>", channel_id=40),
    "<#40> <@&5> when: 20m": Set("20m", "", calls="<@&5>", channel_id=40),
    "<#40> who: <@&5> when: 20m": Set("20m", "", calls="<@&5>", channel_id=40),
    "<@7> 20m stretch": Set(sentence="20m stretch"),
    "<@!7> 20m stretch": Set(sentence="20m stretch"),
    "20m ask <@8> and <@&5>": Set(sentence="20m ask <@8> and <@&5>"),
}
VERB = {
    "help mum tomorrow 9am": Set(sentence="help mum tomorrow 9am"),
    "list": ListPage(),
    "LIST": ListPage(),
    "show": ListPage(),
    "list here": ListHere(),
    "list 2": ListPage(2),
    "list page 3": ListPage(3),
    "list groceries 20m": Set(sentence="list groceries 20m"),
    "timezone": Zone(),
    "timezone new york": Zone("new york"),
    "tz Berlin": Zone("Berlin"),
    "time zone Berlin": Zone("Berlin"),
    "cancel": ActOnReminders(CANCEL),
    "cancel #12": ActOnReminders(CANCEL, ("#12",)),
    "Cancel 12": ActOnReminders(CANCEL, ("12",)),
    "cancel #12 #14": ActOnReminders(CANCEL, ("#12", "#14")),
    "delete #12, #14 and 15": ActOnReminders(CANCEL, ("#12", "#14", "15")),
    **{
        f"{verb} #12": ActOnReminders(CANCEL, ("#12",))
        for verb in ("stop", "end", "delete", "remove", "rm", "done")
    },
    "cancel all": ActOnAll(CANCEL),
    "delete everything": ActOnAll(CANCEL),
    "clear": ActOnAll(CANCEL),
    "clear the table": ActOnReminders(CANCEL, ("the table",)),
    "pause all": ActOnAll(PAUSE),
    "cancel the daily stand-up": ActOnReminders(CANCEL, ("the daily stand-up",)),
    'cancel "netflix tomorrow 9am"': ActOnReminders(CANCEL, ("netflix tomorrow 9am",)),
    "cancel netflix tomorrow 9am": Set(sentence="cancel netflix tomorrow 9am"),
    "cancel netflix every month": Set(sentence="cancel netflix every month"),
    "end of month phone bill": Set(sentence="end of month phone bill"),
    "set cancel netflix 20m": Set(sentence="cancel netflix 20m"),
    "pause stretch": ActOnReminders(PAUSE, ("stretch",)),
    "pause the music in 20m": Set(sentence="pause the music in 20m"),
    "resume": ActOnReminders(RESUME),
    "unpause #12": ActOnReminders(RESUME, ("#12",)),
    "resume the download in 2h": Set(sentence="resume the download in 2h"),
    "edit r0009 20m": EditReminder("r0009", sentence="20m"),
    "edit r0009 to 20m": EditReminder("r0009", sentence="20m"),
    "reschedule laundry to friday 5pm": EditReminder("laundry", sentence="friday 5pm"),
    "move the car tomorrow 9am": Set(sentence="move the car tomorrow 9am"),
    "cancel lunch tomorrow at noon with Bob": Set(sentence="cancel lunch tomorrow at noon with Bob"),
    "undo": UndoSet(),
    "undo the knots in 20m": Set(sentence="undo the knots in 20m"),
    "snooze": Snooze(),
    "snooze 1h": Snooze("", "1h"),
    "snooze #12": Snooze("#12"),
    "snooze #12 10m": Snooze("#12", "10m"),
    "snooze #12 for 10m": Snooze("#12", "10m"),
    "snooze until tomorrow 9am": Snooze("", "tomorrow 9am"),
    "snooze the on-call alert in 1h": Set(sentence="snooze the on-call alert in 1h"),
    "edit": ListPage(),
    "edit #12 tomorrow 9am": EditReminder("#12", sentence="tomorrow 9am"),
    "move #12 to tomorrow 9am": EditReminder("#12", sentence="tomorrow 9am"),
    "reschedule #12 friday 15:00": EditReminder("#12", sentence="friday 15:00"),
    "edit stretch tomorrow 10am": EditReminder("stretch", sentence="tomorrow 10am"),
    "edit 12 tomorrow 9am stand-up": EditReminder("12", sentence="tomorrow 9am stand-up"),
    "edit #12 what: stand-up": EditReminder("#12", what="stand-up"),
    "edit #12 when: 20m what: tea every: never": EditReminder("#12", "20m", "tea", "never"),
    "edit #12 every: 2h what: my reminder: tea": EditReminder("#12", what="my reminder: tea", every="2h"),
    "edit the draft tomorrow 9am": Set(sentence="edit the draft tomorrow 9am"),
}
# Edits of a reminder, in a sentence.
CHANGED = {
    "tomorrow 9am": EditReminder("#12", "tomorrow 9am"),
    "tomorrow 9am stand-up": EditReminder("#12", "tomorrow 9am", "stand-up"),
    "every weekday": EditReminder("#12", every="every weekday"),
    "every never": EditReminder("#12", every="never"),
    "9am every day until 24 Dec": EditReminder("#12", every="9am every day until 24 Dec"),
    "9am every day pills": EditReminder("#12", what="pills", every="9am every day"),
    "buy milk": EditReminder("#12", what="buy milk"),
    '"tomorrow 9am"': EditReminder("#12", what="tomorrow 9am"),
    '20m "every day"': EditReminder("#12", "20m", "every day"),
    "10 push-ups": EditReminder("#12", what="10 push-ups"),
}
SLIPS = {
    "cancle #12": "remind cancel #12",
    "lst": "remind list",
    "snoze #12 10m": "remind snooze #12 10m",
    "delte #12": "remind cancel #12",
    "pasue": "remind pause",
}
MEANT = ONCE | WHOM | VERB
# Named options: typed, and the same in a slash command.
NAMED: dict[str, tuple[str, dict[str, object]]] = {
    "set what: tea when: 20m": ("set", {"when": "20m", "what": "tea"}),
    "where: Direct message when: 20m": ("set", {"when": "20m", "where": "direct message"}),
    "where: here when: 20m what: tea": ("set", {"when": "20m", "what": "tea"}),
    "when: 20m channel: <#40> who: <@&5>": ("set", {"when": "20m", "who": "<@&5>", "channel": "<#40>"}),
    "who: @here every: day": ("set", {"every": "day", "who": "@here", "where": "here"}),
    "who: <@7> when: 20m": ("set", {"when": "20m"}),
    "list page: 2": ("list", {"page": 2}),
    "list": ("list", {"page": 1}),
    "cancel reminder: netflix tomorrow 9am": ("cancel", {"reminder": "netflix tomorrow 9am"}),
    "cancel": ("cancel", {}),
    "pause reminder: #12": ("pause", {"reminder": "#12"}),
    "resume reminder: tea": ("resume", {"reminder": "tea"}),
    "edit when: 20m reminder: tea": ("edit", {"reminder": "tea", "when": "20m"}),
    "edit #12 every: day what: tea": ("edit", {"reminder": "#12", "what": "tea", "every": "day"}),
    "timezone zone: Europe/Berlin": ("timezone", {"zone": "Europe/Berlin"}),
    "timezone": ("timezone", {}),
}
REFUSED = {
    "": Question,
    "stretch": Question,
    "soon stretch": Question,
    "every": Question,
    "every time we meet": Question,
    "list groceries": Question,
    "set": Question,
    "me": Question,
    "<@&5>": Question,
    "<@&5> stretch": Question,
    "<@&5> <@&6> 20m stretch": Question,
    "@role 20m stretch": Question,
    "<@8> 20m stretch": Question,
    "<@8>": NotYours,
    "me <@!8> 20m stretch": Question,
    "when: 20m where: there": UserError,
    "when: 20m who: me": UserError,
    "when: 20m who: <@8>": NotYours,
    "when: 20m channel: <@8>": UserError,
    "list page: last": UserError,
    "edit when: 20m": BadText,
    "edit tea": BadText,
    "edit #12": BadText,
}
PUT_RIGHT = [
    (Set("", "tea", "6 years"), ["remind every 5 years at 9:00 tea"]),
    (Set("", "tea", "20m set tea day"), [
        "remind every 20 minutes tea", "remind every day at 9:00 tea",
    ]),
    (Set("", "tea", "evry monday"), ["remind every Monday at 9:00 tea"]),
    (Set("tomorow 9am", "tea", "mondya"), []),
    (Set("tomorrow 9am or so", "tea"), ["remind 2026-11-28 09:00 tea"]),
    (Set("yesterday 9am", "tea"), ["remind 2026-11-28 09:00 tea"]),
    (Set("24 dec 2025 18:00", "tea"), ["remind 2026-12-24 18:00 tea"]),
    (Set("31 nov", "tea"), ["remind 2026-11-30 09:00 tea"]),
    (Set("17pm", "tea"), ["remind 2026-11-27 17:00 tea"]),
    (Set("12/1/2026 9am", "tea"), ["remind 2026-12-01 09:00 tea"]),
    (Set("20m ago", "tea"), ["remind 2026-11-27 13:20 tea"]),
    (Set("", "tea", "5 minutes"), ["remind every 10 minutes tea"]),
    (Set("9am", "tea", "day at 8:00"), ["remind every day at 8:00 tea"]),
    (Set("", "tea"), [
        "remind 10m tea", "remind 1h tea", "remind 2026-11-27 18:00 tea", "remind 2026-11-28 09:00 tea",
    ]),
    (Set("", "tea", direct=True), ["remind me 10m tea"]),
]  # fmt: skip
LABELS = {
    Set("", "tea", "5 minutes"): ["Every 10 minutes"],
    Set("", "tea", "2nd tuesday"): ["Every other Tuesday at 9:00", "Every month on the 2nd Tuesday at 9:00"],
    Set("", "tea", "monday at 9"): ["Every Monday at 9:00", "Every Monday at 21:00"],
    Set("", "tea", "monday at 9 until 24 dec"): [
        "Every Monday at 9:00 until 24 Dec 2026", "Every Monday at 21:00 until 24 Dec 2026",
    ],
    Set("tomorrow at 9", "tea", "90 minutes"): ["Every 90 minutes, from 9:00", "Every 90 minutes, from 21:00"],
    Set("soon", "tea"): ["In 10 min", "In 1 h", "In 3 h", "Sat 28 Nov, 13:00"],
    Set("5", "tea"): ["In 5 min", "Sat 28 Nov, 5:00"],
    Set("feb 30", "tea"): ["Tue 29 Feb 2028, 9:00"],
    Set("nov 31", "tea"): ["Mon 30 Nov, 9:00"],
    Set(sentence="tomorrow 9 call mum"): ["9:00, “call mum”", "21:00", "9:00, “9 call mum”"],
    Set("", "tea"): ["In 10 minutes", "In an hour", "Today at 18:00", "Tomorrow at 9:00"],
}  # fmt: skip
HOPELESS = [
    Set("once in a blue moon", "tea"), Set("", "tea", "blue moon"), Set("whenever", "", ""),
    Set("in 6 years", "tea"),
]  # fmt: skip
PIECES = """
    20m tomorrow 9am at 17:30 next week 10 every day weekday each 2 hours daily until 24 Dec for 5 times never
    when: what: every: where: who: channel: page: reminder: zone: here direct message
    set cancel pause resume edit list help timezone #12 12 me <@7> <@8> <@&5> <#40> @here
    stretch "tea" “tea” , : . - to
"""
TYPED = st.one_of(
    st.text(),
    st.lists(st.sampled_from([*PIECES.split(), "\n"]), max_size=12).map(" ".join),
    st.lists(st.sampled_from(sorted(MEANT)), min_size=2, max_size=2).map(" ".join),
)


def parse(text: str) -> Command:
    return parser.parse(TOPIC.read(text), TOPIC, ANN)


def understood(text: str, zone: str = "Europe/Berlin") -> Command:
    """Parse and interpret, as when it is carried out."""
    command = parse(text)
    if isinstance(command, Set):
        understanding.of_set(command, NOON, ZoneInfo(zone))
    if isinstance(command, EditReminder):
        understanding.of_edit(command, NOON, ZoneInfo(zone))
    return command


def test_the_table_is_long_enough() -> None:
    """At least eighty typed requests are checked, one at least for each verb."""
    assert len(MEANT) >= 80
    assert {text.split()[0].casefold() for text in [*VERB, *ONCE] if text} >= TOPIC.verbs.keys()


@pytest.mark.parametrize(("text", "meant"), MEANT.items())
def test_means(text: str, meant: Command) -> None:
    """A typed request has exactly its meaning, also with spaces around it."""
    assert parse(text) == meant
    assert parse(f"  {text}\n") == meant


@pytest.mark.parametrize(("text", "kind"), REFUSED.items())
def test_refuses(text: str, kind: type[UserError]) -> None:
    """Impossible requests are refused, and the suggested alternatives are valid."""
    with pytest.raises(kind) as refused:
        understood(text)
    assert_right(refused.value)


@pytest.mark.parametrize(("unclear", "labels"), LABELS.items())
def test_labels(unclear: Set, labels: list[str]) -> None:
    """A choice reads naturally: it begins with a capital letter, and has no ISO date in it."""
    with pytest.raises(Question) as refused:
        understanding.of_set(unclear, NOON, ZoneInfo("Europe/Berlin"))
    assert labels_of(refused.value.choices) == labels


@pytest.mark.parametrize(("unclear", "lines"), PUT_RIGHT)
def test_puts_right(unclear: Set, lines: list[str]) -> None:
    """Unreadable or impossible fields are answered with the person's own request, corrected."""
    with pytest.raises(Question) as refused:
        understanding.of_set(unclear, NOON, ZoneInfo("Europe/Berlin"))
    assert [choice.line for choice in refused.value.choices][: len(lines)] == lines
    assert unclear.what in refused.value.choices[0].line
    for choice in refused.value.choices:
        understood(choice.line.removeprefix("remind "))


@pytest.mark.parametrize("unclear", HOPELESS)
def test_shows_no_other_example(unclear: Set) -> None:
    """Without a probable reading, one sentence quotes the unreadable part, without an unrelated example."""
    with pytest.raises(UserError) as refused:
        understanding.of_set(unclear, NOON, ZoneInfo("Europe/Berlin"))
    assert refused.value.example is None
    assert (unclear.every or unclear.when) in str(refused.value)


@pytest.mark.parametrize(("text", "meant"), CHANGED.items())
def test_changes(text: str, meant: EditReminder) -> None:
    """An edit changes the time, the repetition or the text, depending on the words."""
    edit = parse(f"edit #12 {text}")
    assert isinstance(edit, EditReminder)
    assert understanding.of_edit(edit, NOON, ZoneInfo("Europe/Berlin")) == meant


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("an hour earlier", "17:00"),
        ("by 30m later, please", "18:30"),
        ("2 days sooner", "18:00"),
        ("by an hour", "19:00"),
        ("tomorrow 7:00 instead", "7:00"),
    ],
)
def test_earlier_and_later_count_from_its_time(text: str, when: str) -> None:
    """*Earlier* and *later* count from when a reminder is due, not from now."""
    zone = ZoneInfo("Europe/Berlin")
    due_at = NOON.astimezone(zone).replace(hour=18, minute=0) + timedelta(days=3)
    edit = parse(f"edit #12 {text}")
    assert isinstance(edit, EditReminder)
    change = understanding.of_edit(edit, NOON, zone, due_at)
    at = schedule.read(change.when, "", NOON, zone).first_at.astimezone(zone)
    days = {"2 days sooner": 1, "tomorrow 7:00 instead": 1}.get(text, 3)
    assert (f"{at:%-H:%M}", (at.date() - NOON.astimezone(zone).date()).days, change.what) == (when, days, "")


@pytest.mark.parametrize(("text", "line"), SLIPS.items())
def test_a_slip_in_a_verb_is_asked(text: str, line: str) -> None:
    """A verb that is one letter off is asked about, with the corrected request; it never sets a reminder."""
    with pytest.raises(Question) as raised:
        parse(text)
    assert line in [choice.line for choice in raised.value.choices]


@pytest.mark.parametrize(
    ("text", "verb"),
    [("done #5 every month", "cancel"), ("cancel #5 tomorrow", "cancel"), ("resume #5 9am", "resume")],
)
def test_a_command_with_more_than_it_needs_is_asked(text: str, verb: str) -> None:
    """A verb with a reminder's number is that command, whatever follows: asked about, never a new reminder."""
    with pytest.raises(Question) as raised:
        parse(text)
    assert [choice.line for choice in raised.value.choices] == [f"remind {verb} #5"]


@settings(deadline=None)
@given(TYPED)
@example("DONE # 0M")
@example("DONE #0$EVERY:MONTH")
@example("DNE #0$EVERY:MONTH")
@example("DNE # 0M")
@example("every " * 300)
@example("each every " * 180)
@example("a every 5 b " * 160)
@example("<@0> <@0> 0")
@example("<@0> WHEN:")
@example("<@0> <@0>")
@example("<@0> 20m x")
@example("<@&0> @here WHEN:")
@example("<@&0> @here TIL 0")
@example("@here <@&0> <@&0> 0")
@example("@here <@&0> @everyone <@&1> 0")
def test_never_fails(text: str) -> None:
    """Any text is a request, or refused in one short sentence, and the alternatives offered are valid."""
    try:
        understood(text)
    except UserError as refused:
        assert len(str(refused)) < 250
        assert_right(refused)


def assert_right(refused: UserError) -> None:
    if refused.example is None:  # nothing is probable
        return
    command, words = refused.example.split(" ", 1)
    assert command == "remind"
    try:
        understood(words)
    except Question as further:  # two roles and an unclear time are two questions, the roles first
        assert "one role at a time" in str(refused)
        assert "one role at a time" not in str(further)


@pytest.mark.parametrize(("words", "expected"), NAMED.items())
def test_options_by_name(words: str, expected: tuple[str, dict[str, object]]) -> None:
    """Options may be typed by their names, in any order, with the same meaning as in a slash command."""
    verb, options = expected
    assert parse(words) == parser.parse(Invocation.of(verb, **options), TOPIC, ANN)


def test_help() -> None:
    """*help* alone asks for help; with words after it, it is a reminder."""
    assert TOPIC.read("help").wants_help
    assert not TOPIC.read("help mum tomorrow 9am").wants_help


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("20m stretch", "set when: 20m what: stretch"),
        ("tomorrow 9am", "set when: tomorrow 9am"),
        ("when: 20m every: day", "set when: 20m every: day"),
        ("me every day 9am pills", "set every: day 9am what: pills where: direct message"),
        ("edit #12 tomorrow 9am", "edit reminder: #12 when: tomorrow 9am"),
        ("edit #12 when: 20m", "edit reminder: #12 when: 20m"),
        ("cancel #12", "cancel reminder: #12"),
        ("snooze #12 1h", "snooze reminder: #12 when: 1h"),
        ("list", "list"),
    ],
)
def test_as_a_slash_command(words: str, fields: str) -> None:
    """An example is spelled with the fields of a slash command for those who use that."""
    assert TOPIC.spell(words) == f"remind {fields}"
