"""The texts of reminders, in Discord's markdown; people's own words are shown as typed, except links."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.chat.text import LATE, command, harmless, relative
from bot.domain.reminders.reminder import Reminder
from bot.domain.time.duration import spoken
from bot.domain.time.recurrence_parser import spoken as spoken_rule
from bot.domain.timers.timer import State, Timer

# The most characters of a reminder shown where it only has to be recognised.
_SHORT = 80
_LINK = re.compile(r"https?://[^\s<>|`*]*[^\s<>|`*.,;:!?)\]'\"]", re.IGNORECASE)
_INVITATION = re.compile(r"discord(?:app)?\.(?:gg|com/invite)", re.IGNORECASE)
# At the beginning of a line these make headings and small print.
_HEADING = re.compile(r"^([^\S\n]*)(-?#)", re.MULTILINE)
PAGE = 8


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
    lines = [_call(reminder), *_late(reminder, now, awake_since)]
    about = _about(reminder)
    if series and series.rule and series.is_pending:
        coming = f"next {_when(series)}" if series.timer.state is State.RUNNING else "paused"
        about = [*about, f"#{series.id}", spoken_rule(series.rule), coming]
    return "\n".join([*lines, f"-# {' · '.join(about)}"] if about else lines)


def bundled(reminder: Reminder, now: datetime, awake_since: datetime) -> str:
    """Show a due reminder as one of several in a message."""
    late = " · ".join(line.removeprefix("-# ") for line in _late(reminder, now, awake_since))
    about = " · ".join(_about(reminder))
    return "\n".join([_call(reminder), *(f"-# {part}" for part in (late, about) if part)])


def settled(reminder: Reminder, outcome: str, notes: Sequence[str] = ()) -> str:
    """Show a reminder that somebody has dealt with."""
    return "\n".join([_call(reminder), outcome, *map(small, [*_about(reminder), *notes])])


def snoozed(until: datetime, *, for_one: bool) -> str:
    """Say until when a reminder is snoozed, and whether for one person of several."""
    return f"💤 Snoozed until {full(until)}{', for you alone' if for_one else ''}"


def small(line: str) -> str:
    """Show a line in small print."""
    return f"-# {line}"


def promise(reminder: Reminder) -> str:
    """Say who will be reminded."""
    if reminder.direct:
        return "I will write to you"
    if reminder.is_personal:
        return "I will remind you"
    return f"I will remind {reminder.calls or 'all'} in <#{reminder.timer.channel_id}>"


def confirmation(reminder: Reminder, done: str, notes: Sequence[str] = ()) -> str:
    """Repeat back what was understood."""
    lines = [f"⏰ {done} {_when_in_full(reminder)}", f"> {short(reminder.timer.name)}"]
    return "\n".join([*lines, f"-# {about(reminder)}", *(f"-# {note}" for note in notes)])


def about(reminder: Reminder) -> str:
    """Show a reminder's number, recurrence and recipient."""
    parts = [f"#{reminder.id}", *_rule(reminder), *_about(reminder)]
    if reminder.direct:
        parts.append("by direct message")
    elif not reminder.is_personal:
        parts.append(f"for {reminder.calls or 'all'} in <#{reminder.timer.channel_id}>")
    return " · ".join(parts)


def card(reminder: Reminder) -> str:
    """Show a pending reminder."""
    return f"⏰ {words(reminder.timer.name)}\n{_when_in_full(reminder)}\n-# {about(reminder)}"


def over(reminder: Reminder, how: str) -> str:
    """Say that a reminder will not come, or not for now."""
    return f"{how}: {short(reminder.timer.name)}\n-# #{reminder.id}"


def notice(timers: Sequence[Timer]) -> str:
    """Say in a channel that somebody's direct messages are closed to a reminder; its text stays private."""
    numbers = ", ".join(f"#{timer.id}" for timer in timers[:5])
    return (
        f"<@{timers[0].owner_id}> I have a reminder for you ({numbers}), but you take no direct messages from me. "
        f"`/remind list` shows it to you alone; what repeats is paused, and `/remind resume` lets it go on."
    )


