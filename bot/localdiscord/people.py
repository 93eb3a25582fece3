"""People: what a human does with a Discord client."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.localdiscord import installs, invocation, modals
from bot.localdiscord.components import walk
from bot.localdiscord.controls import BUTTON, SELECTS
from bot.localdiscord.interaction import AUTOCOMPLETE, COMMAND
from bot.localdiscord.message import SILENT, SUPPRESS_EMBEDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.localdiscord.attachments import Upload
    from bot.localdiscord.backend import Backend
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.message import Message
    from bot.localdiscord.outcome import Outcome
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json

_PATIENCE = 5.0


class Person:
    """One human.

    What they do raises `DiscordError` where Discord would refuse it, ValueError where their client would.
    """

    def __init__(self, backend: Backend, user: User) -> None:
        self._backend = backend
        self._world = backend.world
        self._starter = backend.starter
        self.user = user
        self.id = user.id
        self.name = user.shown_name
        self.mention = f"<@{user.id}>"

    def __repr__(self) -> str:
        return f"<Person {self.name}>"

    async def dm(self) -> Channel:
        """Open and return the direct-message channel with the bot."""
        return self._backend.places.open_dm(self.user)

    def install(self) -> None:
        """Add the app to one's own account: its commands for people come along wherever they go."""
        self.user.installed = True
        self.tell()

    def uninstall(self) -> None:
        """Take the app off one's own account."""
        self.user.installed = False
        self.tell()

    def tell(self) -> None:
        """Tell the pages how this person stands to the bot."""
        self._backend.events.emit("PERSON_UPDATE", self.wire(), person_only=True)

    def wire(self) -> Json:
        """Return the person as the page knows them: a user, and how they stand to the bot."""
        return self.user.wire() | {"dm_blocked": self.user.dm_blocked, "installed": self.user.installed}

    async def say(self, channel: Channel, content: str, *, reply_to: Json | None = None, **more: Any) -> Json:
        """Post a message; `more` are further fields of Discord's request body."""
        if reply_to:
            more["message_reference"] = {"message_id": reply_to["id"], "channel_id": channel.id}
        return self.post(channel, {"content": content, **more})

    def post(self, channel: Channel, body: Json, uploads: list[Upload] | None = None) -> Json:
        """Post a message by its request body and files."""
        kept: Json = {
            name: body[name]
            for name in ("content", "message_reference", "nonce", "attachments", "allowed_mentions", "flags")
            if name in body
        }
        kept["flags"] = (body.get("flags") or 0) & (SILENT | SUPPRESS_EMBEDS)
        message = self._backend.posting.create(channel, self.user, kept, uploads)
        return message.wire(self._world, self.id)

    async def edit(self, message: Json, content: str) -> Json:
        """Edit an own message."""
        edited = self._backend.posting.edit(self._seen(message), self.id, {"content": content})
        return edited.wire(self._world, self.id)

    async def suppress_embeds(self, message: Json, *, suppressed: bool = True) -> Json:
        """Hide the embeds of a message, or show them again; another's needs MANAGE_MESSAGES."""
        flags = SUPPRESS_EMBEDS if suppressed else 0
        edited = self._backend.posting.edit(self._seen(message), self.id, {"flags": flags})
        return edited.wire(self._world, self.id)

    async def delete(self, message: Json) -> None:
        """Delete a message; an ephemeral one is only dismissed."""
        seen = self._seen(message)
        self._backend.posting.delete(seen, None if seen.reader_id else self.id)

    async def react(self, message: Json, emoji: str) -> None:
        """React to a message."""
        self._backend.reactions.add(self._seen(message), self.id, emoji)

    async def unreact(self, message: Json, emoji: str) -> None:
        """Take a reaction back."""
        self._backend.reactions.remove(self._seen(message), self.id, emoji, self.id)

    async def open_thread(self, message: Json, name: str) -> Channel:
        """Open a thread on a message."""
        return self._backend.places.branch(self._seen(message), self.user, {"name": name})

    async def open_post(self, forum: Channel, name: str, content: str, tags: Sequence[str] = ()) -> Channel:
        """Open a post in a forum or media channel; `tags` are names of the channel's."""
        applied = [tag["id"] for tag in forum.tags if tag["name"] in tags]
        body: Json = {"name": name, "message": {"content": content}, "applied_tags": applied}
        return self._world.channel(self._backend.posts.open(forum, self.user, body).channel_id)

    async def publish(self, message: Json) -> None:
        """Publish a message of an announcement channel."""
        self._backend.posting.crosspost(self._seen(message), self.id)

    async def join_voice(self, channel: Channel) -> None:
        """Sit down in a voice or stage channel, and so leave another; raise 50013 without leave to connect."""
        self._world.require(channel, self.id, "CONNECT")
        guild, member = self._world.guild_of(channel), self._world.member(channel, self.id)
        if guild and member and member.voice_channel_id != channel.id:
            self._backend.members.sit(guild, member, channel)

    async def leave_voice(self) -> None:
        """Leave voice; nothing where they sit in none."""
        for guild in self._world.guilds.values():
            if (member := guild.members.get(self.id)) and member.voice_channel_id:
                self._backend.members.sit(guild, member, None)

    async def mute_self(self, *, muted: bool = True) -> None:
        """Mute oneself in voice, or no longer; nothing where they sit in none."""
        for guild in self._world.guilds.values():
            if (member := guild.members.get(self.id)) and member.voice_channel_id:
                member.self_mute = muted
                self._backend.members.tell_voice(guild, member)

    async def raise_hand(self, stage: Channel) -> None:
        """Ask to speak on the stage that they sit in; raise 50013 without REQUEST_TO_SPEAK."""
        self._world.require(stage, self.id, "REQUEST_TO_SPEAK")
        guild, member = self._world.guild_of(stage), self._world.member(stage, self.id)
        if guild and member and member.voice_channel_id == stage.id:
            self._backend.members.raise_hand(guild, member, time.time())

    async def click(self, message: Json, button: str) -> Outcome:
        """Press a button by its label or custom_id; ValueError where it is not there, or is disabled or a link."""
        shown = self._seen(message).components
        buttons = [part for part in walk(shown) if part["type"] == BUTTON]
        part = next((part for part in buttons if button in {part.get("custom_id"), part.get("label")}), None)
        if part is None or "custom_id" not in part:
            there = ", ".join(str(part.get("label") or part.get("custom_id")) for part in buttons)
            raise ValueError(f"There is no button {button!r} to press; there are {there or 'none'}.")
        return await self._press(
            message, {"component_type": BUTTON, "custom_id": part["custom_id"], "id": part["id"]}
        )

    async def select(self, message: Json, custom_id: str, values: list[str]) -> Outcome:
        """Choose from a select by its custom_id; ValueError where the choice is not offered."""
        shown = self._seen(message).components
        menu = next(
            (part for part in walk(shown) if part["type"] in SELECTS and part["custom_id"] == custom_id), None
        )
        if menu is None:
            raise ValueError(f"There is no select {custom_id!r} on the message.")
        return await self._press(
            message, {"component_type": menu["type"], "custom_id": custom_id, "values": values, "id": menu["id"]}
        )

    async def _press(self, message: Json, data: Json) -> Outcome:
        return await self._starter.component(self.user, message["channel_id"], message["id"], data).outcome

    async def slash(self, channel: Channel, command: str, /, **options: Any) -> Outcome:
        """Use a slash command such as "poll open"; it may take up to five seconds to be registered."""
        words = command.removeprefix("/").split()
        definition = await self._command(words[0], channel, 1)
        data = invocation.data_of(definition, words[1:], options)
        return await self._starter.command(self.user, COMMAND, channel, data).outcome

    async def autocomplete(
        self, channel: Channel, command: str, option: str, typed: str, /, **others: Any
    ) -> list[Json]:
        """Return the choices that the bot offers while an option is typed.

        TimeoutError when it offers none in time.
        """
        words = command.removeprefix("/").split()
        definition = await self._command(words[0], channel, 1)
        data = invocation.data_of(definition, words[1:], {**others, option: typed}, focused=option)
        outcome = await self._starter.command(self.user, AUTOCOMPLETE, channel, data).outcome
        if outcome.kind != "choices":
            raise TimeoutError(outcome.reason)
        return list(outcome.choices)

    async def context_menu(
        self, command: str, target: Json | User | Person, channel: Channel | None = None
    ) -> Outcome:
        """Use a command of a message's or user's context menu."""
        kind = 3 if isinstance(target, dict) else 2
        place = self._world.channel(target["channel_id"]) if isinstance(target, dict) else channel
        if place is None:
            raise ValueError("A command on a user needs the channel it is used in.")
        definition = await self._command(command, place, kind)
        target_id = target["id"] if isinstance(target, dict) else target.id
        data = {"id": definition["id"], "name": command, "type": kind, "target_id": target_id}
        return await self._starter.command(self.user, COMMAND, place, data).outcome

    async def _command(self, name: str, channel: Channel, kind: int) -> Json:
        def look() -> list[Json] | None:
            there = self._backend.commands.everywhere()
            return [command for command in there if (command["name"], command["type"]) == (name, kind)] or None

        try:
            named = await self._backend.bell.until(look, _PATIENCE)
        except TimeoutError:
            there = ", ".join(command["name"] for command in self._backend.commands.everywhere())
            raise LookupError(f"The bot has registered no command {name!r}; there are {there or 'none'}.") from None
        offered = [command for command in named if installs.of_command(self._world, self.user, channel, command)]
        if not offered:
            raise LookupError(f"The command {name!r} is not offered to {self.name} in this place.")
        # a guild's own goes before a global one
        return max(offered, key=lambda command: "guild_id" in command)

    async def submit(self, modal: Json, values: dict[str, Any]) -> Outcome:
        """Fill in a modal by custom_id and send it off; ValueError where its fields refuse the values."""
        return await self._starter.submit(
            self.user, modal["id"], modals.filled(modal["components"], values)
        ).outcome

    def _seen(self, message: Json) -> Message:
        return self._world.seen(message["channel_id"], message["id"], self.id)
