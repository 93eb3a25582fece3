"""The base of all command cogs: each describes its verbs once, for typed and for slash commands."""

import functools
import inspect
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType
from discord.ext import commands

from bot.chat.components.suggestions import MOST, Suggestions
from bot.chat.help.cards import topic_help
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_cog import RequestCog
from bot.chat.runtime.topics import Command, MadeUp, commands_of, describe
from bot.domain.invocation import Invocation, Topic
from bot.domain.time import zone
from bot.messages.catalogue import N_, Template

# Whether a command is offered where the bot is a member, as it has to be to post there later on, or wherever its
# users go.
WITH_SERVERS = AppInstallationType(guild=True, user=False)
WITH_PEOPLE = AppInstallationType(guild=True, user=True)
ANYWHERE = AppCommandContext(guild=True, dm_channel=True, private_channel=True)
HELP = N_("Show what I can do.")
# How people ask for the time that is left.
LEFT = (
    "left", "remaining", "minutes left", "how many minutes left", "how many minutes are left", "eta",
    "how long", "how long left", "how long is left", "how much longer", "how much left", "how much is left",
    "how much time", "how much time do i have", "how much time do i have left", "how much time left",
    "how much time is left", "time left", "time remaining", "what's left", "whats left", "when does it end",
    "when is it over", "when is it done",
)  # fmt: skip


class TopicCommands(RequestCog):
    """Serves each verb, however it was asked for; for ``obeys_rules`` see ``RequestRunner.serve``."""

    # The slash command or the group of them, what it says of itself, and the command that is typed.
    slash: app_commands.Group | Command
    topic: Topic
    typed: commands.Command[Any, ..., Any]
    obeys_rules = True

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "slash" in vars(cls):
            topic = cls.topic = describe(cls.slash)
            cls.typed = commands.command(name=topic.name, aliases=list(topic.aliases))(cls.serve_typed)

    async def serve_typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve the words typed after the topic's name, or another name of it."""
        called = context.invoked_with or ""
        await self.serve(self.runner.typed(context), self.topic.called(called, words, self.alone(called)))

    def alone(self, called: str) -> str:  # noqa: ARG002 - one topic tells its names apart
        """Return the words that the topic's name, or another name of it, stands for when typed alone."""
        return ""

    async def serve_slash(self, interaction: discord.Interaction, verb: str, **options: object) -> None:
        """Serve a slash command with its options by name; those left out are None."""
        await self.serve(InteractionRequest(interaction), Invocation.of(verb, **options))

    async def serve(self, request: Request, asked: Invocation) -> None:
        """Serve a command, or show the topic's help."""
        await self.runner.serve(
            request,
            lambda: self._answer(request, asked),
            obeys_rules=self.obeys_rules,
            list_command=self.list_command,
        )

    async def _answer(self, request: Request, asked: Invocation) -> None:
        if asked.wants_help:
            await request.reply_with(topic_help(self.topic, request.prefix))
        else:
            await self.carry_out(request, asked)

    async def zones(self, _: discord.Interaction, typed: str) -> Suggestions:
        """Suggest the time zones that match what is typed so far."""
        return [app_commands.Choice(name=label, value=name) for label, name in zone.suggestions(typed, MOST)]

    @abstractmethod
    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Carry out a command other than help. Raises ``UserError``."""


T = TypeVar("T", bound=TopicCommands)
Suggest = Callable[[T, discord.Interaction, str], Awaitable[Suggestions]]


@dataclass(frozen=True, slots=True)
class Option:
    """A field of a slash command: what it is for, its type or choices, and what leaving it out means."""

    about: Template
    type: Any = str
    is_required: bool = False
    otherwise: object = None
    choices: Sequence[Template] = ()


def required(about: Template, kind: Any = str) -> Option:
    """Describe an option that has to be filled in."""
    return Option(about, kind, is_required=True)


def verb(
    name: str,
    description: Template,
    options: Mapping[str, Option | Template] | None = None,
    *,
    allowed_installs: AppInstallationType | None = None,
    **extras: Any,
) -> Command:
    """Describe a verb and its options by name; a bare template describes an optional text.

    For ``extras`` see ``runtime.topics``; a verb without options is its own example, unless it is help.
    """
    fields = {key: about if isinstance(about, Option) else Option(about) for key, about in (options or {}).items()}

    async def serve(cog: TopicCommands, interaction: discord.Interaction, **values: Any) -> None:
        is_alone = getattr(interaction.command, "parent", None) is None
        given = {key: _as_typed(values[key], field.otherwise) for key, field in fields.items()}
        await cog.serve_slash(interaction, "" if is_alone else name, **given)

    # discord.py reads the options from the callback's signature, and by its name that it is a cog's.
    serve.__qualname__ = f"{TopicCommands.__name__}.{name}"
    own = list(inspect.signature(serve).parameters.values())[:2]
    inputs = [_parameter(key, field) for key, field in fields.items()]
    serve.__signature__ = inspect.Signature([*own, *inputs])  # type: ignore[attr-defined]
    app_commands.describe(**{key: field.about for key, field in fields.items()})(serve)
    choices = {
        key: [app_commands.Choice(name=choice, value=str(choice)) for choice in field.choices]
        for key, field in fields.items()
        if field.choices
    }
    app_commands.choices(**choices)(serve)
    examples = extras.setdefault("examples", () if fields or name == "help" else (name,))
    pressed = {str(example): name for example in examples if isinstance(example, MadeUp)}
    return app_commands.Command(
        name=name,
        description=description,
        callback=serve,
        allowed_installs=allowed_installs,
        extras={"pressed": pressed} | extras,
    )


def group(
    name: str, description: Template, verbs: Iterable[Command], *, extras: Mapping[str, Any], **options: Any
) -> app_commands.Group:
    """Describe a topic with its verbs; for ``extras`` see ``runtime.topics``, all else is discord.py's."""
    described = app_commands.Group(name=name, description=description, extras=dict(extras), **options)
    for command in verbs:
        described.add_command(command)
    return described


def suggest(described: app_commands.Group | Command, option: str, suggestions: Suggest[T], *verbs: str) -> None:
    """Suggest values for an option of these verbs, or of all that have it, see ``RequestRunner.suggest``."""

    async def choose(cog: T, interaction: discord.Interaction, typed: str) -> Suggestions:
        return await cog.runner.suggest(interaction, lambda: suggestions(cog, interaction, typed))

    functools.update_wrapper(choose, suggestions)
    for command in commands_of(described):
        if command.get_parameter(option) and (not verbs or command.name in verbs):
            command.autocomplete(option)(choose)


def _parameter(name: str, field: Option) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    if field.is_required:
        return inspect.Parameter(name, kind, annotation=field.type)
    return inspect.Parameter(name, kind, annotation=field.type | None, default=None)


def _as_typed(value: object, otherwise: object) -> object:
    """Return the value of an option as it would be typed: a person, a role or a channel by its mention."""
    if isinstance(value, discord.Role) and value.is_default():
        return "@everyone"
    return otherwise if value is None else getattr(value, "mention", value)
