"""How a session looks, from values alone: no socket is needed to see what Discord would be sent."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from discord import ui

from bot.chat import text as chat_text
from bot.chat.components.button import Button
from bot.chat.focus import answer_text, cards, direct_text, text
from bot.domain.focus import command, plan as plans
from bot.domain.focus.ending import Ending
from bot.domain.focus.participant import Effort, Notification, PhaseOutcome
from bot.domain.focus.plan import Plan
from bot.domain.focus.session import Session
from bot.domain.stats.log import efforts
from bot.domain.timers.timer import Actor, Purpose, State, Timer
from bot.localdiscord.components import ComponentReader
from bot.localdiscord.errors import Form

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
M, S = timedelta(minutes=1), timedelta(seconds=1)
ANN, BEN, MIA = 7, 8, 9
HOST = Actor(ANN, 3, 30)
# Ids as long as Discord's, to test the limits.
FIRST = 1_191_170_000_000_000_000
NASTY = "*_`~|<>[]@\\" * 18


def opened(plan: Plan | None = None, *people: int, task: str | None = None) -> Session:
    """Open the doors of a session until noon."""
    timer = Timer(
        id=12, version=1, state=State.RUNNING, owner_id=ANN, guild_id=3, channel_id=30, name="classic",
        length=25 * M, started_at=NOON - 10 * M, due_at=NOON, purpose=Purpose.SESSION,
    )  # fmt: skip
    session = Session(timer, plan or plans.standard(), began_at=NOON - 10 * M)
    for user_id in people or (ANN, BEN):
        session = session.join(user_id, NOON - 10 * M, task)
    return session


def after(minutes: float, session: Session | None = None) -> Session:
    """Let that many minutes pass from noon on."""
    return (session or opened()).tick(NOON + minutes * M)


def text_of_view(view: ui.LayoutView) -> str:
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))


def buttons(view: ui.LayoutView) -> list[list[str]]:
    """Return the labels of the buttons, row by row."""
    rows = [item for item in view.walk_children() if isinstance(item, ui.ActionRow)]
    return [[button["label"] for button in row.to_component_dict()["components"]] for row in rows]


def custom_ids(view: ui.LayoutView) -> list[str]:
    return [item.custom_id for item in view.walk_children() if isinstance(item, Button)]


def must_fit(view: ui.LayoutView) -> None:
    """Raise Discord's error for more than 40 components, over 4,000 characters, or a repeated custom id."""
    form = Form()
    raw = view.to_components()  # type: ignore[no-untyped-call]
    ComponentReader(form, lambda _path, _url: {}).message(raw, v2=True)
    form.raise_if_any()


def crowd(people: int, rounds: int = 50) -> Session:
    plan = plans.parse(f"{rounds}x(3m {NASTY[:38]}, 2m break)" if rounds > 1 else "3m")
    session = opened(plan, ANN, *(FIRST + number for number in range(people - 1)), task=NASTY)
    return replace(session, timer=replace(session.timer, name="<" * 80), voice_id=FIRST)


PEOPLE = ["Join", "My task", "⋯"]
REVIEWS = ["done", "partly", "not_yet"]
REVIEW = ["Done", "Partly", "Not yet"]


@pytest.mark.parametrize(
    ("session", "title", "status", "first_rows"),
    [
        (opened(), "🚪 Starting soon – come on in", "Starts <t:1772366400:R> · <t:1772366400:t> with Focus 1 of 4",
         [PEOPLE]),
        (after(0), "🍅 Focus · 1 of 4", "Ends <t:1772367900:R> · <t:1772367900:t>",
         [PEOPLE]),
        (after(26), "☕️ Short break", "Ends <t:1772368200:R> · <t:1772368200:t>",
         [REVIEW, PEOPLE]),
        (after(116), "🌴 Long break", "Ends <t:1772374200:R> · <t:1772374200:t>",
         [REVIEW, PEOPLE]),
        (after(5).pause(HOST, NOON + 5 * M), "⏸️ Focus · 1 of 4", "Paused with 20 min left",
         [["Resume", *PEOPLE]]),
        (replace(after(0), auto=False).tick(NOON + 25 * M), "✋ Up next: Short break",
         "5 min, once somebody presses **Start break**",
         [REVIEW, ["Start break", *PEOPLE]]),
        (replace(after(26), auto=False).tick(NOON + 30 * M), "✋ Up next: Focus · 2 of 4",
         "25 min, once somebody presses **Start focus**",
         [["Start focus", *PEOPLE]]),
    ],
)  # fmt: skip
def test_live_card(session: Session, title: str, status: str, first_rows: list[list[str]]) -> None:
    """The card shows the current phase, its end, and the actions available just then."""
    view = cards.live(session, efforts(session.done))
    assert text_of_view(view).startswith(f"### {title}\n{status}\n")
    assert buttons(view) == first_rows
    must_fit(view)


