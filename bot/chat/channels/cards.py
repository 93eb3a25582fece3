"""Cards with what is pending in a channel, each for one moderator's eyes only."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.chat.components import pages
from bot.chat.components.button import Button, plain
from bot.chat.components.menu import add_menus
from bot.chat.reminders.text import short, small, words
from bot.chat.text import relative
from bot.domain.focus.plan import UNNAMED
from bot.domain.time.duration import spoken
from bot.domain.time.recurrence_text import in_words
from bot.domain.timers.timer import Purpose, State
from bot.messages.catalogue import gettext, ngettext
from bot.service.channel_timers import Pending

PAGE = 10
_PICTURE = {Purpose.POMODORO: "🍅", Purpose.SESSION: "👥", Purpose.REMINDER: "⏰", Purpose.DIGEST: "📊"}
_DANGER = discord.ButtonStyle.danger


def offer(channel_id: int) -> ui.LayoutView:
    """Offer moderators a button that shows them the list."""
    show = Button("channel", "show", channel_id, label=gettext("Show me"))
    words = gettext("Only moderators of <#{channel_id}> can see what's coming up there.", channel_id=channel_id)
    return plain(words, show)


def listing(pending: Sequence[Pending], page: int, channel_id: int, done: str = "") -> ui.LayoutView:
    """Show a page of pending timers, with a menu to pick one."""
    visible, page, count = pages.cut(pending, page, PAGE)
    view = plain(_listed(visible, len(pending), channel_id, done))
    entries = [(entry.id, name(entry)) for entry in visible]
    add_menus(view, "channel", "pending", entries, gettext("Pick one to look at or cancel …"))
    pages.add_turns(view, "channel", channel_id, page, count)
    return view


def single(pending: Pending) -> ui.LayoutView:
    """Show a pending timer, with buttons to cancel it or all of its owner's."""
    timer = pending.timer
    cancel = Button("channel", "cancel", timer.id, label=gettext("Cancel it"), style=_DANGER)
    every = Button("channel", "cancel_all", timer.owner_id, label=gettext("Cancel all theirs here"), style=_DANGER)
    back = Button("channel", "page", timer.channel_id, 1, label=gettext("Back"))
    return plain(_whole(pending), cancel, every, back)


def _listed(visible: Sequence[Pending], count: int, channel_id: int, done: str = "") -> str:
    """List a page of what is pending in a channel, below the result of the last press."""
    if not count:
        title = gettext("Nothing's coming up in <#{channel_id}>.", channel_id=channel_id)
    else:
        title = ngettext(
            "**{number} coming up in <#{channel_id}>.** Only you can see this.",
            "**{number} coming up in <#{channel_id}>.** Only you can see this.",
            count,
            channel_id=channel_id,
        )
    return "\n".join([*([done] if done else []), title, *map(_line, visible)])


def _whole(pending: Pending) -> str:
    return "\n".join(
        [f"{_PICTURE[pending.timer.purpose]} {words(name(pending))}", small(" · ".join(_about(pending)))]
    )


def all_cancelled(count: int, owner_id: int) -> str:
    """Confirm that all of somebody's pending timers were cancelled."""
    return ngettext(
        "Cancelled {number} of <@{owner_id}>'s.", "Cancelled {number} of <@{owner_id}>'s.", count, owner_id=owner_id
    )


def name(pending: Pending) -> str:
    """Name what is pending."""
    timer = pending.timer
    if timer.purpose is Purpose.DIGEST:
        return gettext("weekly digest")
    return gettext("focus session") if timer.purpose is Purpose.SESSION and timer.name == UNNAMED else timer.name


def _line(pending: Pending) -> str:
    return f"{_PICTURE[pending.timer.purpose]} {' · '.join([short(name(pending)), *_about(pending)])}"


def _about(pending: Pending) -> list[str]:
    timer, reminder = pending.timer, pending.reminder
    parts = [f"`#{timer.id}`", _when(pending)]
    if reminder and reminder.rule:
        parts.append(in_words(reminder.rule))
    if reminder and not reminder.is_personal and reminder.calls:
        parts.append(gettext("for {calls}", calls=reminder.calls))
    return [*parts, f"<@{timer.owner_id}>"] if timer.owner_id else parts


def _when(pending: Pending) -> str:
    timer = pending.timer
    if timer.state is not State.PAUSED and timer.due_at:
        return relative(timer.due_at)
    return (
        gettext("paused with {left} left", left=spoken(timer.remaining)) if timer.remaining else gettext("paused")
    )
