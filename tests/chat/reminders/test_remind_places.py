"""Where reminders are posted and whom they ping: late, in deleted channels, and for others."""

import json
from datetime import timedelta

import pytest

from bot.localdiscord import permissions
from bot.localdiscord.events import Event
from bot.localdiscord.guild import Role
from bot.localdiscord.local import text_of
from bot.settings import Settings
from tests.chat.reminding import ALL, Reminding, at, menus
from tests.reading import buttons, eventually, says

DAY = 86_400
H = timedelta(hours=1)
SENDS = "/channels/{channel_id}/messages"


async def test_days_missed(remind: Reminding) -> None:
    """After a crash and two missed days, one late message gives their number; the next comes on time."""
    await remind.type("timezone Europe/Berlin")
    await remind.type("every day 14:00 water the plants")
    await remind.bot.crash()
    remind.bot.advance(3 * DAY)  # 13:00 in Berlin, three days later: three times of 14:00 went by
    await remind.bot.start()
    late = await remind.come("water the plants")
    assert (
        f"-# was due <t:{at(H)[3:13]}:F>, 2 d 23 h ago, while I was offline · missed 2 more times since"
        in text_of(late)
    )
    assert f"-# #1 · every day · next <t:{at(timedelta(days=3) + H)[3:13]}:R>" in text_of(late)
    assert remind.discord.pinged(late) == [remind.ann.id]
    await remind.bot.stop()
    await remind.bot.start()
    remind.bot.advance(3599)
    assert len(remind.due()) == 1
    remind.bot.advance(1)
    on_time = await remind.come("water the plants", after=late)
    assert text_of(on_time).splitlines()[1].startswith("-# #1 · every day · next")
    assert len(remind.due()) == 2


async def test_minutes_missed(remind: Reminding) -> None:
    """A reminder every few minutes keeps its minutes over a crash, and counts those it missed."""
    await remind.type("every 10 minutes tea for 30 times")
    await remind.bot.crash()
    remind.bot.advance(45 * 60)
    await remind.bot.start()
    late = text_of(await remind.come("tea"))
    assert "35 min ago, while I was offline · missed 3 more times since" in late
    remind.bot.advance(299)
    assert len(remind.due()) == 1
    remind.bot.advance(1)
    await remind.discord.wait_until(lambda: len(remind.due()) == 2)
    assert remind.rows("SELECT fired FROM reminders WHERE timer_id = 1") == [(5,)]


async def test_ends(remind: Reminding) -> None:
    """A repetition ends with its date or after its count, which includes missed times."""
    await remind.type("every hour tea for 3 times")
    await remind.type("every day 14:00 milk until 3 March")
    await remind.bot.crash()
    remind.bot.advance(3600 * 2 + 60)
    await remind.bot.start()
    assert "missed 1 more time since" in text_of(await remind.come("tea"))
    remind.bot.advance(3540)
    last = await remind.come("tea", after=remind.due()[-1])
    assert "every hour" not in text_of(last)
    for _ in range(2):
        before = len(remind.due())
        remind.bot.advance(DAY)
        await remind.discord.wait_until(lambda: len(remind.due()) > before)  # noqa: B023 - done at once
    assert remind.pending == 0
    remind.bot.advance(2 * DAY)
    await remind.type("list")
    assert sum("milk" in text_of(message) for message in remind.due()) == 3


async def test_direct_messages_refused(remind: Reminding) -> None:
    """A refused direct message is reported once where it was set, kept with the reason, and can be resumed."""
    remind.discord.block_dm(remind.ann)
    await remind.type("me every hour a secret")
    remind.bot.advance(3600)
    message = await remind.discord.wait_for(says("I've got a reminder for you"), channel=remind.general)
    assert "I can't DM you. `/remind list` shows it just to you" in text_of(message)
    assert remind.discord.pinged(message) == [remind.ann.id]
    assert "secret" not in text_of(message)
    remind.bot.advance(3 * 3600)
    await remind.bot.stop()
    await remind.bot.start()
    listed = text_of(await remind.slash("list"))
    assert "`#1` a secret · paused" in listed
    assert "-# I couldn't deliver #2 a secret: I can't DM you (50007)." in listed
    assert "secret" not in text_of(await remind.type("list"))
    remind.discord.block_dm(remind.ann, blocked=False)
    assert at(5 * H) in text_of(await remind.slash("resume"))
    remind.bot.advance(3600)
    assert "a secret" in text_of(await remind.come("a secret", await remind.ann.dm()))
    notices = [
        message for message in remind.discord.messages(remind.general) if "I've got a reminder" in text_of(message)
    ]
    assert len(notices) == 1
    assert len([exchange for exchange in remind.discord.exchanges if exchange.status == 403]) == 1


