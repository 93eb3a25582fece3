"""``!remind`` and ``/remind``: personal reminders, typed or pressed, and *Remind me* in a message's menu."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.components.form import Given
from bot.chat.help.text import topic_help
from bot.chat.reminders.presses import ReminderPresses
from bot.chat.reminders.requests import Remind as Requests
from bot.chat.runtime.install_contexts import ANYWHERE, WITH_PEOPLE
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import describe, suggest
from bot.domain.errors import UserError
from bot.domain.invocation import Invocation
from bot.domain.reminders import parser as reminder_parser
from bot.domain.reminders.reminder import Reminder
from bot.domain.time import zone
from bot.domain.time.duration import spoken
from bot.domain.timers.timer import State
from bot.engine.clock import Clock
from bot.messages.catalogue import N_, gettext

# Discord's limits: 25 choices of 100 characters.
_CHOICES, _CHOICE = 25, 100
_WHICH = N_("Its number, or how it begins; can be left out if you have only one")
_PLACES = [
    app_commands.Choice(name=N_("here"), value="here"),
    app_commands.Choice(name=N_("direct message"), value="direct message"),
]


def _in_fields(verb: str) -> Callable[[str], str]:
    """Spell what is typed behind a verb as the fields of its slash command: ``when: 20m what: stretch``."""

    def spell(words: str) -> str:
        options = reminder_parser.by_options(TOPIC.read(f"{verb} {words}"), TOPIC, 0).options
        return " ".join(f"{name}: {value}" for name, value in options.items() if value)

    return spell


class Remind(commands.Cog):
    """Parses requests and runs their commands."""

    slash = app_commands.Group(
        name="remind",
        description=N_("Reminders, for you or, by a moderator, for others"),
        allowed_contexts=ANYWHERE,
        allowed_installs=WITH_PEOPLE,
        extras={
            "default": "set",
            "introduction": N_(
                "I remind you here, or by direct message where you say *me*. "
                "Reply to a message to be reminded of it."
            ),
        },
    )

    def __init__(self, requests: Requests, presses: ReminderPresses, runner: RequestRunner, clock: Clock) -> None:
        self._requests = requests
        self._presses = presses
        self._runner = runner
        self._serve_listed = partial(runner.serve, listed="remind list")
        self._clock = clock
        self.menu = app_commands.ContextMenu(
            name="Remind me", callback=self._of_message, allowed_contexts=ANYWHERE, allowed_installs=WITH_PEOPLE
        )

    @commands.command(name="remind", aliases=["reminder", "remindme"])
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!remind …``; alone it asks for help."""
        await self._serve(self._runner.typed(context), TOPIC.read(words or "help"))

    @slash.command(
        name="set",
        description=N_("Set a reminder."),
        extras={
            "examples": (
                "20m stretch",
                "tomorrow 9am call mum",
                "me next friday 14:00 the report",
                "every weekday 9:00 stand-up",
            ),
            "spell": _in_fields("set"),
        },
    )
    @app_commands.describe(
        when=N_("20m, in 2 hours, tomorrow 9am, next friday 14:00, 24 Dec 18:00"),
        what=N_("What to remind you of"),
        every=N_("How it repeats: day, weekday, mon and thu, 2 weeks, month on the 31st, 90 minutes; until 24 Dec"),
        where=N_("Here, with a mention, or by direct message"),
        who=N_("For moderators: a role to remind instead of you"),
        channel=N_("For moderators: the channel to say it in"),
    )
    @app_commands.choices(where=_PLACES)
    async def set_(
        self,
        interaction: discord.Interaction,
        when: str | None = None,
        what: str | None = None,
        every: str | None = None,
        where: str = "here",
        who: discord.Role | None = None,
        channel: discord.TextChannel | app_commands.AppCommandThread | None = None,
    ) -> None:
        """Serve ``/remind set``; a role and a channel are handed on as mentions, as they are typed."""
        await self._serve_slash(
            interaction,
            "set",
            when=when,
            what=what,
            every=every,
            where=where,
            who=who.mention if who else None,
            channel=channel.mention if channel else None,
        )

    @slash.command(
        name="list",
        description=N_("Show what you are still to be reminded of."),
        extras={"examples": ("list",)},
    )
    @app_commands.describe(page=N_("Which page"))
    async def list_(self, interaction: discord.Interaction, page: int = 1) -> None:
        """Serve ``/remind list``."""
        await self._serve_slash(interaction, "list", page=page)

    @slash.command(description=N_("End a reminder without a word."), extras={"examples": ("cancel #12",)})
    @app_commands.describe(reminder=_WHICH)
    async def cancel(self, interaction: discord.Interaction, reminder: str | None = None) -> None:
        """Serve ``/remind cancel``."""
        await self._serve_slash(interaction, "cancel", reminder=reminder)

    @slash.command(
        description=N_("Let a reminder stay silent until you resume it."), extras={"examples": ("pause #12",)}
    )
    @app_commands.describe(reminder=_WHICH)
    async def pause(self, interaction: discord.Interaction, reminder: str | None = None) -> None:
        """Serve ``/remind pause``."""
        await self._serve_slash(interaction, "pause", reminder=reminder)

    @slash.command(
        description=N_("Let a paused reminder come again, at its next time."), extras={"examples": ("resume #12",)}
    )
    @app_commands.describe(reminder=_WHICH)
    async def resume(self, interaction: discord.Interaction, reminder: str | None = None) -> None:
        """Serve ``/remind resume``."""
        await self._serve_slash(interaction, "resume", reminder=reminder)

    @slash.command(
        description=N_("Change a reminder."),
        extras={"examples": ("edit #12 tomorrow 10am",), "spell": _in_fields("edit")},
    )
    @app_commands.describe(
        reminder=N_("Its number, or how it begins"),
        when=N_("When it is to come instead"),
        what=N_("What it is to say instead"),
        every=N_("How it is to repeat instead; or never"),
    )
    async def edit(
        self,
        interaction: discord.Interaction,
        reminder: str,
        when: str | None = None,
        what: str | None = None,
        every: str | None = None,
    ) -> None:
        """Serve ``/remind edit``."""
        await self._serve_slash(interaction, "edit", reminder=reminder, when=when, what=what, every=every)

    @slash.command(
        description=N_("Tell me your time zone, so that 9:00 is your 9:00."),
        extras={"examples": ("timezone Europe/Berlin",)},
    )
    @app_commands.describe(zone=N_("Your region and city, such as Europe/Berlin; left out, I tell you what I know"))
    async def timezone(self, interaction: discord.Interaction, zone: str | None = None) -> None:
        """Serve ``/remind timezone``."""
        await self._serve_slash(interaction, "timezone", zone=zone)

    @slash.command(description=N_("Show what I can do."))
    async def help(self, interaction: discord.Interaction) -> None:
        """Serve ``/remind help``."""
        await self._serve_slash(interaction, "help")

    async def own_reminders(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest the person's reminders that match what is typed so far."""
        try:
            self._runner.offer(interaction.user.id)
            fitting = await self._requests.fitting(interaction.user.id, typed)
        except UserError:
            return []
        now = self._clock.now()
        return [
            app_commands.Choice(
                name=_choice(reminder.timer.name, f" · {_left(reminder, now)} · #{reminder.id}"),
                value=f"#{reminder.id}",
            )
            for reminder in fitting[:_CHOICES]
        ]

    async def zones(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest the time zones that match what is typed so far."""
        try:
            self._runner.offer(interaction.user.id)
        except UserError:
            return []
        return [app_commands.Choice(name=name, value=name) for name in zone.suggestions(typed, _CHOICES)]

    @commands.Cog.listener()
    async def on_reminder_button(self, interaction: discord.Interaction, action: str, *numbers: int) -> None:
        """Serve a button under a reminder, or under a confirmation."""
        request = InteractionRequest(interaction)
        await self._serve_listed(request, lambda: self._presses.press(request, action, numbers), is_command=False)

    @commands.Cog.listener()
    async def on_reminder_menu(self, interaction: discord.Interaction, timer_id: int) -> None:
        """Serve a menu of reminders."""
        request = InteractionRequest(interaction)
        await self._serve_listed(request, lambda: self._presses.choose(request, timer_id), is_command=False)

    @commands.Cog.listener()
    async def on_reminder_form(
        self, interaction: discord.Interaction, action: str, given: Given, number: int
    ) -> None:
        """Serve a form of a reminder."""
        request = InteractionRequest(interaction)
        await self._serve_listed(request, lambda: self._presses.take_form(request, action, given, number))

    async def _of_message(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Serve *Remind me* in the menu of a message."""
        request = InteractionRequest(interaction)
        await self._serve_listed(request, lambda: self._presses.ask_about(request, message.id))

    async def _serve_slash(self, interaction: discord.Interaction, verb: str, **options: object) -> None:
        await self._serve(InteractionRequest(interaction), Invocation.of(verb, **options))

    async def _serve(self, request: Request, asked: Invocation) -> None:
        await self._serve_listed(request, lambda: self._do(request, asked))

    async def _do(self, request: Request, asked: Invocation) -> None:
        if asked.wants_help:
            await request.say(topic_help(TOPIC, request.prefix))
        else:
            await self._requests.do(request, reminder_parser.parse(asked, TOPIC, request.actor.user_id))


def _left(reminder: Reminder, now: datetime) -> str:
    return gettext("paused") if reminder.timer.state is State.PAUSED else spoken(reminder.timer.left(now))


def _choice(name: str, rest: str) -> str:
    line = " ".join(name.split())
    room = _CHOICE - len(rest)
    return (line if len(line) <= room else f"{line[: room - 1]}…") + rest


TOPIC = describe(Remind.slash)
suggest(Remind.slash, "reminder", Remind.own_reminders)
suggest(Remind.slash, "zone", Remind.zones)
