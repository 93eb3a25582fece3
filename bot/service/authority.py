"""Authority: whether a reminder may be posted, by the rights of the person who answers for it."""

from collections.abc import Mapping, Sequence

from bot.domain.errors import NotYours
from bot.domain.reminders.reminder import Reminder, must_own
from bot.domain.reminders.verdict import REFUSED, Verdict, judge
from bot.domain.rights import Rights
from bot.domain.timers.timer import Actor, Timer
from bot.messages.catalogue import N_
from bot.service.members import AHEAD, CONNECTING, JUST_NOW, NOBODY_KNOWN, Members


class Authority:
    """Asks Discord for these rights when a reminder is changed, and again when it is due."""

    def __init__(self, members: Members) -> None:
        self._members = members

    async def at_delivery(
        self, reminders: Sequence[Reminder], *, may_wait: bool
    ) -> Mapping[int, tuple[Verdict, Rights | None]]:
        """Judge due reminders, by rights that the lookahead may have asked for; return the verdicts by id.

        Those that are late anyway ``may_wait`` for a gateway that is just coming up.
        """
        judged: dict[int, tuple[Verdict, Rights | None]] = {}
        places: dict[tuple[int, int], list[Reminder]] = {}
        for reminder in reminders:
            if reminder.is_public and reminder.timer.guild_id:
                places.setdefault((reminder.timer.guild_id, reminder.timer.channel_id), []).append(reminder)
            else:
                judged[reminder.id] = judge(reminder, None), None
        for (guild_id, channel_id), at_one_place in places.items():
            waits = may_wait or any(judge(reminder, None) is Verdict.UNSURE for reminder in at_one_place)
            user_ids = {reminder.answers_for_it for reminder in at_one_place}
            rights = await self._members.rights(guild_id, channel_id, user_ids, AHEAD, CONNECTING if waits else 0.0)
            refused = {
                reminder.answers_for_it
                for reminder in at_one_place
                if judge(reminder, rights.get(reminder.answers_for_it)) in REFUSED
            }
            if refused:  # a right may have been given back since it was asked for
                rights = {**rights, **await self._members.rights(guild_id, channel_id, refused, JUST_NOW)}
            for reminder in at_one_place:
                theirs = rights.get(reminder.answers_for_it)
                judged[reminder.id] = judge(reminder, theirs), theirs
        return judged

    async def must_be_allowed(self, actor: Actor, reminder: Reminder) -> None:
        """Raise ``NotYours`` unless it is theirs, and they may post it and mention whom it mentions.

        Unknown rights pass: Discord is asked again when the reminder is due.
        """
        must_own(actor, reminder)
        verdict = await self._of(actor.user_id, reminder)
        channel_id = reminder.timer.channel_id
        if verdict is Verdict.BARRED:
            raise _nothing_new(channel_id)
        if verdict is Verdict.UNCALLED:
            raise NotYours(
                N_("#{id} mentions people you can't mention in <#{channel_id}> yourself."),
                f"remind cancel #{reminder.id}",
                id=reminder.id,
                channel_id=channel_id,
            )

    async def must_write(self, actor: Actor, timer: Timer) -> None:
        """Raise ``NotYours`` if somebody may not write in a timer's channel, unless that is unknown."""
        if timer.guild_id is None:
            return
        rights = await self._members.rights(timer.guild_id, timer.channel_id, {actor.user_id})
        if actor.user_id in rights and not rights[actor.user_id].posts:
            raise _nothing_new(timer.channel_id)

    async def sees(self, timer: Timer) -> bool:
        """Return whether a timer's owner can see its channel; True while that is unknown."""
        if timer.guild_id is None:
            return True
        rights = await self._members.rights(timer.guild_id, timer.channel_id, {timer.owner_id}, AHEAD, CONNECTING)
        return timer.owner_id not in rights or rights[timer.owner_id].sees

    async def bars(self, user_id: int, reminder: Reminder) -> bool:
        """Return whether somebody may no longer write in a reminder's channel."""
        return await self._of(user_id, reminder) is Verdict.BARRED

    async def _of(self, user_id: int, reminder: Reminder) -> Verdict:
        timer = reminder.timer
        if not reminder.is_public or timer.guild_id is None:
            return Verdict.SAID
        rights = await self._members.rights(timer.guild_id, timer.channel_id, {user_id})
        return judge(reminder, rights.get(user_id))


def _nothing_new(channel_id: int) -> NotYours:
    return NotYours(
        N_("You can't post in <#{channel_id}> any more, so I can't post anything new there for you."),
        channel_id=channel_id,
    )


NOT_ASKED = Authority(NOBODY_KNOWN)