async def test_refused_where_it_was_asked_directly(remind: Reminding) -> None:
    """A direct reminder that is now refused is not retried over and over."""
    dm = await remind.ann.dm()
    await remind.type("every hour tea", place=dm)
    remind.discord.block_dm(remind.ann)
    remind.bot.advance(3600)
    await eventually(lambda: ("undeliverable",) in remind.rows("SELECT state FROM outbox"))
    remind.bot.advance(5 * 3600)
    listed = text_of(await remind.slash("list"))
    assert "`#1` tea · paused" in listed
    assert "I couldn't deliver #2 tea: I can't DM you (50007)" in listed
    assert len([exchange for exchange in remind.discord.exchanges if exchange.status == 403]) == 1


@pytest.mark.parametrize("how", ["deleted", "denied"])
async def test_a_channel_that_is_gone(remind: Reminding, how: str) -> None:
    """If the channel is gone or closed to the bot, the owner gets a direct message that names it."""
    await remind.type("1h tea", place=remind.focus)
    if how == "deleted":
        remind.discord.delete_channel(remind.focus)
    else:
        remind.discord.deny(remind.focus, "SEND_MESSAGES")
    remind.bot.advance(3600)
    message = await remind.come("tea", await remind.ann.dm())
    where = "a channel that's gone" if how == "deleted" else f"<#{remind.focus.id}>"
    assert text_of(message) == f"⏰ {remind.ann.mention} tea\n-# I couldn't post this in {where}."
    assert buttons(message) == ALL
    assert "Snoozed until" in text_of(await remind.press(message, "Snooze 10 min"))
    remind.bot.advance(600)
    await remind.come("tea", await remind.ann.dm(), after=message)


async def test_the_bot_may_not_write_there(remind: Reminding) -> None:
    """If the bot may not write, a request is refused at once, unless it is for a direct message."""
    remind.discord.deny(remind.focus, "SEND_MESSAGES")
    refused = await remind.slash("set", place=remind.focus, when="1h", what="tea")
    assert text_of(refused) == "I can't post in this channel, but I can remind you by DM."
    assert "I'll DM you" in text_of(await remind.press(refused, "Remind me by DM"))
    assert remind.pending == 1
    remind.bot.advance(3600)
    await remind.come("tea", await remind.ann.dm())


def role_of(remind: Reminding, name: str, *, mentionable: bool = False) -> str:
    """Create a role that Ben has, and return its id."""
    role = Role(str(remind.discord.world.snowflakes.next()), name, permissions.bits([]), 3, mentionable=mentionable)
    remind.discord.guild.roles[role.id] = role
    remind.discord.guild.members[remind.ben.id].roles.append(role.id)
    return role.id


async def test_moderators_remind_others(remind: Reminding) -> None:
    """A moderator reminds a role, everyone here, and another channel; each message pings only those it names."""
    await remind.bot.stop()
    team = role_of(remind, "Team", mentionable=True)
    await remind.bot.start()
    answer = await remind.type(f"<@&{team}> 1h stand-up", remind.mia)
    assert f"I'll remind <@&{team}> in <#{remind.general.id}>" in text_of(answer)
    assert not (remind.discord.pinged(answer) or answer["mention_roles"])
    remind.discord.allow(remind.general, "MENTION_EVERYONE")
    answer = await remind.type("@here 2h lunch", remind.mia)
    assert (answer["mention_everyone"], remind.discord.pinged(answer)) == (False, [])
    await remind.slash("set", remind.mia, when="3h", what="all of you", channel=remind.focus.id)
    await remind.slash("set", remind.mia, when="4h", what="by slash", who=team)
    remind.bot.advance(3600)
    due = await remind.come("stand-up")
    assert (due["mention_roles"], due["mentions"], due["mention_everyone"]) == ([team], [], False)
    assert remind.discord.pinged(due) == [remind.ben.id]
    remind.bot.advance(3600)
    due = await remind.come("lunch")
    assert (due["mention_roles"], due["mentions"], due["mention_everyone"]) == ([], [], True)
    remind.bot.advance(3600)
    due = await remind.come("all of you", remind.focus)
    assert text_of(due) == "📣 all of you"
    assert remind.discord.pinged(due) == []
    remind.bot.advance(3600)
    assert (await remind.come("by slash"))["mention_roles"] == [team]


