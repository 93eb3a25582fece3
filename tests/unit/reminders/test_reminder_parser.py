from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.reminders.commands import TOPIC
from bot.domain.errors import BadMoment, BadText, NotYours, UserError
from bot.domain.invocation import Invocation
from bot.domain.reminders import parser
from bot.domain.reminders.command import Act, Command, Edit, ListPage, Set, Verb, Zone
from bot.domain.time import schedule

ANN = 7
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
CANCEL, PAUSE, RESUME = Verb.CANCEL, Verb.PAUSE, Verb.RESUME

ONCE = {
    "20m stretch": Set("20m", "stretch"),
    "20m": Set("20m", ""),
    "20m: stretch": Set("20m", "stretch"),
    "20m - stretch": Set("20m", "stretch"),
    "in 2 hours call mum": Set("in 2 hours", "call mum"),
    "call mum tomorrow at 9am": Set("tomorrow at 9am", "call mum"),
    "to stretch in 20m": Set("in 20m", "stretch"),
    "at 17:30 leave": Set("at 17:30", "leave"),
    "set 20m tea": Set("20m", "tea"),
    "set\n20m tea": Set("20m", "tea"),
    # what says too little is given on, for others to say what
    "10 eggs": Set("10", "eggs"),
    "next week call mum": Set("next week", "call mum"),
    # quotes
    '"tomorrow 9am" 20m': Set("20m", "tomorrow 9am"),
    '20m "in 5 minutes"': Set("20m", "in 5 minutes"),
    "20m “quoted words”": Set("20m", "quoted words"),
    "“tomorrow 9am” 20m": Set("20m", "tomorrow 9am"),
    '"every day" 20m': Set("20m", "every day"),
    '20m "every day"': Set("20m", "every day"),
    '20m tell them "every day counts"': Set("20m", 'tell them "every day counts"'),
    # several lines
    "20m\nstretch\nand breathe": Set("20m", "stretch\nand breathe"),
    "tomorrow 9am\n\nagenda:\n- one\n- two": Set("tomorrow 9am", "agenda:\n- one\n- two"),
    "tea\n20m": Set("20m", "tea"),
    "20m line one every day\nline two": Set("20m", "line one every day\nline two"),
    # by fields
    "when: 20m what: tea": Set("20m", "tea"),
    "what: tea when: 20m": Set("20m", "tea"),
    "When: 20m": Set("20m", ""),
    "when: 20m\nwhat: a\nb\nevery: 2h": Set("20m", "a\nb", "2h"),
    "when: tomorrow 9:00 what: stand-up every: weekday": Set("tomorrow 9:00", "stand-up", "weekday"),
    "every: day what: pills": Set("", "pills", "day"),
    "what: tea": Set("", "tea"),
    "20m say when: now": Set("20m", "say when: now"),
}
REPEATED = {
    # the rule in front
    "every day 9am pills": Set("9am", "pills", "day"),
    "every day, 9am, pills": Set("9am", "pills", "day"),
    "every weekday at 9:00 stand-up": Set("at 9:00", "stand-up", "weekday"),
    "every mon, wed and fri at 9:00 gym": Set("at 9:00", "gym", "mon, wed and fri"),
    "every 2 weeks on mon and thu 10:00 water": Set("10:00", "water", "2 weeks on mon and thu"),
    "every month on the 31st rent": Set("", "rent", "month on the 31st"),
    "every last day of the month rent": Set("", "rent", "last day of the month"),
    "every year on 24 Dec gifts": Set("on 24 Dec", "gifts", "year"),
    "every 90 minutes stretch": Set("", "stretch", "90 minutes"),
    "every other day water plants": Set("", "water plants", "other day"),
    "every day 10 push-ups": Set("", "10 push-ups", "day"),
    "each friday 14:00 retro": Set("14:00", "retro", "friday"),
    "daily 9am pills": Set("9am", "pills", "daily"),
    "hourly drink water": Set("", "drink water", "hourly"),
    "every friday": Set("", "", "friday"),
    "every friday 9am": Set("9am", "", "friday"),
    "every day 9am\npills\nwater": Set("9am", "pills\nwater", "day"),
    # wrong, and so for others to refuse
    "every minute blink": Set("", "blink", "minute"),
    # behind
    "9am pills every day": Set("9am", "pills", "day"),
    "stand-up every weekday": Set("", "stand-up", "weekday"),
    "24 Dec gifts every year": Set("24 Dec", "gifts", "year"),
    "gym at 9:00 every mon, wed and fri": Set("at 9:00", "gym", "mon, wed and fri"),
    "20m\nevery day": Set("20m", "", "day"),
    # between
    "tomorrow 9am every weekday stand-up": Set("tomorrow 9am", "stand-up", "weekday"),
    "9am daily stand-up": Set("9am", "stand-up", "daily"),
    "1h every 2h drink": Set("1h", "drink", "2h"),
    "pills every day at 9am": Set("at 9am", "pills", "day"),
    "gym every mon, wed and fri at 9:00": Set("at 9:00", "gym", "mon, wed and fri"),
    "pills\nwater\nevery day 9am": Set("9am", "pills\nwater", "day"),
    # once after all
    "20m tea every never": Set("20m", "tea", "never"),
    # with its end beside it
    "every hour until 18:00 stretch": Set("", "stretch", "hour until 18:00"),
    "every day twice 9am pills": Set("9am", "pills", "day twice"),
    "9am pills daily until 24 Dec": Set("9am", "pills", "daily until 24 Dec"),
    "9am every day until 24 Dec pills": Set("9am", "pills", "day until 24 Dec"),
    # with its end at the end
    "every monday 9am review until 24 Dec": Set("9am", "review", "monday until 24 Dec"),
    "every monday 9am review for 5 times": Set("9am", "review", "monday for 5 times"),
    "each friday 14:00 retro, 4 times": Set("14:00", "retro", "friday 4 times"),
    "every 2h drink, until 18:00": Set("", "drink", "2h until 18:00"),
    "every day 9am pills\nuntil 24 Dec": Set("9am", "pills", "day until 24 Dec"),
    # with its end in front, or behind the time
    "pills for 5 times every day 9am": Set("9am", "pills", "day for 5 times"),
    "wait until friday, every day 9am": Set("9am", "wait", "day until friday"),
    "every day 9am for 10 times pills": Set("9am", "pills", "day for 10 times"),
    "every weekday at 9:00 until 24 Dec stand-up": Set("at 9:00", "stand-up", "weekday until 24 Dec"),
    "every weekday at 9:00, until 24 Dec 18:00: stand-up": Set("at 9:00", "stand-up", "weekday until 24 Dec 18:00"),
    # what only looks like one
    "tomorrow 9am every time": Set("tomorrow 9am", "every time"),
    "tomorrow 9am: every vote counts": Set("tomorrow 9am", "every vote counts"),
    "20m watch every day of the week": Set("20m", "watch every day of the week"),
    "9am pills for 5 times": Set("9am", "pills for 5 times"),
    "every day 9am wait until everybody is there": Set("9am", "wait until everybody is there", "day"),
    "every day 9am until done work": Set("9am", "until done work", "day"),
}
WHOM = {
    "me 20m stretch": Set("20m", "stretch", direct=True),
    "Me\n20m stretch": Set("20m", "stretch", direct=True),
    "me when: 20m what: tea": Set("20m", "tea", direct=True),
    "me when: 20m what: see where: there": Set("20m", "see where: there", direct=True),
    "me me 20m tea": Set("20m", "me tea", direct=True),
    "<@&5> 20m meeting": Set("20m", "meeting", calls="<@&5>"),
    "@everyone 20m meeting": Set("20m", "meeting", calls="@everyone"),
    "@here tomorrow 9am stand-up every weekday": Set("tomorrow 9am", "stand-up", "weekday", calls="@here"),
    "<#40> 20m look": Set("20m", "look", channel_id=40),
    "<@&5> <#40> 20m look": Set("20m", "look", calls="<@&5>", channel_id=40),
    "<#40> <@&5> when: 20m": Set("20m", "", calls="<@&5>", channel_id=40),
    "<#40> who: <@&5> when: 20m": Set("20m", "", calls="<@&5>", channel_id=40),
    "<@7> 20m stretch": Set("20m", "stretch"),
    "<@!7> 20m stretch": Set("20m", "stretch"),
    "20m ask <@8> and <@&5>": Set("20m", "ask <@8> and <@&5>"),
}
VERB = {
    "help mum tomorrow 9am": Set("tomorrow 9am", "help mum"),
    "list": ListPage(),
    "LIST": ListPage(),
    "list 2": ListPage(2),
    "list page 3": ListPage(3),
    "list groceries 20m": Set("20m", "list groceries"),
    "timezone": Zone(),
    "timezone new york": Zone("new york"),
    "cancel": Act(CANCEL, None),
    "cancel #12": Act(CANCEL, "#12"),
    "Cancel 12": Act(CANCEL, "12"),
    "cancel the daily stand-up": Act(CANCEL, "the daily stand-up"),
    'cancel "netflix tomorrow 9am"': Act(CANCEL, "netflix tomorrow 9am"),
    "cancel netflix tomorrow 9am": Set("tomorrow 9am", "cancel netflix"),
    "cancel netflix every month": Set("", "cancel netflix", "month"),
    "set cancel netflix 20m": Set("20m", "cancel netflix"),
    "pause stretch": Act(PAUSE, "stretch"),
    "pause the music in 20m": Set("in 20m", "pause the music"),
    "resume": Act(RESUME, None),
    "resume the download in 2h": Set("in 2h", "resume the download"),
    "edit #12 tomorrow 9am": Edit("#12", "tomorrow 9am"),
    "edit 12 tomorrow 9am stand-up": Edit("12", "tomorrow 9am", "stand-up"),
    "edit #12 every weekday": Edit("#12", every="weekday"),
    "edit #12 every never": Edit("#12", every="never"),
    "edit #12 9am every day until 24 Dec": Edit("#12", "9am", every="day until 24 Dec"),
    "edit #12 9am every day pills": Edit("#12", "9am", "pills", "day"),
    "edit #12 what: stand-up": Edit("#12", what="stand-up"),
    "edit #12 when: 20m what: tea every: never": Edit("#12", "20m", "tea", "never"),
    "edit #12 every: 2h what: my reminder: tea": Edit("#12", what="my reminder: tea", every="2h"),
    "edit #12 buy milk": Edit("#12", what="buy milk"),
    'edit #12 "tomorrow 9am"': Edit("#12", what="tomorrow 9am"),
    'edit #12 20m "every day"': Edit("#12", "20m", "every day"),
    "edit #12 10 push-ups": Edit("#12", what="10 push-ups"),
    "edit #12 next week": Edit("#12", "next week"),
    "edit the draft tomorrow 9am": Set("tomorrow 9am", "edit the draft"),
}
MEANT = ONCE | REPEATED | WHOM | VERB
# By the names of options: what is typed, and the same in a slash command.
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
    "": BadMoment,
    "stretch": BadMoment,
    "soon stretch": BadMoment,
    "every": BadMoment,
    "every time we meet": BadMoment,
    "help mum": BadMoment,
    "list groceries": BadMoment,
    "set": BadMoment,
    "set cancel tea": BadMoment,
    "me": BadMoment,
    "<@&5>": BadMoment,
    "<@&5> stretch": BadMoment,
    "<@&5> <@&6> 20m stretch": BadMoment,
    "@role 20m stretch": BadMoment,
    "<@8> 20m stretch": NotYours,
    "me <@!8> 20m stretch": NotYours,
    "help what: tea": BadMoment,
    "when: 20m where: there": UserError,
    "when: 20m who: me": UserError,
    "when: 20m who: <@8>": NotYours,
    "when: 20m channel: <@8>": UserError,
    "list page: last": UserError,
    "edit": BadText,
    "edit when: 20m": BadText,
    "edit tea": BadText,
    "edit #12": BadText,
}
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


