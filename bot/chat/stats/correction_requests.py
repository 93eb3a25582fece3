"""Corrections: carries out changes of somebody's own focus log, typed or pressed."""

from zoneinfo import ZoneInfo

from discord import ui

from bot.chat.components.button import plain
from bot.chat.components.form import Form, FormValues
from bot.chat.components.validation import exactly, text_of, unknown
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_cog import RequestCog, pressed
from bot.chat.stats import cards, entry_text as text
from bot.domain.errors import BadDuration, BadMoment, NotYours
from bot.domain.question import Question, show_me
from bot.domain.stats import log, past
from bot.domain.stats.command import Add
from bot.domain.time import duration
from bot.messages.catalogue import N_, gettext

# Far more pages than any log has, and few enough for the database's integers.
_LAST_PAGE = 1_000_000
_LONGEST_LENGTH = 20


class CorrectionRequests(RequestCog):
    """Carries out commands and presses; each is answered once."""

    async def show(self, request: Request) -> None:
        """List a person's latest entries; where others would see them, offer to."""
        if not request.private:
            raise Question(N_("Your log is only for you to see."), show_me("stats edit"))
        await request.reply_with(await self._page(request.actor.user_id, 0))

    async def add(self, request: Request, command: Add) -> None:
        """Add an entry afterwards. Raises ``UserError``."""
        zone = await self._services.preferences.zone(request.actor.user_id)
        now = self._clock.now()
        try:
            began_at = past.parse(command.when, now, zone) if command.when else now - command.length
        except BadMoment as refused:
            raise past.put_right(refused, command) from None
        if began_at + command.length > now:
            raise past.put_right(
                BadMoment(N_("That wouldn't be over yet. Give an earlier start, or a shorter length.")), command
            )
        entry = log.afterwards(request.actor, began_at, command.length, command.task)
        entry_id, added = await self._services.corrections.add(entry)
        await request.reply_with(cards.added(text.done(text.ADDED, added, zone), entry_id))

    @pressed("log_menu")
    async def choose(self, request: InteractionRequest, entry_id: int) -> None:
        """Show the chosen entry, with its buttons."""
        entry = await self._services.corrections.by_id(request.actor.user_id, entry_id)
        await request.reply_with(cards.entry(text.entry(entry, await self._zone(request)), entry_id))

    @pressed("log_button")
    async def press(self, request: InteractionRequest, action: str, *numbers: int) -> None:
        """Turn to a page, remove an entry, undo a correction, or ask how long an entry really was.

        ``numbers`` are the entry's, or a page's and the id of whose entries it has.
        """
        user_id = request.actor.user_id
        if action in {"newer", "older"}:
            number, owner_id = exactly(2, numbers)
            if user_id != owner_id:
                raise NotYours(N_("Those aren't yours. `!stats` shows your own."), "stats edit")
            if not 0 <= number <= _LAST_PAGE:
                raise unknown()
            await request.redraw(await self._page(user_id, number))
            return
        (number,) = exactly(1, numbers)
        if action == "shorten":
            entry = await self._services.corrections.by_id(user_id, number)
            await request.open_form(_form(number, entry))
        elif action == "undo":
            restored = await self._services.corrections.restore(user_id, number)
            await request.redraw(plain(text.done(text.RESTORED, restored, await self._zone(request))))
        elif action == "remove":
            removed = await self._services.corrections.remove(user_id, number)
            words = text.done(text.REMOVED, removed, await self._zone(request))
            await request.redraw(cards.corrected(words, number))
        else:
            raise unknown()

    @pressed("log_form", obeys_rules=True)
    async def take_form(self, request: InteractionRequest, _: str, values: FormValues, *numbers: int) -> None:
        """Shorten an entry to the length that its owner says it really had."""
        (entry_id,) = exactly(1, numbers)
        typed = text_of(values, "length", _LONGEST_LENGTH)
        length = duration.read(typed.replace(" ", ""), bare="m")
        if length is None:
            raise BadDuration(
                N_("I can't read “{quote}” as a length. Try 20m or 1h30m."), "stats edit", quote=typed
            )
        shorter = await self._services.corrections.shorten(request.actor.user_id, entry_id, length)
        words = text.done(text.SHORTER, shorter, await self._zone(request))
        await request.redraw(cards.corrected(words, entry_id))

    async def _page(self, user_id: int, page: int) -> ui.LayoutView:
        entries, has_older = await self._services.corrections.page(user_id, page)
        zone = await self._services.preferences.zone(user_id)
        listed = [(number, text.label(entry, zone)) for number, entry in entries]
        return cards.entries(text.entries(entries, zone, page), listed, user_id, page, has_older=has_older)

    async def _zone(self, request: Request) -> ZoneInfo:
        return await self._services.preferences.zone(request.actor.user_id)


def _form(entry_id: int, entry: log.Entry) -> Form:
    form = Form("log", "shorten", entry_id, title=gettext("How long did it really take?"))
    limit = gettext("Less than {length}", length=duration.spoken(entry.focused))
    form.add_text("length", N_("Length"), _LONGEST_LENGTH, "20m", hint=limit)
    return form