async def test_a_roles_reminder_snoozed(remind: Reminding) -> None:
    """Snoozing a role's reminder brings it once more to that person alone; only its owner can mark it done."""
    await remind.bot.stop()
    team = role_of(remind, "Team", mentionable=True)
    await remind.bot.start()
    await remind.type(f"<@&{team}> 1h stand-up every day", remind.mia)
    remind.bot.advance(3600)
    due = await remind.come("stand-up")
    out = await remind.ben.click(due, "Snooze 10 min")
    assert out.ephemeral
    assert f"💤 Snoozed until {at(H + timedelta(minutes=10))}, just for you" in text_of(out.answer)
    for button in ("Done", "Stop repeating"):
        assert "isn't your" in text_of(await remind.press(due, button, remind.ben))
    later = await remind.press(due, "1 h", remind.ann)
    assert text_of(await remind.press(later, "Undo", remind.ann)).startswith("Undone: stand-up")
    remind.bot.advance(600)
    own = await remind.come("stand-up", after=due)
    assert text_of(own) == f"⏰ {remind.ben.mention} stand-up"
    assert (remind.discord.pinged(own), own["mention_roles"]) == ([remind.ben.id], [])
    assert buttons(await remind.press(due, "Done", remind.mia)) == []


async def test_others_remind_themselves_alone(remind: Reminding) -> None:
    """Without moderator rights people remind only themselves, and only here; nobody where the bot may not."""
    await remind.bot.stop()
    team = role_of(remind, "Team")
    await remind.bot.start()
    hidden = remind.discord.create_channel("hidden")
    remind.discord.deny(hidden, "VIEW_CHANNEL", user=remind.mia.user)
    silent = remind.discord.create_channel("silent")
    remind.discord.deny(silent, "SEND_MESSAGES")
    hall = remind.discord.create_channel("hall", kind=4)
    for person, words, sentence in (
        (remind.ann, f"<@&{team}> 1h x", "You need Mention Everyone or Manage Messages to remind others"),
        (remind.ann, "@everyone 1h x", "You need Mention Everyone or Manage Messages to remind others"),
        (
            remind.ann,
            f"<#{remind.focus.id}> 1h x",
            "You need Mention Everyone or Manage Messages to remind others",
        ),
        (remind.ann, remind.ben.mention, "I can only remind you"),
        (remind.mia, f"<@&{team}> 1h x", "I can't mention them. Please make the role mentionable"),
        (remind.mia, "@here 1h x", "I can't mention them"),
        (remind.mia, "<@&1> 1h x", "There's no such role in this server"),
        (remind.mia, f"<#{hidden.id}> 1h x", "There's no channel or role like that here that you can see"),
        (remind.mia, "<#1> 1h x", "There's no channel or role like that here that you can see"),
        (remind.mia, f"<#{silent.id}> 1h x", "I can't post in that channel"),
        (remind.mia, f"<#{hall.id}> 1h x", "Nobody can post in that channel"),
        (remind.mia, f"me <@&{team}> 1h x", "I can't mention them"),
        (remind.mia, f"me <#{remind.focus.id}> 1h x", "I can only DM reminders to you"),
    ):
        answer = text_of(await remind.type(words, person))
        assert sentence in answer, words
        assert "\nTry" not in answer, "nobody else's request is shown"
    dm = await remind.mia.dm()
    assert "no channel or role like that" in text_of(await remind.type(f"<@&{team}> 1h x", remind.mia, dm))
    assert remind.pending == 0


async def test_a_thread_that_is_not_known(remind: Reminding) -> None:
    """A slash command in a thread that was archived before the bot came is answered."""
    thread = await remind.ann.open_thread(await remind.ann.say(remind.general, "hello"), "kitchen")
    remind.discord.archive_thread(thread)
    await remind.bot.stop()
    await remind.bot.start()
    answer = await remind.slash("set", remind.mia, when="1h", what="x", channel=thread.id)
    assert "no channel or role like that here that you can see" in text_of(answer)


async def test_about_a_message_elsewhere(remind: Reminding) -> None:
    """A reminder in another channel than the message replied to links to that message."""
    request = await remind.ben.say(remind.general, "can you have a look?")
    await remind.type(f"<#{remind.focus.id}> 1h look", remind.mia, reply_to=request)
    remind.bot.advance(3600)
    link = f"https://discord.com/channels/{remind.discord.guild.id}/{remind.general.id}/{request['id']}"
    assert text_of(await remind.come("look", remind.focus)) == f"📣 look <{link}>"