def test_the_table_is_long_enough() -> None:
    """At least eighty typed requests are held to what they mean, one at least for each verb."""
    assert len(MEANT) >= 80
    assert {text.split()[0].casefold() for text in [*VERB, *ONCE] if text} >= TOPIC.verbs.keys()


@pytest.mark.parametrize(("text", "meant"), MEANT.items())
def test_means(text: str, meant: Command) -> None:
    """What somebody types is just that request, with blanks around it too."""
    assert parse(text) == meant
    assert parse(f"  {text}\n") == meant


@pytest.mark.parametrize(("text", "kind"), REFUSED.items())
def test_refuses(text: str, kind: type[UserError]) -> None:
    """What cannot be meant is refused, and the example that is shown is right."""
    with pytest.raises(kind) as refused:
        parse(text)
    assert_right(refused.value)


@given(TYPED)
@example("every " * 300)
@example("each every " * 180)
@example("a every 5 b " * 160)
def test_never_fails(text: str) -> None:
    """Whatever is typed is a request, or refused in one short sentence with an example that is right."""
    try:
        request = parse(text)
    except UserError as refused:
        assert len(str(refused)) < 200
        assert_right(refused)
        return
    if isinstance(request, Set):
        assert request.when or request.every or ":" in text
        try:
            schedule.read(request.when, request.every, NOON, ZoneInfo("Europe/Berlin"))
        except UserError as refused:
            assert len(str(refused)) < 250
            assert_right(refused)


