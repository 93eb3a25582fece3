"""What people ask of sessions in their own words, and what the bot asks back."""

from datetime import timedelta

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.reading import Message, as_shown, buttons, says, shows


async def test_lengths_with_a_task(discord: LocalDiscord, bot: Running) -> None:
    """Two numbers are rounds, and the words after *on* are the host's task; joining again sets another."""
    card = await bot.answer("!focus 50/10 on the thesis", "1 of 4", "the thesis")
    assert "Join" in buttons(card)
    await bot.answer("!focus join chapter 2", "Got it: chapter 2")
    await discord.wait_for(shows(card, "chapter 2"), channel=discord.channel("general"))
    await bot.answer("!focus join", "You're already in.")
    await bot.answer("!focus join reading", "You're in!", person="ben")


async def here_by_utc(discord: LocalDiscord, bot: Running) -> None:
    """Set Ann's zone to UTC, like the tests' clock."""
    await discord.person("ann").say(discord.channel("general"), "!remind timezone UTC")
    await discord.wait_for(says("Your time zone is UTC"), channel=discord.channel("general"))
    bot.advance(2)


async def test_a_time_in_an_unknown_zone(discord: LocalDiscord, bot: Running) -> None:
    """A person without a time zone is asked before a time is taken as UTC, and can set their zone."""
    soon = bot.clock.now() + timedelta(hours=2)
    for typed in (f"deep at {soon:%H:%M}", f"rounds until {soon:%H:%M}"):
        question = await bot.answer(
            f"!focus {typed}", "I don't know your time zone", f"is {soon:%H:%M} in UTC, too?"
        )
        ann, general = discord.person("ann"), discord.channel("general")
        await ann.click(question, "Set my time zone")
        await discord.wait_for(says("zone: Europe/Berlin"), reader=ann, channel=general, after=question)
        bot.advance(2)
    card = await press(discord, bot, question, buttons(question)[0])
    assert "1 of 4" in text_of(card)


async def test_a_plan_beside_a_task(discord: LocalDiscord, bot: Running) -> None:
    """An incomplete plan is asked about with the person's own words corrected, not with an unrelated example."""
    for typed, first in (
        ("math 50/10", "50/10 on math"),
        ("3x(25m, 5m break", "3x(25m, 5m break)"),
        ("on math for an hour", "The task is “math for an hour”"),
        ("notify loudly", "Mention me"),
    ):
        question = await bot.answer(f"!focus {typed}", "missing" if "(" in typed else "“")
        assert buttons(question)[0] == first
        assert "Try `" not in text_of(question)
    question = await bot.answer("!focus math 50/10 warn", "“math 50/10”")
    card = text_of(await press(discord, bot, question, "50/10 on math"))
    assert "1 of 4" in card
    assert "math" in card


async def press(discord: LocalDiscord, bot: Running, question: Message, label: str, person: str = "ann") -> Message:
    """Press a choice, and return the question as it looks then."""
    await discord.person(person).click(question, label)
    bot.advance(2)
    return as_shown(discord, question)


async def test_no_session_to_join(discord: LocalDiscord, bot: Running) -> None:
    """Where there is no session to join, one press starts one, with the task that came with the request."""
    for typed in ("stop", "status", "task drafts", "join write tests"):
        question = await bot.answer(f"!focus {typed}", "There's no session running here.")
        assert buttons(question) == ["Start a session"]
    card = text_of(await press(discord, bot, question, "Start a session"))
    assert "Focus · 1 of 4" in card
    assert "write tests" in card


async def test_what_to_save(discord: LocalDiscord, bot: Running) -> None:
    """A name without a plan, or a taken name, is asked about with that name, not an unrelated example."""
    question = await bot.answer("!focus save mine", "Which plan should I save as “mine”?")
    assert buttons(question) == ["25/5", "50/10", "90/20"]
    assert "Saved as mine: " in text_of(await press(discord, bot, question, "50/10"))
    question = await bot.answer("!focus save ours lunch", "“lunch” needs a length")
    assert "Saved as ours: " in text_of(await press(discord, bot, question, "25/5"))
    question = await bot.answer("!focus save deep 25/5", "“deep” already means something here")
    assert "Saved as my-deep: " in text_of(await press(discord, bot, question, "my-deep"))
    for typed in ("edit", "save"):
        refused = text_of(await bot.answer(f"!focus {typed}", ""))
        assert "Try `" not in refused, typed


