"""The texts of reminders, in Discord's markdown; people's own words are shown as typed, except links."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from bot.chat.text import escape, late, message_url, reason_of, relative
from bot.domain.ellipsis import on_one_line
from bot.domain.reminders.reminder import Reminder
from bot.domain.time.recurrence import coming
from bot.domain.time.recurrence_text import in_words
from bot.domain.timers.timer import State, Timer
from bot.messages.catalogue import N_, Template, gettext, ngettext

# The most characters of a reminder shown where it only has to be recognised.
_SHORT = 80
_LINK = re.compile(r"https?://[^\s<>|`*]*[^\s<>|`*.,;:!?)\]'\"]", re.IGNORECASE)
# What Discord turns into an invitation, or into a mention of everyone.
_CALLING = re.compile(r"discord(?:app)?\.(?:gg|com/invite)|@(?:everyone|here)", re.IGNORECASE)
# At the beginning of a line these make headings and small print.
_HEADING = re.compile(r"^([^\S\n]*(?:(?:[-+]|\d+\.)[^\S\n]+)*)(-?#)", re.MULTILINE)
PAGE = 8
_WAS_DUE = N_("was due {date}, {late} ago"), N_("was due {date}, {late} ago, while I was offline")
# How many of the times to come a confirmation says.
_COMING = 3
# Who will be reminded: at a date, and at a time of today.
_PROMISES = {
    "direct": (N_("⏰ I'll DM you {when}"), N_("⏰ I'll DM you at {when}")),
    "owner": (N_("⏰ I'll remind you {when}"), N_("⏰ I'll remind you at {when}")),
    "called": (
        N_("⏰ I'll remind {calls} in <#{channel_id}> {when}"),
        N_("⏰ I'll remind {calls} in <#{channel_id}> at {when}"),
    ),
    "everyone": (
        N_("⏰ I'll remind everyone in <#{channel_id}> {when}"),
        N_("⏰ I'll remind everyone in <#{channel_id}> at {when}"),
    ),
}


def words(text: str) -> str:
    """Escape a reminder's text and keep its lines; links work, without a preview."""
    pieces = []
    end = 0
    for match in _LINK.finditer(text):
        link = match[0]
        pieces += [escape(text[end : match.start()]), escape(link) if _CALLING.search(link) else f"<{link}>"]
        end = match.end()
    return _HEADING.sub(r"\1\\\2", "".join([*pieces, escape(text[end:])]))


def short(text: str) -> str:
    """Show the start of a reminder's text on one line."""
    return _HEADING.sub(r"\1\\\2", escape(on_one_line(text, _SHORT)))


def due(reminder: Reminder, series: Reminder | None, now: datetime, awake_since: datetime) -> str:
    """Show a due reminder, why it is late if it is, and when it comes next."""
    about = _about(reminder)
    if series and series.rule and series.is_pending:
        coming = _paused(series) or [gettext("next {when}", when=_when(series))]
        about += [f"#{series.id}", in_words(series.rule), *coming]
    return _in_small_print(_call(reminder), _late(reminder, now, awake_since), about)


def bundled(reminder: Reminder, now: datetime, awake_since: datetime) -> str:
    """Show a due reminder as one of several in a message."""
    return _in_small_print(_call(reminder), _late(reminder, now, awake_since), _about(reminder))


def settled(reminder: Reminder, outcome: str, notes: Sequence[str] = ()) -> str:
    """Show a reminder that its owner has dealt with."""
    return "\n".join([_call(reminder), outcome, *map(small, [*_about(reminder), *notes])])


def snoozed(snooze: Reminder, now: datetime, *, for_one: bool) -> str:
    """Say until when a reminder is snoozed, and whether for one person of several."""
    if for_one:
        return gettext("💤 Snoozed until {when}, just for you", when=_coming(snooze, now))
    return gettext("💤 Snoozed until {when}", when=_coming(snooze, now))


def small(line: str) -> str:
    """Show a line in small print."""
    return f"-# {line}"