@given(TYPED)
def test_nothing_is_made_up(text: str) -> None:
    """Each word of a request was typed."""
    try:
        request = parse(text)
    except UserError:
        return
    if isinstance(request, Set):
        said = f"{request.when} {request.what} {request.every} {request.calls}"
        assert all(word in text for word in said.split())


def assert_right(refused: UserError) -> None:
    assert refused.example
    command, words = refused.example.split(" ", 1)
    assert command == "remind"
    request = parse(words)
    if isinstance(request, Set):
        assert schedule.read(request.when, request.every, NOON, ZoneInfo("UTC")).first_at > NOON


@pytest.mark.parametrize(("words", "asked"), NAMED.items())
def test_options_by_name(words: str, asked: tuple[str, dict[str, object]]) -> None:
    """Options may be typed by their names, in any order, and mean what they mean in a slash command."""
    verb, options = asked
    assert parse(words) == parser.parse(Invocation.of(verb, **options), TOPIC, ANN)


def test_help() -> None:
    """Help alone is asked for; with words behind it, it is a reminder."""
    assert TOPIC.read("help").wants_help
    assert not TOPIC.read("help mum tomorrow 9am").wants_help


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("20m stretch", "set when: 20m what: stretch"),
        ("tomorrow 9am", "set when: tomorrow 9am"),
        ("when: 20m every: day", "set when: 20m every: day"),
        ("me every day 9am pills", "set when: 9am what: pills every: day where: direct message"),
        ("edit #12 tomorrow 9am", "edit reminder: #12 when: tomorrow 9am"),
        ("edit #12 when: 20m", "edit reminder: #12 when: 20m"),
        ("cancel #12", "cancel #12"),
        ("list", "list"),
    ],
)
def test_as_a_slash_command(words: str, fields: str) -> None:
    """An example is spelt with the fields of a slash command for those who use that."""
    assert TOPIC.spell(words) == f"remind {fields}"