def test_answers_to_what_ends_a_session() -> None:
    """Skipping the last phase is answered by the end of the session, not by the time left."""
    session = after(0, opened(plans.parse("25m"))).skip(HOST, NOON + M)
    assert answer_text.done(command.FocusVerb.SKIP, session, "!") == "🎉 All done – nice work!"
    assert answer_text.done(command.FocusVerb.LEAVE, session, "!") == "You've left. Your time so far still counts."


def test_buttons_know_where_they_stand() -> None:
    """A button carries its session and stage; review buttons carry the focus phase before."""
    session = after(26)
    ids = custom_ids(cards.live(session, efforts(session.done)))
    assert {custom_id.split(":")[2] for custom_id in ids} == {"12"}
    assert [custom_id for custom_id in ids if custom_id.endswith(":0")] == [f"focus:{how}:12:0" for how in REVIEWS]
    assert len([custom_id for custom_id in ids if custom_id.endswith(":1")]) == 3
    assert "focus:join:12:-1" in custom_ids(cards.live(opened()))


@pytest.mark.parametrize(
    ("minutes", "marks", "coming"),
    [
        (-5, "🌱 · 🌱 · 🌱 · 🌱 ·", "Next: Focus 1 of 4, 25 min"),
        (1, "🌼 · 🌱 · 🌱 · 🌱 ·", "Next: Short break, 5 min"),
        (26, "🍅 ☕️ 🌱 · 🌱 · 🌱 ·", "Next: Focus 2 of 4, 25 min"),
        (31, "🍅 · 🌼 · 🌱 · 🌱 ·", "Next: Short break, 5 min"),
        (116, "🍅 · 🍅 · 🍅 · 🍅 🌴", "Last phase"),
    ],
)
def test_bar_and_what_comes(minutes: float, marks: str, coming: str) -> None:
    """The bar has a mark for each phase; below it are the next phase and its length."""
    view = cards.live(after(minutes))
    assert f"\n{marks}\n" in text_of_view(view)
    assert f"\n-# {coming}\n-# #12 · classic · 2 h 10 min in total" in text_of_view(view)


@pytest.mark.parametrize(("minutes", "over", "going"), [(-5, 0, 0), (1, 0, 1), (101, 8, 1), (248.5, 19, 1)])
def test_bar_of_a_long_plan(minutes: float, over: int, going: int) -> None:
    """The bar of a hundred phases has twenty marks, and the current one is always visible."""
    bar = text.bar(after(minutes, crowd(2)))
    assert (bar.count("🍅"), bar.count("🌼"), len(bar)) == (over, going, 20)


def test_people_on_the_card() -> None:
    """Each participant has a line with their task; the host and people resting are marked."""
    session = opened(None, ANN, BEN, MIA).leave(MIA, NOON).rest(BEN, NOON)
    session = session.change_person(ANN, lambda person: replace(person, task="the essay"))
    lines = text.people(session).splitlines()
    assert lines == ["<@7> 👑 · the essay", "<@8> ⏸️"]


@pytest.mark.usefixtures("pseudo")
def test_names_in_another_language() -> None:
    """Default names of phases and titles are in the bot's language; what people typed stays as typed."""
    plan = plans.parse("25m, 5m short break, 10m warm-up, 8m break, 15m long break, 9m Focus")
    session = opened(plan)
    assert [text.name(session, at).split(" ")[0] for at in range(6)] == [
        *("Ƒöćûš~", "Šĥöŕť", "Ŵàŕṁ-ûþ~", "Break", "Ĺöñĝ", "Focus"),
    ]
    assert "· classic ·" in text.about(session)
    unnamed = replace(session, timer=replace(session.timer, name=plans.UNNAMED))
    assert text.about(unnamed).startswith("#12 · 1 h 12 min ")


def test_called() -> None:
    """Only those who are present, not resting, and want to be mentioned are pinged."""
    session = opened(None, 1, 2, 3, 4, 5).leave(2, NOON).rest(3, NOON)
    session = session.change_person(4, lambda person: replace(person, notify=Notification.DM))
    session = session.change_person(5, lambda person: replace(person, notify=Notification.SILENT))
    assert text.called(session) == [1]


