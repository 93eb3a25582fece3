"""Interactions: their start, their three seconds and fifteen minutes, and what their token allows."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING

from bot.localdiscord import automod, installs
from bot.localdiscord.errors import DiscordError
from bot.localdiscord.guild import LOCALE
from bot.localdiscord.interaction import COMMAND, Interaction, command_name
from bot.localdiscord.message import EPHEMERAL, REPLY
from bot.localdiscord.outcome import Outcome

if TYPE_CHECKING:
    from bot.localdiscord.attachments import Upload
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.draft import Draft, DraftReader
    from bot.localdiscord.events import Events
    from bot.localdiscord.message import Message
    from bot.localdiscord.posting import Posting
    from bot.localdiscord.threads import Threads
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World

ANSWER_SECONDS, TOKEN_SECONDS = 3.0, 900.0
_SIZE_LIMIT = 10 * 1024 * 1024


class Interactions:
    """Starts interactions and keeps their clocks; `answer_seconds` and `token_seconds` are Discord's."""

    def __init__(
        self, world: World, events: Events, drafts: DraftReader, posting: Posting, threads: Threads
    ) -> None:
        self._world = world
        self._events = events
        self._drafts = drafts
        self._posting = posting
        self._threads = threads
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
        interaction = Interaction(
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
        self._by_id[interaction.id] = self._by_token[interaction.token] = interaction
        loop = asyncio.get_running_loop()
        interaction.timer = loop.call_later(self.answer_seconds, self._give_up, interaction)
        self._events.emit("INTERACTION_CREATE", self._wire(interaction), channel)
        return interaction

    def _wire(self, interaction: Interaction) -> Json:
        bot_id = self._world.bot.id
        guild = self._world.guild_of(interaction.channel)
        mine = self._world.permissions(interaction.channel, interaction.user.id)
        place = interaction.channel.wire() | {"permissions": str(mine)}
        wire: Json = {
            "id": interaction.id,
            "application_id": bot_id,
            "type": interaction.type,
            "token": interaction.token,
            "version": 1,
            "data": interaction.data,
            "channel": place,
            "channel_id": interaction.channel.id,
            "app_permissions": str(installs.app_permissions(self._world, interaction.channel)),
            "locale": LOCALE,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": dict(interaction.owners),
            "context": installs.context(interaction.channel),
            "attachment_size_limit": _SIZE_LIMIT,
        }
        if guild:
            member = guild.members[interaction.user.id].wire() | {"permissions": str(mine)}
            wire |= {"guild_id": guild.id, "guild_locale": LOCALE, "member": member}
            wire["guild"] = {"id": guild.id, "locale": LOCALE, "features": []}
        else:
            wire["user"] = interaction.user.wire()
        if interaction.message:
            # Discord does not send along what the message replies to
            wire["message"] = interaction.message.wire(self._world, deep=False)
        return wire

    def to_answer(self, interaction_id: str, token: str) -> Interaction:
        """Return an interaction that may get its first answer.

        Raise 10062 when unknown or too late, 40060 on a second.
        """
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise DiscordError(10062)
        if interaction.answered:
            raise DiscordError(40060)
        if time.time() - interaction.born > self.answer_seconds:
            raise DiscordError(10062)
        return interaction

    def by_token(self, application_id: str, token: str) -> Interaction:
        """Return an answered interaction.

        Raise 50027 after 15 minutes, 10015 before its first answer or when unknown.
        """
        interaction = self._by_token.get(token)
        if application_id != self._world.bot.id or interaction is None:
            raise DiscordError(50027 if application_id == self._world.bot.id else 10015)
        if time.time() - interaction.born > self.token_seconds:
            raise DiscordError(50027)
        if not interaction.answered:
            raise DiscordError(10015)
        return interaction

    def pending(self) -> list[Interaction]:
        """Return the interactions that have no first answer yet and may still get one."""
        return [
            interaction
            for interaction in self._by_id.values()
            if not interaction.answered and not interaction.outcome.done()
        ]

    def settle(self, interaction: Interaction, outcome: Outcome) -> None:
        """Note the first answer and tell it to the person."""
        interaction.answered = True
        self._resolve(interaction, outcome)

    def message(self, interaction: Interaction, message_id: str) -> Message:
        """Return a message that a token may touch (`@original` or a follow-up); raise 10008."""
        wanted = interaction.original_id if message_id == "@original" else message_id
        message = self._world.messages.get(interaction.channel.id, {}).get(wanted or "")
        ours = message and (
            message.id == interaction.original_id
            or (message.interaction_metadata or {}).get("id") == interaction.id
        )
        if message is None or not ours:
            raise DiscordError(10008)
        return message

    def post(self, interaction: Interaction, body: Json, uploads: list[Upload], *, original: bool) -> Message:
        """Post a message of an interaction: its first answer, or a follow-up."""
        draft = self._drafts.read(_sparing(body), uploads, interaction.channel.id)
        automod.check(self._world, interaction.channel, self._world.bot, draft.texts)
        if not original:
            if installs.visiting(interaction.owners) and interaction.follow_ups >= installs.MOST_FOLLOW_UPS:
                raise DiscordError(40094)
            interaction.follow_ups += 1
        return self.place(interaction, draft, original=original)

    def place(self, interaction: Interaction, draft: Draft, *, original: bool) -> Message:
        """Put a message of an interaction into its channel, for its person alone when it is ephemeral.

        Ephemeral too where a person brought the app who may not let it speak to all.
        """
        if (
            installs.visiting(interaction.owners)
            and interaction.channel.guild_id
            and not self._world.may(interaction.channel, interaction.user.id, "USE_EXTERNAL_APPS")
        ):
            draft.flags |= EPHEMERAL
        self._threads.ready_for_message(interaction.channel, self._world.bot.id)
        more: Json = {"webhook_id": self._world.bot.id, "application_id": self._world.bot.id}
        more["interaction_metadata"] = interaction.metadata()
        if draft.flags & EPHEMERAL:
            more["reader_id"] = interaction.user.id
        if not original and interaction.original_id:
            more |= {"type": REPLY, "reference": self._reference(interaction, interaction.original_id)}
            more["interaction_metadata"]["original_response_message_id"] = interaction.original_id
        elif interaction.type == COMMAND:
            more["type"] = 20 if interaction.data["type"] == 1 else 23
            more["interaction"] = {
                "id": interaction.id,
                "type": COMMAND,
                "name": command_name(interaction.data),
                "user": interaction.user.wire(),
            }
        elif interaction.message:
            more["reference"] = self._reference(interaction, interaction.message.id)
        message = self._posting.place(interaction.channel, self._world.bot.wire(), draft, **more)
        if original:
            interaction.original_id = message.id
        return message

    def rewrite(self, interaction: Interaction, message: Message, body: Json, uploads: list[Upload]) -> Message:
        """Edit a message by an interaction's token; raise 50083 where its thread is archived."""
        self._threads.require_editable(interaction.channel, self._world.bot.id)
        return self._posting.rewrite(message, _sparing(body), uploads)

    def _reference(self, interaction: Interaction, message_id: str) -> Json:
        wire: Json = {"type": 0, "channel_id": interaction.channel.id, "message_id": message_id}
        return wire | {"guild_id": interaction.channel.guild_id} if interaction.channel.guild_id else wire

    def opened(self, modal_id: str) -> Interaction:
        """Return the interaction that opened a modal, by the modal's id; raise 10062."""
        interaction = self._by_id.get(modal_id)
        if interaction is None or interaction.modal is None:
            raise DiscordError(10062)
        return interaction

    def age(self, seconds: float) -> None:
        """Make all interactions older, as if that time had passed."""
        for interaction in self._by_id.values():
            interaction.born -= seconds
            if not interaction.answered and time.time() - interaction.born > self.answer_seconds:
                self._give_up(interaction)

    def close(self) -> None:
        """Stop all clocks."""
        for interaction in self._by_id.values():
            if interaction.timer:
                interaction.timer.cancel()

    def _give_up(self, interaction: Interaction) -> None:
        if not interaction.answered:
            self._resolve(interaction, Outcome("failed", interaction.id, reason="The application did not respond"))

    def _resolve(self, interaction: Interaction, outcome: Outcome) -> None:
        if interaction.timer:
            interaction.timer.cancel()
        if interaction.outcome.done():
            return
        interaction.outcome.set_result(outcome)
        name, data = _told(outcome)
        self._events.emit(
            name, {"nonce": interaction.nonce, **data}, reader_id=interaction.user.id, person_only=True
        )

    def _forget_dead(self) -> None:
        # a modal may be submitted long after, so what opened one is kept for an hour
        oldest = time.time() - max(3600.0, self.token_seconds)
        for interaction in [interaction for interaction in self._by_id.values() if interaction.born < oldest]:
            del self._by_id[interaction.id], self._by_token[interaction.token]


def _sparing(body: Json) -> Json:
    """Return the body of an interaction's message, which without `allowed_mentions` pings users only."""
    return body if body.get("allowed_mentions") is not None else body | {"allowed_mentions": {"parse": ["users"]}}


def _told(outcome: Outcome) -> tuple[str, Json]:
    if outcome.kind == "failed":
        return "INTERACTION_FAILURE", {"reason": outcome.reason}
    if outcome.kind == "modal":
        return "INTERACTION_MODAL", dict(outcome.modal or {})
    if outcome.kind == "choices":
        return "AUTOCOMPLETE", {"choices": list(outcome.choices)}
    return "INTERACTION_SUCCESS", {}
