"""A bot that is written with hikari; imported only where one runs, since that takes longer than most tests."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import hikari
from hikari.impl import AutocompleteChoiceBuilder

if TYPE_CHECKING:
    from bot.localdiscord.local import LocalDiscord

INTENTS = hikari.Intents.ALL_UNPRIVILEGED | hikari.Intents.MESSAGE_CONTENT


class Bot(hikari.GatewayBot):
    """A bot that says hello, edits, uploads, and answers a command, its autocomplete and its button."""

    def __init__(self, local: LocalDiscord) -> None:
        super().__init__(local.token, rest_url=local.api_url, intents=INTENTS, banner=None, logs=None)
        self.seen: dict[type, list[Any]] = defaultdict(list)
        self.bell = asyncio.Condition()
        self.subscribe(hikari.StartedEvent, self.register)
        self.subscribe(hikari.GuildMessageCreateEvent, self.read)
        self.subscribe(hikari.InteractionCreateEvent, self.answer)
        for kind in (hikari.StartedEvent, hikari.ShardReadyEvent, hikari.ShardResumedEvent, hikari.ExceptionEvent):
            self.subscribe(kind, self.note)
        self.subscribe(hikari.GuildAvailableEvent, self.note)

    async def note(self, event: Any) -> None:
        async with self.bell:
            self.seen[type(event)].append(event)
            self.bell.notify_all()

    async def until(self, kind: type, count: int = 1) -> Any:
        """Return the last of `count` events of a kind."""
        async with asyncio.timeout(30), self.bell:
            await self.bell.wait_for(lambda: len(self.seen[kind]) >= count)
        return self.seen[kind][-1]

    async def register(self, _: hikari.StartedEvent) -> None:
        application = await self.rest.fetch_application()
        command = self.rest.slash_command_builder("brew", "Make tea").add_option(
            hikari.CommandOption(
                type=hikari.OptionType.STRING,
                name="kind",
                description="Of what",
                is_required=True,
                autocomplete=True,
            )
        )
        await self.rest.set_application_commands(application, [command])

    async def read(self, event: hikari.GuildMessageCreateEvent) -> None:
        if event.author.is_bot:
            return
        if event.content == "hello":
            message = await event.message.respond("Hello!", reply=True)
            await message.edit("Hello, edited!", embed=hikari.Embed(title="Tea", description="is ready"))
            await message.add_reaction("🍵")
        elif event.content == "file":
            attachment = hikari.Bytes("steep for five minutes", "tea.txt")
            await event.message.respond("Here:", attachment=attachment)

    async def answer(self, event: hikari.InteractionCreateEvent) -> None:
        interaction = event.interaction
        if isinstance(interaction, hikari.AutocompleteInteraction):
            typed = str(interaction.options[0].value)
            kinds = [kind for kind in ("green", "grey", "mint") if kind.startswith(typed)]
            await interaction.create_response([AutocompleteChoiceBuilder(kind.title(), kind) for kind in kinds])
        elif isinstance(interaction, hikari.CommandInteraction):
            assert interaction.options
            row = self.rest.build_message_action_row().add_interactive_button(
                hikari.ButtonStyle.PRIMARY, "pour", label="Pour"
            )
            await interaction.create_initial_response(
                hikari.ResponseType.MESSAGE_CREATE, f"Brewing {interaction.options[0].value}", component=row
            )
            await interaction.execute("It takes a while", flags=hikari.MessageFlag.EPHEMERAL)
        elif isinstance(interaction, hikari.ComponentInteraction):
            await interaction.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_UPDATE)
            await interaction.edit_initial_response("Poured", components=[])
