"""Interactions: their start, their three seconds and fifteen minutes, and what their token allows."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING

from bot.playground import installs
from bot.playground.errors import DiscordError
from bot.playground.guild import LOCALE
from bot.playground.interaction import COMMAND, Interaction, command_name
from bot.playground.message import EPHEMERAL, REPLY
from bot.playground.outcome import Outcome

if TYPE_CHECKING:
    from bot.playground.attachments import Upload
    from bot.playground.channel import Channel
    from bot.playground.draft import Draft, DraftReader
    from bot.playground.events import Events
    from bot.playground.message import Message
    from bot.playground.posting import Posting
    from bot.playground.user import User
    from bot.playground.wire import Json
    from bot.playground.world import World

ANSWER_SECONDS, TOKEN_SECONDS = 3.0, 900.0
_SIZE_LIMIT = 10 * 1024 * 1024


class Interactions:
    """Starts interactions and keeps their clocks; `answer_seconds` and `token_seconds` are Discord's."""

    def __init__(self, world: World, events: Events, drafts: DraftReader, posting: Posting) -> None:
        self._world = world
        self._events = events
        self._drafts = drafts
        self._posting = posting
        self.answer_seconds = ANSWER_SECONDS
        self.token_seconds = TOKEN_SECONDS
        self._by_id: dict[str, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}

    def start(
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: Json,
        owners: dict[str, str],
        *,
        message: Message | None = None,
        trigger: Interaction | None = None,
        nonce: str | None = None,
    ) -> Interaction:
        """Send an interaction to the bot; `owners` are the installs that authorize it.

        Its `outcome` is set by the first answer, or after three seconds without.
        """
        self._forget_dead()
        one = Interaction(
            self._world.snowflakes.next(),
            f"aW50ZXJhY3Rpb246{secrets.token_urlsafe(48)}",
            kind,
            user,
            channel,
            data,
            owners,
            time.time(),
            message,
            nonce,
            trigger,
        )
        self._by_id[one.id] = self._by_token[one.token] = one
        loop = asyncio.get_running_loop()
        one.timer = loop.call_later(self.answer_seconds, self._give_up, one)
        self._events.emit("INTERACTION_CREATE", self._wire(one), channel)
        return one

    def _wire(self, one: Interaction) -> Json:
        bot_id = self._world.bot.id
        guild = self._world.guild_of(one.channel)
        mine = self._world.permissions(one.channel, one.user.id)
        place = one.channel.wire() | {"permissions": str(mine)}
        wire: Json = {
            "id": one.id,
            "application_id": bot_id,
            "type": one.type,
            "token": one.token,
            "version": 1,
            "data": one.data,
            "channel": place,
            "channel_id": one.channel.id,
            "app_permissions": str(installs.app_permissions(self._world, one.channel)),
            "locale": LOCALE,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": dict(one.owners),
            "context": installs.context(one.channel),
            "attachment_size_limit": _SIZE_LIMIT,
        }
        if guild:
            member = guild.members[one.user.id].wire() | {"permissions": str(mine)}
            wire |= {"guild_id": guild.id, "guild_locale": LOCALE, "member": member}
            wire["guild"] = {"id": guild.id, "locale": LOCALE, "features": []}
        else:
            wire["user"] = one.user.wire()
        if one.message:
            # Discord does not send along what the message replies to
            wire["message"] = one.message.wire(self._world, deep=False)
        return wire

    def to_answer(self, interaction_id: str, token: str) -> Interaction:
        """Return an interaction that may get its first answer.

        Raise 10062 when unknown or too late, 40060 on a second.
        """
        one = self._by_id.get(interaction_id)
        if one is None or one.token != token:
            raise DiscordError(10062)
        if one.answered:
            raise DiscordError(40060)
        if time.time() - one.born > self.answer_seconds:
            raise DiscordError(10062)
        return one

    def by_token(self, application_id: str, token: str) -> Interaction:
        """Return an answered interaction.

        Raise 50027 after 15 minutes, 10015 before its first answer or when unknown.
        """
        one = self._by_token.get(token)
        if application_id != self._world.bot.id or one is None:
            raise DiscordError(50027 if application_id == self._world.bot.id else 10015)
        if time.time() - one.born > self.token_seconds:
            raise DiscordError(50027)
        if not one.answered:
            raise DiscordError(10015)
        return one

    def pending(self) -> list[Interaction]:
        """Return the interactions that have no first answer yet and may still get one."""
        return [one for one in self._by_id.values() if not one.answered and not one.outcome.done()]

    def settle(self, one: Interaction, outcome: Outcome) -> None:
        """Note the first answer and tell it to the person."""
        one.answered = True
        self._resolve(one, outcome)

    def message(self, one: Interaction, message_id: str) -> Message:
        """Return a message that a token may touch (`@original` or a follow-up); raise 10008."""
        wanted = one.original_id if message_id == "@original" else message_id
        message = self._world.messages.get(one.channel.id, {}).get(wanted or "")
        ours = message and (
            message.id == one.original_id or (message.interaction_metadata or {}).get("id") == one.id
        )
        if message is None or not ours:
            raise DiscordError(10008)
        return message

    def post(self, one: Interaction, body: Json, uploads: list[Upload], *, original: bool) -> Message:
        """Post a message of an interaction: its first answer, or a follow-up."""
        # without `allowed_mentions`, an interaction's message pings users only
        if body.get("allowed_mentions") is None:
            body = {**body, "allowed_mentions": {"parse": ["users"]}}
        draft = self._drafts.read(body, uploads, one.channel.id)
        if not original:
            if installs.visiting(one.owners) and one.follow_ups >= installs.MOST_FOLLOW_UPS:
                raise DiscordError(40094)
            one.follow_ups += 1
        return self.place(one, draft, original=original)

    def place(self, one: Interaction, draft: Draft, *, original: bool) -> Message:
        """Put a message of an interaction into its channel, for its person alone when it is ephemeral.

        So it is also where a person brought the app who may not let it speak to all.
        """
        if (
            installs.visiting(one.owners)
            and one.channel.guild_id
            and not self._world.may(one.channel, one.user.id, "USE_EXTERNAL_APPS")
        ):
            draft.flags |= EPHEMERAL
        more: Json = {"webhook_id": self._world.bot.id, "application_id": self._world.bot.id}
        more["interaction_metadata"] = one.metadata()
        if draft.flags & EPHEMERAL:
            more["reader_id"] = one.user.id
        if not original and one.original_id:
            more |= {"type": REPLY, "reference": self._reference(one, one.original_id)}
            more["interaction_metadata"]["original_response_message_id"] = one.original_id
        elif one.type == COMMAND:
            more["type"] = 20 if one.data["type"] == 1 else 23
            more["interaction"] = {
                "id": one.id,
                "type": COMMAND,
                "name": command_name(one.data),
                "user": one.user.wire(),
            }
        elif one.message:
            more["reference"] = self._reference(one, one.message.id)
        message = self._posting.place(one.channel, self._world.bot.wire(), draft, **more)
        if original:
            one.original_id = message.id
        return message

    def _reference(self, one: Interaction, message_id: str) -> Json:
        wire: Json = {"type": 0, "channel_id": one.channel.id, "message_id": message_id}
        return wire | {"guild_id": one.channel.guild_id} if one.channel.guild_id else wire

    def opened(self, modal_id: str) -> Interaction:
        """Return the interaction that opened a modal, by the modal's id; raise 10062."""
        one = self._by_id.get(modal_id)
        if one is None or one.modal is None:
            raise DiscordError(10062)
        return one

    def age(self, seconds: float) -> None:
        """Make all interactions older, as if that time had passed."""
        for one in self._by_id.values():
            one.born -= seconds
            if not one.answered and time.time() - one.born > self.answer_seconds:
                self._give_up(one)

    def close(self) -> None:
        """Stop all clocks."""
        for one in self._by_id.values():
            if one.timer:
                one.timer.cancel()

    def _give_up(self, one: Interaction) -> None:
        if not one.answered:
            self._resolve(one, Outcome("failed", one.id, reason="The application did not respond"))

    def _resolve(self, one: Interaction, outcome: Outcome) -> None:
        if one.timer:
            one.timer.cancel()
        if one.outcome.done():
            return
        one.outcome.set_result(outcome)
        name, data = _told(outcome)
        self._events.emit(name, {"nonce": one.nonce, **data}, reader_id=one.user.id, person_only=True)

    def _forget_dead(self) -> None:
        # a modal may be submitted long after, so what opened one is kept for an hour
        oldest = time.time() - max(3600.0, self.token_seconds)
        for one in [one for one in self._by_id.values() if one.born < oldest]:
            del self._by_id[one.id], self._by_token[one.token]


def _told(outcome: Outcome) -> tuple[str, Json]:
    if outcome.kind == "failed":
        return "INTERACTION_FAILURE", {"reason": outcome.reason}
    if outcome.kind == "modal":
        return "INTERACTION_MODAL", dict(outcome.modal or {})
    if outcome.kind == "choices":
        return "AUTOCOMPLETE", {"choices": list(outcome.choices)}
    return "INTERACTION_SUCCESS", {}
