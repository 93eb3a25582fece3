"""Rights and reminders: the person who answers for one must be present and allowed, at each change and delivery."""

from typing import Any

import pytest

from bot.localdiscord.alteration import without
from bot.localdiscord.channel import Channel
from bot.localdiscord.local import text_of
from bot.localdiscord.people import Person
from tests.chat.reminding import Reminding
from tests.reading import Message, buttons, eventually, says

DAY = 86_400
SENDS = "/channels/{channel_id}/messages"


class Hosts(Reminding):
    """Ann is a host, who may mention everyone; Mia is a moderator with the hosts' right and Manage Messages."""

    def __init__(self, remind: Reminding) -> None:
        super().__init__(remind.bot, remind.database)
        self.moderation = self.discord.moderation
        self.role = self.moderation.create_role("Hosts", "MENTION_EVERYONE", "MANAGE_MESSAGES")
        self.moderation.give_role(self.ann, self.role)
        self.discord.allow(self.general, "MENTION_EVERYONE")

    async def set_daily(self, person: Person | None = None) -> None:
        """Set a reminder of everyone at 12:00 every day, and let it come once."""
        answer = text_of(await self.type("@everyone every day 12:00 stand-up", person))
        assert "I'll remind @everyone" in answer, answer
        await self.come_again()
        due = await self.come("stand-up")
        assert due["mention_everyone"]

    async def come_again(self) -> None:
        self.bot.advance(DAY)

    async def notice_to(self, words: str, person: Person | None = None) -> Message:
        """Return the direct messages to a person."""
        return await self.come(words, await (person or self.ann).dm())

    @property
    def states(self) -> dict[int, str]:
        """The states of reminders that have not come."""
        return dict(self.rows("SELECT id, state FROM timers WHERE state IN ('running', 'paused')"))


@pytest.fixture
async def hosts(remind: Reminding) -> Hosts:
    """Ann, who may mention everyone as long as she has a role."""
    return Hosts(remind)


async def test_a_right_that_was_lost(hosts: Hosts) -> None:
    """A person who lost the right to mention everyone pings nobody any more: by no edit, and not when it is due."""
    await hosts.set_daily()
    first = hosts.due()[-1]
    hosts.moderation.take_role(hosts.ann, hosts.role)
    hosts.bot.advance(10)
    refused = text_of(await hosts.type("edit #1 what: come and buy", place=await hosts.ann.dm()))
    assert refused.startswith("#1 mentions people you can't mention in <#"), refused
    assert "\nTry `!remind cancel #1`" in refused
    hosts.bot.advance(DAY - 10)
    due = await hosts.come("stand-up", after=first)
    assert not due["mention_everyone"]
    assert hosts.discord.pinged(due) == [hosts.ann.id]
    lines = text_of(due).splitlines()
    assert lines[0] == f"⏰ {hosts.ann.mention} stand-up"
    why = f"{hosts.ann.mention} can't mention @\u200beveryone here any more"
    assert lines[-1] == f"-# I left out the ping and paused this: {why}."
    await eventually(lambda: hosts.states == {1: "paused"})
    assert "You can't post" not in text_of(await hosts.type("list"))
    refused = text_of(await hosts.type("resume #1", place=await hosts.ann.dm()))
    assert refused.startswith("#1 mentions people you can't mention in <#")
    hosts.moderation.give_role(hosts.ann, hosts.role)
    hosts.bot.advance(10)
    assert "Resumed:" in text_of(await hosts.type("resume #1"))


async def test_a_keeper_answers_for_an_edit(hosts: Hosts) -> None:
    """The server's keepers' role allows edits of others' reminders, but gives no right to mention."""
    await hosts.set_daily()
    keepers = hosts.moderation.create_role("Keepers")
    hosts.moderation.give_role(hosts.ben, keepers)
    await hosts.mia.slash(hosts.general, "settings keepers", role=keepers.id)
    hosts.bot.advance(10)
    refused = text_of(await hosts.type("edit #1 what: come and buy", hosts.ben))
    assert "#1 mentions people you can't mention" in refused
    assert hosts.rows("SELECT name FROM timers WHERE id = 1") == [("stand-up",)]
    assert "Paused: stand-up" in text_of(await hosts.type("pause #1", hosts.ben))
    hosts.bot.advance(10)
    assert "#1 mentions people you can't mention" in text_of(await hosts.type("resume #1", hosts.ben))