def promise(reminder: Reminder, now: datetime) -> Template:
    """Return a template for ``confirmation`` that says who will be reminded."""
    if reminder.direct:
        dated, today = _PROMISES["direct"]
    elif reminder.is_personal:
        dated, today = _PROMISES["owner"]
    else:
        dated, today = _PROMISES["called" if reminder.calls else "everyone"]
    return today if _is_today(reminder.timer.due_at or now, reminder, now) else dated


def confirmation(reminder: Reminder, template: str, now: datetime, notes: Sequence[str] = ()) -> str:
    """Confirm a reminder as it was understood, by a template such as ``⏰ Changed: {when}``."""
    channel_id = reminder.timer.channel_id
    done = gettext(template, when=_coming(reminder, now), calls=reminder.calls, channel_id=channel_id)
    lines = [" · ".join([done, *_paused(reminder)]), f"> {short(reminder.timer.name)}"]
    return "\n".join([*lines, *map(small, [about(reminder), *_coming_times(reminder, now), *notes])])


def about(reminder: Reminder) -> str:
    """Show a reminder's number, recurrence and recipient."""
    return " · ".join([f"#{reminder.id}", *_rule(reminder), *_about(reminder), *_recipient(reminder)])


def card(reminder: Reminder, now: datetime) -> str:
    """Show a pending reminder."""
    coming = " · ".join([_coming(reminder, now), *_paused(reminder)])
    return f"⏰ {words(reminder.timer.name)}\n{coming}\n-# {about(reminder)}"


def over(reminder: Reminder, template: str) -> str:
    """Say that a reminder will not come, or not for now, by a template such as ``Paused: {text}``."""
    done = gettext(template, text=short(reminder.timer.name))
    return f"{done}\n-# #{reminder.id}"


def notice(timers: Sequence[Timer]) -> str:
    """Say in a channel that somebody's direct messages are closed to a reminder; its text stays private."""
    numbers = ", ".join(f"#{timer.id}" for timer in timers[:5])
    return gettext(
        "<@{owner_id}> I've got a reminder for you ({numbers}), but I can't DM you. `/remind "
        "list` shows it just to you. If it repeats, it's paused until you `/remind resume`.",
        owner_id=timers[0].owner_id,
        numbers=numbers,
    )


def uncalled(reminder: Reminder) -> str:
    """Say below a due reminder that the person who answers for it may no longer mention whom it calls."""
    # Named so that it pings nobody even where mentions are allowed.
    calls = escape(reminder.calls) if reminder.calls.startswith("@") else reminder.calls
    arguments = {"user_id": reminder.answers_for_it, "calls": calls}
    if reminder.origin_id is None:
        return gettext("-# I left out the ping: <@{user_id}> can't mention {calls} here any more.", **arguments)
    return gettext(
        "-# I left out the ping and paused this: <@{user_id}> can't mention {calls} here any more.", **arguments
    )


def barred(channel_id: int, reason: str) -> str:
    """Say why a reminder is sent to its owner only; a repeating one shows that it is paused."""
    return gettext(
        "-# I'm telling you here instead of in <#{channel_id}>: {reason}.",
        channel_id=channel_id,
        reason=gettext(reason),
    )


def again(reminder: Reminder, now: datetime) -> str:
    """Say when a moved reminder comes."""
    about = {"id": reminder.id, "when": _coming(reminder, now), "text": short(reminder.timer.name)}
    if _is_today(reminder.timer.due_at or now, reminder, now):
        return gettext("#{id} comes at {when}: {text}", **about)
    return gettext("#{id} comes {when}: {text}", **about)


def listing(visible: Sequence[Reminder], elsewhere: int, undelivered: Sequence[tuple[Timer, str]]) -> str:
    """List a page of somebody's reminders, how many are hidden here, and which could not be delivered."""
    lines = [_line(reminder) for reminder in visible]
    if not lines and not elsewhere:
        lines = [gettext("You don't have any reminders.")]
    elif not lines:
        lines = [gettext("You don't have any reminders here.")]
    if elsewhere:
        lines.append(
            gettext(
                "-# You've got {count} more in other places. `/remind list` shows them just to you.",
                count=elsewhere,
            )
        )
    lines += [
        gettext(
            "-# I couldn't deliver #{id} {text}: {reason}.",
            id=timer.id,
            text=short(timer.name),
            reason=reason_of(reason),
        )
        for timer, reason in undelivered
    ]
    return "\n".join(lines)