def test_what_people_type_is_harmless() -> None:
    """Tasks, titles and labels are shown as typed: never as a mention, link, heading or new line."""
    evil = "# @everyone <@99> [a](https://x.y)\n- **b**"
    session = opened(plans.parse("5m # *pages*, 2m break"), ANN, task=evil)
    session = after(1, replace(session, timer=replace(session.timer, name="# <@98>")))
    efforts = [Effort(ANN, 0, evil, M)]
    for view in (cards.live(session), cards.recap(session.stop(HOST, NOON + M), efforts)):
        text = text_of_view(view)
        assert not re.search(r"(?<!\\)(<@9|\*pages|@everyone|\[a)|https:/", text)
        begins = ("### ", "-# ", "<@7>", "Ends", "🌼", "1 person", "How did")
        assert all(line.startswith(begins) for line in text.split("\n"))
        assert "# @\u200beveryone" in text


@pytest.mark.parametrize("people", [1, 15, 16, 100])
@pytest.mark.parametrize("rounds", [1, 50])
@pytest.mark.parametrize("minutes", [-5, 1, 4])
def test_a_crowd_fits(people: int, rounds: int, minutes: float) -> None:
    """A hundred people with long tasks, a long title and a hundred phases fit into one message that names all."""
    session = after(minutes, crowd(people, rounds))
    if session.is_over:
        view = cards.recap(session, efforts(session.done), "-# ended 10 h 30 min ago, while I was offline")
    else:
        view = cards.live(
            replace(session, asked=True), efforts(session.done), "-# started 10 h 30 min ago, while I was offline"
        )
    must_fit(view)
    assert sorted(re.findall(r"<@(\d+)>", text_of_view(view))) == sorted(
        str(participant.user_id) for participant in session.present
    )
    lines = [line for line in text_of_view(view).split("\n") if line.startswith("<@")]
    assert len(lines) == min(people, 15)
    assert (f"-# and {people - 15} more <@" in text_of_view(view)) == (people > 15)


def test_a_coming_and_going_crowd_fits() -> None:
    """A recap has room for hundreds who came and went: they are counted, and only those still there are named."""
    session = after(1, crowd(100)).stop(HOST, NOON + M)
    gone = [Effort(FIRST + number, at, NASTY, M * 9) for number in range(500, 900) for at in (0, 2)]
    view = cards.recap(session, [*gone, *efforts(session.done)])
    must_fit(view)
    assert "-# and 485 more <@7>" in text_of_view(view)
    assert all(f"<@{user_id}>" in text_of_view(view) for user_id in text.called(session))


@pytest.mark.parametrize(
    ("ending", "title"),
    [
        (Ending.FINISHED, "🎉 All done – nice work!"),
        (Ending.STOPPED, "⏹️ Session stopped"),
        (Ending.EMPTY, "👋 Everyone's left"),
        (Ending.IDLE, "💤 Ended – nobody was around"),
    ],
)
def test_recap(ending: Ending, title: str) -> None:
    """The recap says how it ended, and for each how long, on what and how it went, the longest first."""
    session = replace(after(26).stop(HOST, NOON + 26 * M), ending=ending)
    efforts = [
        Effort(ANN, 0, "essay", 10 * M, PhaseOutcome.NOT_YET),
        Effort(BEN, 0, None, 25 * M),
        Effort(MIA, 0, None, 5 * M, PhaseOutcome.PARTLY),
        Effort(ANN, 2, "essay", 20 * M, PhaseOutcome.DONE),
        Effort(ANN, 4, "mail", 4 * M),
        Effort(ANN, 6, "essay", 30 * S),
    ]
    view = cards.recap(session, efforts)
    assert text_of_view(view).split("\n") == [
        f"### {title}",
        "3 people focused for **1 h 4 min** in total",
        "<@7> · **34 min 30 s** · ✓ essay, mail",
        "<@8> · **25 min**",
        "<@9> · **5 min** · ◐",
        "-# #12 · classic",
        "How did **Focus 3 of 4** go?",
    ]
    assert buttons(view) == [REVIEW]
    assert "focus:done:12:4" in custom_ids(view)


def test_seconds_are_not_asked_about() -> None:
    """A session stopped after seconds asks nobody how it went, unless its phase was no longer than that."""
    stopped = after(0).stop(HOST, NOON + 20 * S)
    assert buttons(cards.recap(stopped, efforts(stopped.done))) == []
    skipped = after(0).skip(HOST, NOON + 20 * S)
    assert buttons(cards.live(skipped, efforts(skipped.done))) == [PEOPLE]
    short = after(1, opened(plans.parse("20s, 20s break")))
    assert buttons(cards.recap(short, efforts(short.done))) == [REVIEW]