async def test_the_editor_answers_for_it(hosts: Hosts) -> None:
    """A moderator's edit is announced with the moderator's rights, and with the owner's once undone."""
    await hosts.set_daily()
    first = hosts.due()[-1]
    edited = await hosts.type("edit #1 what: all hands", hosts.mia)
    assert "Changed" in text_of(edited)
    hosts.moderation.take_role(hosts.ann, hosts.role)
    await hosts.come_again()
    second = await hosts.come("all hands", after=first)
    assert second["mention_everyone"], "it is said by Mia's right"
    hosts.moderation.kick(hosts.mia)
    await hosts.come_again()
    text = text_of(await hosts.notice_to("all hands"))
    why = "whoever changed it last can't post there any more"
    assert f"\n-# I'm telling you here instead of in <#{hosts.general.id}>: {why}" in text
    assert hosts.due()[-1]["id"] == second["id"]
    await eventually(lambda: hosts.states == {1: "paused"})


async def test_undone_it_is_the_owners_again(hosts: Hosts) -> None:
    """Once an edit is undone, the owner answers for the text again."""
    await hosts.set_daily()
    edited = await hosts.type("edit #1 what: all hands", hosts.mia)
    await hosts.press(edited, "Undo", hosts.mia)
    assert hosts.rows("SELECT author_id FROM reminders WHERE timer_id = 1") == [(None,)]
    hosts.moderation.kick(hosts.mia)
    await hosts.come_again()
    assert (await hosts.come("stand-up", after=hosts.due()[-1]))["mention_everyone"]


@pytest.mark.parametrize("how", ["kicked", "muted", "timed out", "hidden"])
async def test_removed_from_the_channel(hosts: Hosts, how: str) -> None:
    """A reminder whose owner may no longer post there goes to them alone, with the reason; a series is paused."""
    await hosts.type("every day 12:00 water the plants", hosts.ben)
    remove(hosts, hosts.ben, how)
    hosts.bot.advance(10)
    dm = await hosts.ben.dm()
    refused = text_of(await hosts.type("edit #1 what: rude words", hosts.ben, dm))
    assert refused == (
        f"You can't post in <#{hosts.general.id}> any more, so I can't post anything new there for you."
    )
    hosts.bot.advance(DAY - 10)
    text = text_of(await hosts.notice_to("water the plants", hosts.ben))
    reason = {
        "kicked": "you're not in that server any more",
        "hidden": "you can't see that channel any more",
    }.get(how, "you can't post there any more")
    assert text.endswith(f"paused\n-# I'm telling you here instead of in <#{hosts.general.id}>: {reason}.")
    assert hosts.due() == []
    await eventually(lambda: hosts.states == {1: "paused"})
    hosts.bot.advance(3 * DAY)
    assert "You can't post" in text_of(await hosts.type("resume #1", hosts.ben, dm))
    assert len(hosts.due(dm)) == 1, "it is told once"


def remove(hosts: Hosts, person: Person, how: str) -> None:
    """Deny a person something they need to write in general."""
    match how:
        case "kicked":
            person.install()
            hosts.moderation.kick(person)
        case "muted":
            hosts.discord.deny(hosts.general, "SEND_MESSAGES", user=person.user)
        case "timed out":
            hosts.moderation.time_out(person, 3600)
        case _:
            hosts.discord.deny(hosts.general, "VIEW_CHANNEL", user=person.user)


async def test_gone_and_not_to_be_reached(hosts: Hosts) -> None:
    """A person who left and blocks direct messages gets nothing; a series is paused silently."""
    await hosts.type("every day 12:00 water the plants", hosts.ben)
    hosts.moderation.kick(hosts.ben)
    hosts.discord.block_dm(hosts.ben)
    await hosts.come_again()
    await eventually(lambda: ("undeliverable",) in hosts.rows("SELECT state FROM outbox"))
    await eventually(lambda: hosts.states == {1: "paused"})
    assert hosts.due() == []


async def test_snoozed_without_the_right_to_write(hosts: Hosts) -> None:
    """Snoozed by a person who may not write in its channel, a reminder comes by direct message again."""
    await hosts.type("1h water the plants", hosts.ben)
    remove(hosts, hosts.ben, "muted")
    hosts.bot.advance(3600)
    message = await hosts.notice_to("water the plants", hosts.ben)
    await hosts.press(message, "Snooze 10 min", hosts.ben)
    hosts.bot.advance(600)
    again = await hosts.come("water the plants", await hosts.ben.dm(), after=message)
    assert text_of(again) == "⏰ water the plants", "it is his own now, and no redirection"
    assert hosts.due() == []