def zone_note(prefix: str) -> str:
    """Ask for a person's time zone, once."""
    example = command("remind timezone Europe/Berlin", prefix)
    return f"I took that as UTC, since I do not know where you live: `{example}` tells me."


def zone_set(zone: str, now: datetime) -> str:
    """Confirm a time zone by the current time there."""
    return f"Your time zone is {zone}, where it is {now:%H:%M} now. What you have set before stays as it is."


def zone_is(zone: str | None, prefix: str) -> str:
    """Say which time zone somebody has set."""
    example = command("remind timezone Europe/Berlin", prefix)
    return f"Your time zone is {zone}." if zone else f"I take your times as UTC; `{example}` changes that."


def listing(shown: Sequence[Reminder], elsewhere: int, unheard: Sequence[tuple[Timer, str]]) -> str:
    """List a page of somebody's reminders, how many are hidden here, and which could not be delivered."""
    lines = [_line(reminder) for reminder in shown]
    if not lines:
        lines = ["You have no reminder pending here." if elsewhere else "You have no reminder pending."]
    if elsewhere:
        lines.append(f"-# You have {elsewhere} more elsewhere; `/remind list` shows them to you alone.")
    lines += [f"-# #{timer.id} {short(timer.name)} could not be told: {reason}." for timer, reason in unheard]
    return "\n".join(lines)


def introduction(prefix: str) -> str:
    """Show example commands."""
    examples = (
        "remind 20m stretch",
        "remind tomorrow 9am call mum",
        "remind me next friday 14:00 the report",
        "remind every weekday 9:00 stand-up",
        "remind list",
        "remind cancel #12",
        "remind edit #12 tomorrow 10am",
        "remind timezone Europe/Berlin",
    )
    typed = "\n".join(command(example, prefix) for example in examples)
    return (
        "I remind you here, or by direct message where you say *me*. Reply to a message to be reminded of it."
        f"\n```\n{typed}\n```"
    )


def message_url(guild_id: int | None, channel_id: int, message_id: int) -> str:
    """Return the URL of a message."""
    return f"https://discord.com/channels/{guild_id or '@me'}/{channel_id}/{message_id}"


def _call(reminder: Reminder) -> str:
    what = words(reminder.timer.name)
    return f"⏰ {what}" if reminder.direct else f"⏰ {reminder.calls} {what}" if reminder.calls else f"📣 {what}"


def _late(reminder: Reminder, now: datetime, awake_since: datetime) -> list[str]:
    due_at = reminder.timer.due_at or now
    late = now - due_at
    if late < LATE:
        return []
    why = ", while I was away" if due_at < awake_since else ""
    missed = ""
    if reminder.missed:
        missed = f" · {reminder.missed} more time{'s' * (reminder.missed > 1)} missed since"
    return [f"-# was due {_date(due_at)}, {spoken(late)} ago{why}{missed}"]


def _about(reminder: Reminder) -> list[str]:
    if reminder.about_id is None:
        return []
    timer = reminder.timer
    return [f"[this message]({message_url(timer.guild_id, timer.channel_id, reminder.about_id)})"]


def _rule(reminder: Reminder) -> list[str]:
    if reminder.rule is None:
        return []
    until = f" until {_date(reminder.rule.until)}" if reminder.rule.until else ""
    return [spoken_rule(reminder.rule) + until]


def _when(reminder: Reminder) -> str:
    return relative(reminder.timer.due_at) if reminder.timer.due_at else ""


def _when_in_full(reminder: Reminder) -> str:
    when = full(reminder.timer.due_at) if reminder.timer.due_at else ""
    return f"{when} · paused" if reminder.timer.state is State.PAUSED else when


def _date(moment: datetime) -> str:
    return f"<t:{round(moment.timestamp())}:F>"


def _line(reminder: Reminder) -> str:
    parts = [short(reminder.timer.name), "paused" if reminder.timer.state is State.PAUSED else _when(reminder)]
    parts += _rule(reminder)
    parts.append("by direct message" if reminder.direct else f"<#{reminder.timer.channel_id}>")
    return f"`#{reminder.id}` {' · '.join(parts)}"
