"""``!remind`` and ``/remind``: personal reminders, typed or pressed, and *Remind me* in a message's menu."""

from collections.abc import Callable
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.components.form import Given
from bot.chat.components.suggestions import MOST, Suggestions, suggestion, zones
from bot.chat.reminders.presses import ReminderPresses
from bot.chat.reminders.requests import ReminderRequests
from bot.chat.runtime.install_contexts import ANYWHERE, WITH_PEOPLE
from bot.chat.runtime.request import Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import by_field, describe, suggest
from bot.chat.topic_commands import HELP, TopicCommands, alone
from bot.domain.invocation import Invocation
from bot.domain.reminders import fields
from bot.domain.reminders import parser as reminder_parser
from bot.domain.reminders.reminder import Reminder
from bot.domain.time.duration import spoken
from bot.domain.timers.timer import State
from bot.engine.clock import Clock
from bot.messages.catalogue import N_, gettext

_WHICH = N_("Number or first words – leave it out if you've only got one")
_PLACES = [
    app_commands.Choice(name=N_("here"), value="here"),
    app_commands.Choice(name=N_("direct message"), value="direct message"),
]


def _in_fields(verb: str) -> Callable[[str], str]:
    """Spell what is typed behind a verb as the fields of its slash command: ``when: 20m what: stretch``."""
    return by_field(lambda words: fields.in_fields(TOPIC.read(f"{verb} {words}"), TOPIC))


def _list_fields(words: str) -> str:
    return "here: True" if words == "here" else words


