"""Cards with what is pending in a channel, each for one moderator's eyes only."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.chat.channels import text
from bot.chat.components import pages
from bot.chat.components.button import Button
from bot.chat.components.menu import Menu
from bot.chat.components.plain_view import plain
from bot.messages.catalogue import gettext
from bot.service.channel_timers import Pending

PAGE = 10
_DANGER = discord.ButtonStyle.danger


def offer(channel_id: int) -> ui.LayoutView:
    """Offer the list to any moderator who presses."""
    show = Button("channel", "show", channel_id, label=gettext("Show me"))
    return plain(text.only_you(channel_id), show)


def listing(pending: Sequence[Pending], page: int, channel_id: int, done: str = "") -> ui.LayoutView:
    """Show a page of pending timers, with a menu to pick one."""
    visible, page, count = pages.cut(pending, page, PAGE)
    view = plain(text.listing(visible, len(pending), channel_id, done))
    if visible:
        entries = [(entry.id, text.name(entry)) for entry in visible]
        view.add_item(
            ui.ActionRow(Menu("channel", "pending", 0, entries, gettext("Pick one to look at or cancel …")))
        )
    pages.add_turns(view, "channel", channel_id, page, count)
    return view


def single(pending: Pending) -> ui.LayoutView:
    """Show a pending timer, with buttons to cancel it or all of its owner's."""
    timer = pending.timer
    cancel = Button("channel", "cancel", timer.id, label=gettext("Cancel it"), style=_DANGER)
    every = Button("channel", "cancel_all", timer.owner_id, label=gettext("Cancel all theirs here"), style=_DANGER)
    back = Button("channel", "page", timer.channel_id, 1, label=gettext("Back"))
    return plain(text.whole(pending), cancel, every, back)
