"""The texts of reminders, in Discord's markdown; people's own words are shown as typed, except links."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.chat.reminders.recurrence_text import in_words
from bot.chat.text import LATE, command, harmless, reason_of, relative
from bot.domain.reminders.reminder import Reminder
from bot.domain.time.duration import spoken
from bot.domain.timers.timer import State, Timer
from bot.messages.catalogue import N_, Template, gettext, ngettext

# The most characters of a reminder shown where it only has to be recognised.
_SHORT = 80
_LINK = re.compile(r"https?://[^\s<>|`*]*[^\s<>|`*.,;:!?)\]'\"]", re.IGNORECASE)
_INVITATION = re.compile(r"discord(?:app)?\.(?:gg|com/invite)", re.IGNORECASE)
# At the beginning of a line these make headings and small print.
_HEADING = re.compile(r"^([^\S\n]*)(-?#)", re.MULTILINE)
PAGE = 8
_TIMEZONE = "remind timezone Europe/Berlin"


def words(text: str) -> str:
    """Escape a reminder's text and keep its lines; links work, without a preview."""
    pieces = []
    end = 0
    for match in _LINK.finditer(text):
        link = match[0]
        pieces += [harmless(text[end : match.start()]), harmless(link) if _INVITATION.search(link) else f"<{link}>"]
        end = match.end()
    return _HEADING.sub(r"\1\\\2", "".join([*pieces, harmless(text[end:])]))