def _call(reminder: Reminder) -> str:
    what = words(reminder.timer.name)
    if reminder.direct:
        return f"⏰ {what}"
    return f"⏰ {reminder.calls} {what}" if reminder.calls else f"📣 {what}"


def _in_small_print(first: str, *lines: Sequence[str]) -> str:
    """Join a line and further lines in small print, each given in parts; those without parts are left out."""
    return "\n".join([first, *(small(" · ".join(parts)) for parts in lines if parts)])


def _late(reminder: Reminder, now: datetime, awake_since: datetime) -> list[str]:
    due_at = reminder.timer.due_at or now
    if not (was_due := late(due_at, now, awake_since, _WAS_DUE, date=_moment(due_at, reminder, now))):
        return []
    parts = [was_due]
    if reminder.missed:
        parts.append(
            ngettext("missed {number} more time since", "missed {number} more times since", reminder.missed)
        )
    return parts


def _about(reminder: Reminder) -> list[str]:
    if reminder.about_id is None:
        return []
    timer = reminder.timer
    url = message_url(timer.guild_id, timer.channel_id, reminder.about_id)
    return [gettext("[this message]({url})", url=url)]


def _recipient(reminder: Reminder) -> list[str]:
    if reminder.direct:
        return [gettext("by direct message")]
    if reminder.is_personal:
        return []
    channel_id = reminder.timer.channel_id
    if reminder.calls:
        return [gettext("for {calls} in <#{channel_id}>", calls=reminder.calls, channel_id=channel_id)]
    return [gettext("for everyone in <#{channel_id}>", channel_id=channel_id)]


def _rule(reminder: Reminder) -> list[str]:
    rule = reminder.rule
    if rule is None:
        return []
    words = in_words(rule, reminder.first_at.astimezone(reminder.zone).time().replace(microsecond=0))
    if rule.until is None:
        return [words]
    date = f"<t:{round(rule.until.timestamp())}:F>"
    return [gettext("{rule} until {date}", rule=words, date=date)]


def _coming_times(reminder: Reminder, now: datetime) -> list[str]:
    """Say the next three times of what repeats, the coming one included."""
    due_at = reminder.timer.due_at
    if reminder.rule is None or due_at is None or due_at != reminder.first_at:
        return []
    moments = [due_at, *coming(reminder.rule, due_at, reminder.zone, _COMING - 1)]
    times = " · ".join(_moment(moment, reminder, now, "f") for moment in moments)
    return [gettext("Next: {times}", times=times)]


def _when(reminder: Reminder) -> str:
    return relative(reminder.timer.due_at) if reminder.timer.due_at else ""


def _coming(reminder: Reminder, now: datetime) -> str:
    due_at = reminder.timer.due_at
    return f"{_moment(due_at, reminder, now)} ({relative(due_at)})" if due_at else ""


def _paused(reminder: Reminder) -> list[str]:
    return [gettext("paused")] if reminder.timer.state is State.PAUSED else []


def _moment(moment: datetime, reminder: Reminder, now: datetime, dated: Literal["F", "f"] = "F") -> str:
    """Format a moment in each reader's own zone: with its date, unless it is today in the reminder's zone."""
    style = "t" if _is_today(moment, reminder, now) else dated
    return f"<t:{round(moment.timestamp())}:{style}>"


def _is_today(moment: datetime, reminder: Reminder, now: datetime) -> bool:
    return moment.astimezone(reminder.zone).date() == now.astimezone(reminder.zone).date()


def _line(reminder: Reminder) -> str:
    parts = [short(reminder.timer.name), *(_paused(reminder) or [_when(reminder)]), *_rule(reminder)]
    parts.append(gettext("by direct message") if reminder.direct else f"<#{reminder.timer.channel_id}>")
    return f"`#{reminder.id}` {' · '.join(parts)}"