async def test_a_second_session_is_asked_about(discord: LocalDiscord, bot: Running) -> None:
    """While a session runs, another is not started: its plan may be meant for the running one."""
    await bot.answer("!focus classic", "1 of 4")
    question = await bot.answer("!focus 50/10", "already a session here", person="ben")
    assert buttons(question) == ["Join it"]
    assert "You're in!" in text_of(await press(discord, bot, question, "Join it", "ben"))
    question = await bot.answer("!focus 50/10", "already a session here, and you're in it")
    assert buttons(question) == ["Show it", "Change its plan"]
    assert "The plan is now" in text_of(await press(discord, bot, question, "Change its plan"))


async def test_rounds_until_a_time(discord: LocalDiscord, bot: Running) -> None:
    """Until a time of day there are as many rounds as fit."""
    await here_by_utc(discord, bot)
    end = bot.clock.now() + timedelta(hours=2)
    question = await bot.answer(f"!focus until {end:%H:%M}", "rounds of focus and breaks until then")
    card = await press(discord, bot, question, f"Rounds until {end:%H:%M}")
    assert "1 of 4" in text_of(card)  # 4 x 25 and 3 x 5 minutes


async def test_a_time_that_is_over(discord: LocalDiscord, bot: Running) -> None:
    """A time that has passed today is asked about, and begins tomorrow if that is chosen."""
    await here_by_utc(discord, bot)
    earlier = bot.clock.now() - timedelta(hours=1)
    question = await bot.answer(f"!focus deep at {earlier:%H:%M}", "already passed today")
    card = await press(discord, bot, question, buttons(question)[0])
    assert f"<t:{round(earlier.timestamp()) // 60 * 60 + 86400}:R>" in text_of(card)


async def test_an_unknown_plan(bot: Running) -> None:
    """An unknown plan name may be a slip, a verb or a task; a saved plan whose name looks like a verb starts."""
    for typed in ("clasic", "stauts", "math"):
        assert buttons(await bot.answer(f"!focus {typed}", "What did you mean?")), typed
    await bot.answer("!focus save clasic 25m, 5m break", "Saved as clasic")
    await bot.answer("!focus clasic", "clasic · 30 min")


async def test_missing_arguments(discord: LocalDiscord, bot: Running) -> None:
    """A verb without its argument asks for it: with buttons if there are choices, else with a form."""
    ann, ben, general = discord.person("ann"), discord.person("ben"), discord.channel("general")
    card = await bot.answer("!focus ", "1 of 4")
    await bot.answer("!focus host", "They'd have to join first")
    await bot.answer("!focus join", "You're in!", person="ben")
    question = await bot.answer("!focus task", "What are you working on?")
    outcome = await ann.click(question, "My task")
    assert outcome.modal
    await ann.submit(outcome.modal, {"task": "essay", "notify": ["ping"]})
    await discord.wait_for(shows(card, "essay"), channel=general)
    question = await bot.answer("!focus host Benny", "I don't know who “Benny” is")
    await ann.click(question, "Choose …")
    bot.advance(2)
    question = await discord.wait_for(says("Who should be the host?", f"<@{ben.id}>"), channel=general)
    assert buttons(question) == ["Number 1"]
    assert "host" in text_of((await ann.click(question, "Number 1")).answer)
    bot.advance(2)
    question = await bot.answer("!focus host", "Who should be the host?", f"<@{ann.id}>", person="ben")
    await bot.answer("!focus forget", "There are no saved plans.")
    question = await bot.answer("!focus save", "What should I call it?")
    assert buttons(question) == ["25/5", "50/10", "90/20"]
    await ann.click(question, "50/10")
    bot.advance(2)
    question = await bot.answer("!focus forget", "Which one?")
    assert buttons(question) == ["my-plan"]
    await ann.click(question, "my-plan")
    await discord.wait_for(lambda m: m["id"] == question["id"] and not buttons(m), channel=general)


async def test_a_task_that_is_longer_when_normalised(discord: LocalDiscord, bot: Running) -> None:
    """A task of letters that count double as stored is refused if it is too long, and its form opens again."""
    ann, letter = discord.person("ann"), "\N{DEVANAGARI LETTER QA}"
    card = await bot.answer("!focus ", "1 of 4")
    form = (await ann.click(card, "My task")).modal
    assert form
    refused = await ann.submit(form, {"task": 101 * letter, "notify": ["ping"]})
    assert "keep it to 200" in text_of(refused.answer)
    bot.advance(2)
    await ann.submit(form, {"task": 100 * letter, "notify": ["ping"]})
    bot.advance(2)
    assert (await ann.click(card, "My task")).modal