class ReminderCommands(TopicCommands):
    """Parses requests and runs their commands."""

    listed = "remind list"

    slash = app_commands.Group(
        name="remind",
        description=N_("Reminders for you – or for others, if you're a moderator"),
        allowed_contexts=ANYWHERE,
        allowed_installs=WITH_PEOPLE,
        extras={
            "default": "set",
            "aliases": {"reminder": "", "reminders": "", "remindme": "", "timezone": "timezone"},
            "introduction": N_(
                "I'll remind you here, or by DM if you start with *me*. Reply to a message and I'll "
                "bring that one back."
            ),
        },
    )

    def __init__(
        self, requests: ReminderRequests, presses: ReminderPresses, runner: RequestRunner, clock: Clock
    ) -> None:
        super().__init__(runner)
        self._requests = requests
        self._presses = presses
        self._clock = clock
        self._press = partial(runner.press, listed=self.listed)
        self.menu = app_commands.ContextMenu(
            name="Remind me", callback=self._of_message, allowed_contexts=ANYWHERE, allowed_installs=WITH_PEOPLE
        )

    @commands.command(name="remind", aliases=list(slash.extras["aliases"]))
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!remind …``; alone it asks for help, and ``!reminders`` for the list."""
        called = context.invoked_with or ""
        alone = "list" if called.casefold() == "reminders" else "help"
        await self.serve(self._runner.typed(context), TOPIC.called(called, words, alone))

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
        every=N_("Repeats every: day, weekday, mon and thu, 2 weeks, month on the 31st, 90 minutes; until 24 Dec"),
        where=N_("Here with a ping, or by direct message"),
        who=N_("For moderators: a role to remind instead of you"),
        channel=N_("For moderators: the channel to post it in"),
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
        await self.serve_slash(
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
        description=N_("Show your reminders."),
        extras={
            "examples": ("list", "list here"),
            "aliases": ("show", "ls", "all", "upcoming", "pending"),
            "spell": _list_fields,
        },
    )
    @app_commands.describe(
        page=N_("Which page"), here=N_("For moderators: everything coming up in this channel, timers too")
    )
    async def list_(self, interaction: discord.Interaction, page: int = 1, here: bool = False) -> None:
        """Serve ``/remind list``."""
        await self.serve_slash(interaction, "list", page=page, here=here)

    @slash.command(
        description=N_("Cancel a reminder."),
        extras={
            "examples": ("cancel #12", "cancel all"),
            "pressed": {"cancel #12": "cancel"},
            "aliases": ("stop", "end", "delete", "remove", "rm", "del", "done", "clear"),
        },
    )
    @app_commands.describe(reminder=_WHICH)
    async def cancel(self, interaction: discord.Interaction, reminder: str | None = None) -> None:
        """Serve ``/remind cancel``."""
        await self.serve_slash(interaction, "cancel", reminder=reminder)

    @slash.command(
        description=N_("Pause a reminder until you resume it."),
        extras={"examples": ("pause #12",), "pressed": {"pause #12": "pause"}, "aliases": ("mute", "hold")},
    )
    @app_commands.describe(reminder=_WHICH)
    async def pause(self, interaction: discord.Interaction, reminder: str | None = None) -> None:
        """Serve ``/remind pause``."""
        await self.serve_slash(interaction, "pause", reminder=reminder)

    @slash.command(
        description=N_("Resume a paused reminder."),
        extras={
            "examples": ("resume #12",),
            "pressed": {"resume #12": "resume"},
            "aliases": ("unpause", "continue", "unmute"),
        },
    )
    @app_commands.describe(reminder=_WHICH)
    async def resume(self, interaction: discord.Interaction, reminder: str | None = None) -> None:
        """Serve ``/remind resume``."""
        await self.serve_slash(interaction, "resume", reminder=reminder)

    @slash.command(
        description=N_("Change a reminder."),
        extras={
            "examples": ("edit #12 tomorrow 10am",),
            "pressed": {"edit #12 tomorrow 10am": "edit"},
            "aliases": ("move", "reschedule", "change", "postpone", "update", "rename"),
            "spell": _in_fields("edit"),
        },
    )
    @app_commands.describe(
        reminder=N_("Number or first words"),
        when=N_("The new time"),
        what=N_("The new text"),
        every=N_("How it repeats from now on, or never"),
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
        await self.serve_slash(interaction, "edit", reminder=reminder, when=when, what=what, every=every)

    @slash.command(
        description=N_("Set your time zone, so that 9:00 is your 9:00."),
        extras={"examples": ("timezone Berlin",), "aliases": ("tz", "time zone", "zone")},
    )
    @app_commands.describe(zone=N_("Your city or country, such as Berlin – leave it out to see what's set"))
    async def timezone(self, interaction: discord.Interaction, zone: str | None = None) -> None:
        """Serve ``/remind timezone``."""
        await self.serve_slash(interaction, "timezone", zone=zone)

    @slash.command(
        description=N_("Snooze a reminder that just came."),
        extras={
            "examples": ("snooze #12 1h",),
            "pressed": {"snooze #12 1h": "snooze 1h"},
            "spell": _in_fields("snooze"),
        },
    )
    @app_commands.describe(
        reminder=N_("Its number – leave it out for the latest one"),
        when=N_("How long, or until when (10 minutes if left out)"),
    )
    async def snooze(
        self, interaction: discord.Interaction, reminder: str | None = None, when: str | None = None
    ) -> None:
        """Serve ``/remind snooze``."""
        await self.serve_slash(interaction, "snooze", reminder=reminder, when=when)

    slash.add_command(alone("undo", N_("Undo the last reminder you set.")))
    slash.add_command(alone("help", HELP))

    async def own_reminders(self, interaction: discord.Interaction, typed: str) -> Suggestions:
        """Suggest the person's reminders that match what is typed so far."""

        async def choose() -> Suggestions:
            fitting = await self._requests.fitting(interaction.user.id, typed)
            return [self._suggestion(reminder) for reminder in fitting[:MOST]]

        return await self._runner.suggest(interaction, choose)

    async def zones(self, interaction: discord.Interaction, typed: str) -> Suggestions:
        """Suggest the time zones that match what is typed so far."""
        return await self._runner.suggest(interaction, lambda: zones(typed))

    @commands.Cog.listener()
    async def on_reminder_button(self, interaction: discord.Interaction, action: str, *numbers: int) -> None:
        """Serve a button under a reminder, or under a confirmation."""
        await self._press(interaction, lambda request: self._presses.press(request, action, numbers))

    @commands.Cog.listener()
    async def on_reminder_menu(self, interaction: discord.Interaction, timer_id: int) -> None:
        """Serve a menu of reminders."""
        await self._press(interaction, lambda request: self._presses.choose(request, timer_id))

    @commands.Cog.listener()
    async def on_reminder_form(
        self, interaction: discord.Interaction, action: str, given: Given, *numbers: int
    ) -> None:
        """Serve a form of a reminder."""
        await self._press(
            interaction, lambda request: self._presses.take_form(request, action, given, numbers), is_command=True
        )

    async def _of_message(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Serve *Remind me* in the menu of a message."""
        await self._press(
            interaction, lambda request: self._presses.ask_about(request, message.id), is_command=True
        )

    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Carry out a command. Raises ``UserError``."""
        await self._requests.do(request, reminder_parser.parse(asked, TOPIC, request.actor.user_id))

    def _suggestion(self, reminder: Reminder) -> app_commands.Choice[str]:
        timer = reminder.timer
        left = gettext("paused") if timer.state is State.PAUSED else spoken(timer.left(self._clock.now()))
        return suggestion(timer.name, f" · {left} · #{timer.id}", f"#{timer.id}")


TOPIC = ReminderCommands.topic = describe(ReminderCommands.slash)
suggest(ReminderCommands.slash, "reminder", ReminderCommands.own_reminders)
suggest(ReminderCommands.slash, "zone", ReminderCommands.zones)