def test_reviews_on_the_card() -> None:
    """In a break the card shows how the phase before went for those who have said so."""
    rest = after(26)
    done = [replace(effort, outcome=PhaseOutcome.DONE) for effort in efforts(rest.done) if effort.user_id == BEN]
    assert text_of_view(cards.live(rest, done)).count("✓") == 1
    assert "<@8> ✓\n" in text_of_view(cards.live(rest, done))


def test_menu() -> None:
    """The menu offers what its reader may do just then: the host the clock, whoever is in to rest or leave."""
    session = after(5)
    own, clock = ["Pause just me", "Leave"], ["Pause", "Skip", "+5 min", "Stop"]
    assert buttons(cards.menu(session, HOST, "")) == [own, clock]
    assert buttons(cards.menu(session, Actor(BEN, 3, 30), "")) == [own]
    assert buttons(cards.menu(session, Actor(MIA, 3, 30, can_manage=True), "")) == [clock]
    assert buttons(cards.menu(session, Actor(MIA, 3, 30), "")) == []
    assert "Press Join" in answer_text.choices(session, Actor(MIA, 3, 30))
    assert buttons(cards.menu(opened(), HOST, ""))[1][1] == "Start now"
    assert buttons(cards.menu(after(200), HOST, "")) == []


def test_recap_of_nothing() -> None:
    """Where nobody has focused the recap says so, names who is there, and asks for no review."""
    view = cards.recap(opened().stop(HOST, NOON), [])
    assert "No focus time this session." in text_of_view(view)
    assert "<@7> · **0 s**\n<@8> · **0 s**" in text_of_view(view)
    assert buttons(view) == []


@pytest.mark.parametrize(("minutes", "ends_with"), [(26, "Focus 2 of 4"), (31, "Focus 2 of 4"), (116, None)])
def test_still_there(minutes: float, ends_with: str | None) -> None:
    """If nobody has done anything, the card asks, and names the phase that the session would end with."""
    view = cards.live(replace(after(minutes), asked=True))
    asks = f"**Still there?** If nobody answers, I'll end the session after {ends_with}."
    assert (asks in text_of_view(view)) == (["Still here"] in buttons(view)) == bool(ends_with)
    must_fit(view)


def late(session: Session, by: timedelta) -> str:
    return text.late(session, NOON + by, NOON + 7 * M)


def test_late() -> None:
    """A phase, or the end, that is announced late says how late, and why where the bot was away."""
    assert late(after(0), 9 * S) == ""
    assert late(after(0), 12 * M) == "-# started 12 min ago, while I was offline"
    assert late(after(25), 25 * M + 11 * S) == "-# started 11 s ago"
    waiting = replace(after(0), auto=False).tick(NOON + 25 * M)
    assert late(waiting, 27 * M) == "-# was ready 2 min ago"
    assert late(after(200), 140 * M) == "-# ended 10 min ago"
    text = text_of_view(cards.newest(after(0), [], "-# started 12 min ago"))
    assert "t>\n-# started 12 min ago\n" in text


def test_words_beside_the_card() -> None:
    """A warning, a direct message and the ends of earlier cards say in a line what is to be known."""
    session = after(0).rest(BEN, NOON)
    assert text.warning(session, NOON + 24 * M + 0.02 * S) == "1 minute left in Focus 1 of 4 <@7>"
    assert direct_text.direct(session) == "🍅 Focus · 1 of 4 · <#30>\nEnds <t:1772367900:R> · <t:1772367900:t>"
    over = after(200)
    assert direct_text.direct(over) == "🎉 All done – nice work! · <#30>"
    assert text.closed(session, "https://a.b") == "-# Phase over – [carry on here](https://a.b)"
    assert text.closed(over, "https://a.b") == "-# Session over – [see how it went](https://a.b)"
    assert text.closed(over, None) == "-# This has ended."
    assert (text.gone(session, 1), text.gone(over, 2)) == ("-# Short break is over.", "-# Focus 2 of 4 is over.")
    assert (text.gone(session, 9), text.gone(session, -1)) == ("-# That's over.", "-# That's over.")


@pytest.mark.parametrize("most", [2, 3, 7, 50])
def test_shortened(most: int) -> None:
    """What is too long is cut between characters, never within an escape, and says that it was."""
    cut = chat_text.shortened(NASTY, most)
    assert len(cut) <= most
    assert re.fullmatch(r"(\\.|[^\\])*…", cut)
    assert chat_text.shortened("short", 5) == "short"