async def test_only_those_called_are_mentioned(remind: Reminding) -> None:
    """Whatever its text, a reminder pings only its owner, in the messages and in the requests."""
    team = role_of(remind, "Team", mentionable=True)
    remind.discord.allow(remind.general, "MENTION_EVERYONE")
    words = f"@everyone @here <@&{team}> {remind.ben.mention} <@!{remind.mia.id}> <#{remind.focus.id}>"
    answer = await remind.type(f"1h hey {words}")
    await remind.type("list")
    await remind.type("edit #1 what: oh " + words)
    reply = await remind.choose(await remind.type("list"), f"oh {words}"[:99] + "…")
    remind.bot.advance(3600)
    due = await remind.come("oh")
    snoozed = await remind.press(due, "Snooze 10 min")
    messages = [
        mentions
        for mentions in remind.discord.messages(remind.general, remind.ann)
        if mentions["author"].get("bot")
    ]
    assert len(messages) == 6
    for mentions in (answer, reply, snoozed, *messages):
        assert {user["id"] for user in mentions["mentions"]} <= {remind.ann.id}, text_of(mentions)
        assert (mentions["mention_everyone"], mentions["mention_roles"]) == (False, [])
    assert [remind.discord.pinged(mentions) for mentions in messages if mentions["id"] != due["id"]] == [[]] * 5
    assert remind.discord.pinged(due) == [remind.ann.id]
    allowed = [
        mentions.request["allowed_mentions"]
        for mentions in remind.discord.exchanges
        if mentions.route == SENDS and mentions.method == "POST"
    ]
    assert [mentions for mentions in allowed if mentions.get("users")] == [
        {"parse": [], "roles": [], "users": [int(remind.ann.id)]}
    ]
    assert all(mentions["parse"] == [] and not mentions.get("roles") for mentions in allowed)


async def test_the_limit(remind: Reminding) -> None:
    """A person at their limit of pending reminders is refused another, until they cancel one."""
    await remind.bot.stop()
    assert Settings.model_fields["max_reminders_per_user"].default == 50
    await remind.bot.start(max_reminders_per_user=3)
    for number in range(3):
        await remind.type(f"{number + 1}h tea {number}x")
    refused = text_of(await remind.type("1h eggs"))
    assert refused == "You've already got 3 reminders, which is the limit. Cancel one first.\nTry `!remind list`"
    assert "which is the limit" in text_of(await remind.slash("set", when="1h"))
    assert "I'll remind you" in text_of(await remind.type("1h eggs", remind.ben))
    await remind.type("cancel #1")
    assert "I'll remind you" in text_of(await remind.type("2h eggs"))


async def test_an_event_that_comes_twice(remind: Reminding) -> None:
    """A command that Discord delivers twice sets one reminder, answered once and announced once."""
    events = remind.discord.backend.events
    again: list[Event] = []

    def keep(event: Event) -> None:
        if event.name == "MESSAGE_CREATE" and "!remind" in event.data["content"]:
            again.append(event)

    events.listeners.append(keep)
    await remind.type("1h tea")
    for listener in events.listeners[:-1]:
        listener(again[0])
    await remind.type("2h eggs")
    await remind.type("list")
    assert remind.pending == 2
    assert sum("\n> tea" in text_of(message) for message in remind.discord.messages(remind.general)) == 1
    remind.bot.advance(3600)
    await remind.come("tea")
    assert len(remind.due()) == 1


async def test_many_are_missed_together(remind: Reminding) -> None:
    """After an outage, a channel's late reminders come in one message, each with its lateness."""
    for number in range(5):
        await remind.type(f"{number + 1}h tea {number}x")
    await remind.bot.crash()
    remind.bot.advance(DAY)
    await remind.bot.start()
    await remind.come("tea 4x")
    text = "SELECT DISTINCT state FROM outbox WHERE kind != 'card'"  # confirmations are redrawn in turn
    await eventually(lambda: remind.rows(text) == [("sent",)])
    assert len(remind.due()) <= 2
    assert sum(text_of(message).count("while I was offline") for message in remind.due()) == 5
    assert len(menus(max(remind.due(), key=lambda message: len(text_of(message))))[0]["options"]) >= 3


async def test_an_answer_that_is_lost(remind: Reminding, log: list[dict[str, str]]) -> None:
    """If the answer fails for good, the request is still carried out, and the command that shows it is named."""
    remind.discord.faults.fail("503", only=f"POST {SENDS}", times=4)
    request = await remind.ann.say(remind.general, "!remind 1h tea")
    answer = await remind.discord.wait_for(says("my answer got lost"), after=request)
    assert "`!remind list` shows where things are" in text_of(answer)
    assert "tea" in text_of(await remind.type("list"))
    assert "tea" not in json.dumps(log, default=str)


async def test_muted_in_the_channel_of_a_thread(remind: Reminding) -> None:
    """A reminder in a thread where its owner may no longer write goes to them directly, and is paused."""
    thread = await remind.ann.open_thread(await remind.ann.say(remind.general, "kitchen"), "kitchen")
    await remind.type("every day 13:00 tea", place=thread)
    remind.discord.deny(remind.general, "SEND_MESSAGES_IN_THREADS", user=remind.ann.user)
    remind.bot.advance(3600)
    notice = await remind.come("tea", await remind.ann.dm())
    assert "you can't post there any more" in text_of(notice)
    assert "paused" in text_of(await remind.slash("list"))
    assert remind.due(thread) == []
