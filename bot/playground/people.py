"""People: what a human does with a Discord client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground import installs, invocation, modals
from bot.playground.components import walk
from bot.playground.controls import BUTTON, SELECTS
from bot.playground.errors import DiscordError, invalid
from bot.playground.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction

if TYPE_CHECKING:
    from bot.playground.attachments import Upload
    from bot.playground.backend import Backend
    from bot.playground.channel import Channel
    from bot.playground.message import Message
    from bot.playground.outcome import Outcome
    from bot.playground.user import User
    from bot.playground.wire import Json

_PATIENCE = 5.0


class Person:
    """One human.

    What they do raises `DiscordError` where Discord would refuse it, ValueError where their client would.
    """

    def __init__(self, backend: Backend, user: User) -> None:
        self._backend = backend
        self._world = backend.world
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
            for name in ("content", "message_reference", "nonce", "attachments", "allowed_mentions")
            if name in body
        }
        message = self._backend.posting.create(channel, self.user, kept, uploads)
        return message.wire(self._world, self.id)

    async def edit(self, message: Json, content: str) -> Json:
        """Edit an own message."""
        edited = self._backend.posting.edit(
            self._seen(message["channel_id"], message["id"]), self.id, {"content": content}
        )
        return edited.wire(self._world, self.id)

    async def delete(self, message: Json) -> None:
        """Delete a message; an ephemeral one is only dismissed."""
        seen = self._seen(message["channel_id"], message["id"])
        self._backend.posting.delete(seen, None if seen.reader_id else self.id)

    async def react(self, message: Json, emoji: str) -> None:
        """React to a message."""
        self._backend.reactions.add(self._seen(message["channel_id"], message["id"]), self.id, emoji)

    async def unreact(self, message: Json, emoji: str) -> None:
        """Take a reaction back."""
        self._backend.reactions.remove(self._seen(message["channel_id"], message["id"]), self.id, emoji, self.id)

    async def open_thread(self, message: Json, name: str) -> Channel:
        """Open a thread on a message."""
        return self._backend.places.branch(
            self._seen(message["channel_id"], message["id"]), self.user, {"name": name}
        )

    async def join_voice(self, channel: Channel) -> None:
        """Sit down in a voice channel, and so leave another; raise 50013 without leave to connect."""
        self._world.require(channel, self.id, "CONNECT")
        self._sit(channel)

    async def leave_voice(self) -> None:
        """Leave voice; nothing where they sit in none."""
        self._sit(None)

    def _sit(self, channel: Channel | None) -> None:
        guild = self._world.guild
        member = guild.members[self.id]
        if member.voice_channel_id != (channel.id if channel else None):
            self._backend.places.sit(guild, member, channel)

    async def click(self, message: Json, button: str) -> Outcome:
        """Press a button by its label or custom_id; ValueError where it is not there, or is disabled or a link."""
        shown = self._seen(message["channel_id"], message["id"]).components
        buttons = [one for one in walk(shown) if one["type"] == BUTTON]
        one = next((one for one in buttons if button in {one.get("custom_id"), one.get("label")}), None)
        if one is None or "custom_id" not in one:
            there = ", ".join(str(one.get("label") or one.get("custom_id")) for one in buttons)
            raise ValueError(f"There is no button {button!r} to press; there are {there or 'none'}.")
        return await self._press(
            message, {"component_type": BUTTON, "custom_id": one["custom_id"], "id": one["id"]}
        )

    async def select(self, message: Json, custom_id: str, values: list[str]) -> Outcome:
        """Choose from a select by its custom_id; ValueError where the choice is not offered."""
        shown = self._seen(message["channel_id"], message["id"]).components
        menu = next((one for one in walk(shown) if one["type"] in SELECTS and one["custom_id"] == custom_id), None)
        if menu is None:
            raise ValueError(f"There is no select {custom_id!r} on the message.")
        return await self._press(
            message, {"component_type": menu["type"], "custom_id": custom_id, "values": values, "id": menu["id"]}
        )

    async def _press(self, message: Json, data: Json) -> Outcome:
        return await self.start_component(message["channel_id"], message["id"], data).outcome

    def start_component(
        self, channel_id: str, message_id: str, data: Json, nonce: str | None = None
    ) -> Interaction:
        """Start a component's interaction, as the client does.

        50035 where the component is gone, disabled or refuses the values.
        """
        message = self._seen(channel_id, message_id)
        channel = self._world.channel(channel_id)
        part = next(
            (one for one in walk(message.components) if one.get("custom_id") == data.get("custom_id")), None
        )
        if part is None or part.get("disabled"):
            raise invalid("data.custom_id", "COMPONENT_VALIDATION_FAILED", "Component validation failed")
        sent: Json = {"id": part["id"], "component_type": part["type"], "custom_id": part["custom_id"]}
        if part["type"] in SELECTS:
            values = [str(value) for value in data.get("values") or []]
            offered = {option["value"] for option in part.get("options", [])}
            wrong = part["type"] == SELECTS[0] and not set(values) <= offered
            if wrong or not part["min_values"] <= len(values) <= part["max_values"]:
                raise invalid("data.values", "COMPONENT_VALIDATION_FAILED", "Component validation failed")
            sent["values"] = values
            if part["type"] != SELECTS[0]:
                sent["resolved"] = invocation.entities(self._world, channel, values, values, values)
        owners = installs.of_component(self._world, self.user, channel, message)
        return self._backend.interactions.start(
            COMPONENT, self.user, channel, sent, owners, message=message, nonce=nonce
        )

    async def slash(self, channel: Channel, command: str, /, **options: Any) -> Outcome:
        """Use a slash command such as "pomodoro start"; it may take up to five seconds to be registered."""
        words = command.removeprefix("/").split()
        definition = await self._command(words[0], channel, 1)
        data = invocation.data_of(definition, words[1:], options)
        return await self.start_command(COMMAND, channel, data).outcome

    async def autocomplete(
        self, channel: Channel, command: str, option: str, typed: str, /, **others: Any
    ) -> list[Json]:
        """Return the choices that the bot offers while an option is typed.

        TimeoutError when it offers none in time.
        """
        words = command.removeprefix("/").split()
        definition = await self._command(words[0], channel, 1)
        data = invocation.data_of(definition, words[1:], {**others, option: typed}, focused=option)
        outcome = await self.start_command(AUTOCOMPLETE, channel, data).outcome
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
        return await self.start_command(COMMAND, place, data).outcome

    async def _command(self, name: str, channel: Channel, kind: int) -> Json:
        def look() -> list[Json] | None:
            there = self._backend.commands.everywhere()
            return [one for one in there if (one["name"], one["type"]) == (name, kind)] or None

        try:
            named = await self._backend.bell.until(look, _PATIENCE)
        except TimeoutError:
            there = ", ".join(one["name"] for one in self._backend.commands.everywhere())
            raise LookupError(f"The bot has registered no command {name!r}; there are {there or 'none'}.") from None
        offered = [one for one in named if installs.of_command(self._world, self.user, channel, one)]
        if not offered:
            raise LookupError(f"The command {name!r} is not offered to {self.name} in this place.")
        # a guild's own goes before a global one
        return max(offered, key=lambda one: "guild_id" in one)

    def start_command(self, kind: int, channel: Channel, data: Json, nonce: str | None = None) -> Interaction:
        """Start a command's interaction.

        Raise 10063 for a command that is unknown or not offered here, 50013 without leave to use it, 10008 and
        10013 for an unknown target.
        """
        definition = self._backend.commands.get(str(data.get("id")), channel.guild_id)
        granted = self._world.permissions(channel, self.id)
        wanted = int(definition["default_member_permissions"] or 0)
        if not self._world.may(channel, self.id, "VIEW_CHANNEL", "USE_APPLICATION_COMMANDS"):
            raise DiscordError(50001)
        if channel.guild_id and (wanted & ~granted or definition["default_member_permissions"] == "0"):
            raise DiscordError(50013)
        owners = installs.of_command(self._world, self.user, channel, definition)
        if not owners:
            raise DiscordError(10063)
        if definition["type"] == invocation.MESSAGE_COMMAND:
            # an ephemeral message is no target
            self._world.message(channel.id, str(data.get("target_id")))
        elif definition["type"] == invocation.USER_COMMAND:
            self._world.user(str(data.get("target_id")))
        sent: Json = {"id": definition["id"], "name": definition["name"], "type": definition["type"]}
        sent |= {name: data[name] for name in ("options", "target_id", "guild_id") if data.get(name) is not None}
        if found := invocation.resolved(self._world, channel, sent):
            sent["resolved"] = found
        return self._backend.interactions.start(kind, self.user, channel, sent, owners, nonce=nonce)

    async def submit(self, modal: Json, values: dict[str, Any]) -> Outcome:
        """Fill in a modal by custom_id and send it off; ValueError where its fields refuse the values."""
        return await self.start_submit(modal["id"], modals.filled(modal["components"], values)).outcome

    def start_submit(self, modal_id: str, components: list[Json], nonce: str | None = None) -> Interaction:
        """Start a modal's interaction.

        Raise 10062 for an unknown modal, 50035 for values that its fields refuse.
        """
        opener = self._backend.interactions.opened(modal_id)
        modal = opener.modal or {}
        try:
            checked = modals.filled(modal["components"], modals.values(components))
        except ValueError as error:
            raise invalid("data.components", "BASE_TYPE_BAD_VALUE", str(error)) from None
        data: Json = {"id": "0", "custom_id": modal["custom_id"], "components": checked}
        entities = modals.picked(modal["components"], modals.values(components))
        if found := invocation.entities(self._world, opener.channel, entities, entities, entities):
            data["resolved"] = found
        return self._backend.interactions.start(
            MODAL_SUBMIT,
            self.user,
            opener.channel,
            data,
            opener.owners,
            message=opener.message,
            trigger=opener,
            nonce=nonce,
        )

    def _seen(self, channel_id: str, message_id: str) -> Message:
        message = self._world.messages.get(channel_id, {}).get(message_id)
        channel = self._world.channel(channel_id)
        if message is None or message.reader_id not in {None, self.id}:
            raise DiscordError(10008)
        self._world.require(channel, self.id)
        return message