async def test_the_gateway_does_not_tell(hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """If membership is unknown, the reminder comes on time without its mention, and the series continues."""
    await hosts.set_daily()
    first = hosts.due()[-1]
    await hosts.type("every day 12:00 water", hosts.ben)
    monkeypatch.setattr("bot.chat.runtime.gateway_members._ANSWER", 0.05)
    hosts.discord.faults.silence_members()
    hosts.moderation.kick(hosts.ben)
    hosts.bot.advance(10)
    assert "Changed" in text_of(await hosts.type("edit #1 what: all hands"))
    hosts.bot.advance(DAY - 10)
    due = await hosts.come("all hands", after=first)
    assert (due["mention_everyone"], due["mentions"]) == (
        False,
        [] if "water" not in text_of(due) else due["mentions"],
    )
    assert "📣 all hands" in text_of(due)
    await hosts.come("water")
    assert set(hosts.states.values()) == {"running"}


async def test_a_private_thread_that_they_left(hosts: Hosts) -> None:
    """A reminder for a private thread goes directly to an owner who is no longer in it."""
    thread = private_thread(hosts, hosts.ben)
    await hosts.type("every day 12:00 the secret", hosts.ben, thread)
    await hosts.come_again()
    due = await hosts.come("the secret", thread)
    hosts.discord.backend.threads.leave(thread, hosts.ben.id)
    await hosts.come_again()
    assert f"instead of in <#{thread.id}>: you can't see that channel any more" in text_of(
        await hosts.notice_to("the secret", hosts.ben)
    )
    assert hosts.due(thread) == [due]


def private_thread(hosts: Hosts, person: Person) -> Channel:
    """Open a person's private thread with the bot in it."""
    hosts.discord.allow(hosts.general, "CREATE_PRIVATE_THREADS", user=person.user)
    body = {"name": "secret", "type": 12, "auto_archive_duration": 10080}
    thread = hosts.discord.backend.places.create_thread(hosts.general, person.user, body)
    hosts.discord.backend.threads.join(thread, hosts.discord.bot.id)
    return thread


async def test_together_with_others(hosts: Hosts) -> None:
    """Of several due at once, those of people who left go to them directly; the others are posted."""
    await hosts.type("1h milk", hosts.ben)
    for number in range(3):
        await hosts.type(f"1h tea {number}x")
    remove(hosts, hosts.ben, "kicked")
    hosts.bot.advance(3600)
    dm = await hosts.ben.dm()
    await hosts.bot.until(lambda: hosts.due(dm))
    assert "milk" in text_of(hosts.due(dm)[0])

    def last_words() -> str:
        return "\n".join(text_of(message) for message in hosts.due())

    await hosts.bot.until(lambda: all(f"tea {number}x" in last_words() for number in range(3)))
    assert "milk" not in last_words()
    assert [last_words().count(f"tea {number}x") for number in range(3)] == [1, 1, 1]


async def test_a_mention_lends_no_right_to_other_texts(hosts: Hosts) -> None:
    """In a message shared with a host's reminder, which may ping, other people's texts and links ping nobody."""
    await hosts.type("@here 1h stand-up")
    await hosts.type("1h @everyone, look at https://example.org/@everyone", hosts.ben)
    # Reminders missed during the bot's absence are announced together.
    await hosts.bot.stop()
    hosts.bot.advance(3600)
    await hosts.bot.start()
    due = await hosts.come("stand-up")
    assert "look at" in text_of(due), "both are in one message"
    assert "@everyone" not in text_of(due)


async def test_a_right_lost_while_it_is_retried(hosts: Hosts) -> None:
    """A retry uses the rights at its own time."""
    await hosts.type("@everyone 1h stand-up")
    down = hosts.discord.faults.fail("503", only=f"POST {SENDS}")
    hosts.bot.advance(3600)
    await hosts.discord.wait_until(lambda: down.struck > 0)
    hosts.moderation.take_role(hosts.ann, hosts.role)
    hosts.bot.advance(200)
    down.off()
    await hosts.bot.until(hosts.due)
    assert not hosts.due()[0]["mention_everyone"]
    assert hosts.due()[0]["content"] == ""


async def test_announced_before_they_left(hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """An announcement whose answer was lost is not repeated directly when the retry learns that they left."""
    await hosts.type("1h water the plants", hosts.ben)
    monkeypatch.setattr("bot.chat.runtime.gateway_members._ANSWER", 0.1)
    # Nor does the gateway send the message that was posted.
    hosts.discord.faults.alter_event("MESSAGE_CREATE", without("nonce"))
    lost = hosts.discord.faults.fail("lost", only=f"POST {SENDS}", times=1)
    silence = hosts.discord.faults.silence_members()
    hosts.bot.advance(3600)
    await hosts.come("water the plants")
    await hosts.discord.wait_until(lambda: lost.struck == 1)
    silence.off()
    remove(hosts, hosts.ben, "kicked")
    await hosts.bot.until(lambda: hosts.rows("SELECT DISTINCT state FROM outbox") == [("sent",)])
    assert len(hosts.due()) == 1
    assert hosts.due(await hosts.ben.dm()) == []


async def test_rights_are_looked_up_ahead(hosts: Hosts) -> None:
    """Rights are looked up within the minute before, so that the delivery does not wait for them."""
    member_queries = hosts.discord.gateway.member_queries
    await hosts.type("@everyone 1h stand-up")
    member_queries.clear()
    hosts.bot.advance(3500)
    hosts.bot.advance(45)
    await eventually(lambda: member_queries)
    assert [hosts.ann.id in (query.user_ids or ()) for query in member_queries] == [True]
    hosts.bot.advance(55)
    assert (await hosts.come("stand-up"))["mention_everyone"]
    assert len(member_queries) == 1


async def test_after_a_restart(hosts: Hosts, log: list[dict[str, Any]]) -> None:
    """A reminder due during the bot's absence can mention everyone too: it waits briefly for the gateway."""
    await hosts.type("@everyone 1h stand-up")
    await hosts.bot.stop()
    hosts.bot.advance(2 * 3600)
    held = hosts.discord.faults.hold_ready()
    hosts.bot.launch()
    await hosts.discord.wait_until(lambda: held.struck)
    await eventually(lambda: any(line["event"] == "gateway_wait" for line in log))
    held.off()
    assert (await hosts.come("stand-up"))["mention_everyone"]


async def test_rights_are_not_lent(hosts: Hosts) -> None:
    """Manage Messages alone allows no mentions beyond the owner's own; a role open to all is free to them."""
    moderators = hosts.moderation.create_role("Watch", "MANAGE_MESSAGES")
    closed = hosts.moderation.create_role("Closed")
    free = hosts.moderation.create_role("Open", mentionable=True)
    hosts.moderation.give_role(hosts.ben, moderators)
    hosts.bot.advance(10)
    for calls in ("@everyone", "@here", f"<@&{closed.id}>"):
        answer = text_of(await hosts.type(f"{calls} 1h come and buy", hosts.ben))
        assert answer.startswith("You can't mention them yourself. You need Mention Everyone"), answer
    assert "I'll remind" in text_of(await hosts.type(f"<@&{free.id}> 1h the meeting", hosts.ben))
    hosts.discord.deny(hosts.focus, "SEND_MESSAGES", user=hosts.ben.user)
    answer = text_of(await hosts.type(f"<#{hosts.focus.id}> 1h come and buy", hosts.ben))
    assert answer.startswith("You can't post in that channel. Pick another.")
    hosts.bot.advance(3600)
    assert (await hosts.come("the meeting"))["mention_roles"] == [free.id]


async def test_by_slash_where_they_may_not_write(hosts: Hosts) -> None:
    """By slash command or menu, nothing is posted later where they may not write; it goes to them directly."""
    request: Any = await hosts.ben.say(hosts.general, "hello")
    remove(hosts, hosts.ben, "muted")
    refused = await hosts.slash("set", hosts.ben, when="1h", what="rude words")
    assert text_of(refused) == "You can't post in this channel, but I can remind you by DM."
    assert buttons(refused) == ["Remind me by DM"]
    out = await hosts.ben.context_menu("Remind me", request)
    assert out.modal
    out = await hosts.ben.submit(out.modal, {"when": "1h", "what": "rude words", "where": ["here"]})
    assert out.ephemeral
    assert "You can't post in this channel" in text_of(out.answer)
    assert hosts.pending == 0
    await hosts.slash("set", hosts.ben, when="1h", what="own words", where="direct message")
    hosts.bot.advance(3600)
    await hosts.notice_to("own words", hosts.ben)
    assert not [message for message in hosts.discord.messages(hosts.general) if says("words")(message)]