def short(text: str) -> str:
    """Show the start of a reminder's text on one line."""
    line = " ".join(text.split())
    return _HEADING.sub(r"\1\\\2", harmless(line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}…"))


def full(moment: datetime) -> str:
    """Format a moment with its date, in each reader's own zone, and how far away it is."""
    return f"{_date(moment)} ({relative(moment)})"


def due(reminder: Reminder, series: Reminder | None, now: datetime, awake_since: datetime) -> str:
    """Show a due reminder, why it is late if it is, and when it comes next."""
    about = _about(reminder)
    if series and series.rule and series.is_pending:
        about += [f"#{series.id}", in_words(series.rule), *(_paused(series) or _next(series))]
    return _in_small_print(_call(reminder), _late(reminder, now, awake_since), about)


def bundled(reminder: Reminder, now: datetime, awake_since: datetime) -> str:
    """Show a due reminder as one of several in a message."""
    return _in_small_print(_call(reminder), _late(reminder, now, awake_since), _about(reminder))


def settled(reminder: Reminder, outcome: str, notes: Sequence[str] = ()) -> str:
    """Show a reminder that somebody has dealt with."""
    return "\n".join([_call(reminder), outcome, *map(small, [*_about(reminder), *notes])])


def snoozed(until: datetime, *, for_one: bool) -> str:
    """Say until when a reminder is snoozed, and whether for one person of several."""
    if for_one:
        return gettext("💤 Snoozed until {when}, for you alone", when=full(until))
    return gettext("💤 Snoozed until {when}", when=full(until))


def small(line: str) -> str:
    """Show a line in small print."""
    return f"-# {line}"


def promise(reminder: Reminder) -> Template:
    """Return a template for ``confirmation`` that says who will be reminded."""
    if reminder.direct:
        return N_("⏰ I will write to you {when}")
    if reminder.is_personal:
        return N_("⏰ I will remind you {when}")
    if reminder.calls:
        return N_("⏰ I will remind {calls} in <#{channel_id}> {when}")
    return N_("⏰ I will remind all in <#{channel_id}> {when}")


def confirmation(reminder: Reminder, template: str, notes: Sequence[str] = ()) -> str:
    """Repeat back what was understood, by a template such as ``⏰ Changed: {when}``."""
    channel_id = reminder.timer.channel_id
    done = gettext(template, when=_coming(reminder), calls=reminder.calls, channel_id=channel_id)
    lines = [" · ".join([done, *_paused(reminder)]), f"> {short(reminder.timer.name)}"]
    return "\n".join([*lines, *map(small, [about(reminder), *notes])])


def about(reminder: Reminder) -> str:
    """Show a reminder's number, recurrence and recipient."""
    return " · ".join([f"#{reminder.id}", *_rule(reminder), *_about(reminder), *_recipient(reminder)])


def card(reminder: Reminder) -> str:
    """Show a pending reminder."""
    coming = " · ".join([_coming(reminder), *_paused(reminder)])
    return f"⏰ {words(reminder.timer.name)}\n{coming}\n-# {about(reminder)}"


def over(reminder: Reminder, template: str) -> str:
    """Say that a reminder will not come, or not for now, by a template such as ``Paused: {text}``."""
    done = gettext(template, text=short(reminder.timer.name))
    return f"{done}\n-# #{reminder.id}"


def notice(timers: Sequence[Timer]) -> str:
    """Say in a channel that somebody's direct messages are closed to a reminder; its text stays private."""
    numbers = ", ".join(f"#{timer.id}" for timer in timers[:5])
    return gettext(
        "<@{owner_id}> I have a reminder for you ({numbers}), but you take no direct messages from me. "
        "`/remind list` shows it to you alone; what repeats is paused, and `/remind resume` lets it go on.",
        owner_id=timers[0].owner_id,
        numbers=numbers,
    )


def zone_note(prefix: str) -> str:
    """Ask for a person's time zone, once."""
    return gettext(
        "I took that as UTC, since I do not know where you live: `{command}` tells me.",
        command=command(_TIMEZONE, prefix),
    )


def zone_set(zone: str, now: datetime) -> str:
    """Confirm a time zone by the current time there."""
    return gettext(
        "Your time zone is {zone}, where it is {now:%H:%M} now. What you have set before stays as it is.",
        zone=zone,
        now=now,
    )


def zone_is(zone: str | None, prefix: str) -> str:
    """Say which time zone somebody has set."""
    if zone:
        return gettext("Your time zone is {zone}.", zone=zone)
    return gettext("I take your times as UTC; `{command}` changes that.", command=command(_TIMEZONE, prefix))


def listing(shown: Sequence[Reminder], elsewhere: int, unheard: Sequence[tuple[Timer, str]]) -> str:
    """List a page of somebody's reminders, how many are hidden here, and which could not be delivered."""
    lines = [_line(reminder) for reminder in shown]
    if not lines and not elsewhere:
        lines = [gettext("You have no reminder pending.")]
    elif not lines:
        lines = [gettext("You have no reminder pending here.")]
    if elsewhere:
        lines.append(
            gettext(
                "-# You have {count} more elsewhere; `/remind list` shows them to you alone.",
                count=elsewhere,
            )
        )
    lines += [
        gettext(
            "-# #{id} {text} could not be told: {reason}.",
            id=timer.id,
            text=short(timer.name),
            reason=reason_of(reason),
        )
        for timer, reason in unheard
    ]
    return "\n".join(lines)


def message_url(guild_id: int | None, channel_id: int, message_id: int) -> str:
    """Return the URL of a message."""
    return f"https://discord.com/channels/{guild_id or '@me'}/{channel_id}/{message_id}"


def _call(reminder: Reminder) -> str:
    what = words(reminder.timer.name)
    return f"⏰ {what}" if reminder.direct else f"⏰ {reminder.calls} {what}" if reminder.calls else f"📣 {what}"


def _in_small_print(first: str, *lines: Sequence[str]) -> str:
    """Join a line and what is known besides, each line of that in parts, if there are any."""
    return "\n".join([first, *(small(" · ".join(parts)) for parts in lines if parts)])


def _late(reminder: Reminder, now: datetime, awake_since: datetime) -> list[str]:
    due_at = reminder.timer.due_at or now
    late = now - due_at
    if late < LATE:
        return []
    if due_at < awake_since:
        parts = [gettext("was due {date}, {late} ago, while I was away", date=_date(due_at), late=spoken(late))]
    else:
        parts = [gettext("was due {date}, {late} ago", date=_date(due_at), late=spoken(late))]
    if reminder.missed:
        parts.append(
            ngettext("{number} more time missed since", "{number} more times missed since", reminder.missed)
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
    return [gettext("for all in <#{channel_id}>", channel_id=channel_id)]


def _rule(reminder: Reminder) -> list[str]:
    rule = reminder.rule
    if rule is None:
        return []
    if rule.until is None:
        return [in_words(rule)]
    return [gettext("{rule} until {date}", rule=in_words(rule), date=_date(rule.until))]


def _when(reminder: Reminder) -> str:
    return relative(reminder.timer.due_at) if reminder.timer.due_at else ""


def _next(reminder: Reminder) -> list[str]:
    return [gettext("next {when}", when=_when(reminder))]


def _coming(reminder: Reminder) -> str:
    return full(reminder.timer.due_at) if reminder.timer.due_at else ""


def _paused(reminder: Reminder) -> list[str]:
    return [gettext("paused")] if reminder.timer.state is State.PAUSED else []


def _date(moment: datetime) -> str:
    return f"<t:{round(moment.timestamp())}:F>"


def _line(reminder: Reminder) -> str:
    parts = [short(reminder.timer.name), *(_paused(reminder) or [_when(reminder)]), *_rule(reminder)]
    parts.append(gettext("by direct message") if reminder.direct else f"<#{reminder.timer.channel_id}>")
    return f"`#{reminder.id}` {' · '.join(parts)}"
