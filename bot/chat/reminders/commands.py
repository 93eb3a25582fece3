"""``!remind`` and ``/remind``: personal reminders, typed or pressed, and *Remind me* in a message's menu."""

from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands

from bot.chat.components.suggestions import MOST, Suggestions, suggestion
from bot.chat.reminders import form as forms
from bot.chat.reminders.requests import ReminderRequests
from bot.chat.runtime.request import Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import MadeUp, by_field
from bot.chat.services import Services
from bot.chat.topic_commands import (
    ANYWHERE,
    HELP,
    WITH_PEOPLE,
    Option,
    TopicCommands,
    group,
    required,
    suggest,
    verb,
)
from bot.domain.invocation import Invocation
from bot.domain.reminders import fields, parser as reminder_parser
from bot.domain.reminders.reminder import Reminder
from bot.domain.time.duration import spoken
from bot.domain.timers.timer import State
from bot.messages.catalogue import N_, gettext

_WHICH = N_("Number or first words – leave it out if you've only got one")


def _in_fields(verb: str) -> Callable[[str], str]:
    """Spell the words after a verb as the fields of its slash command: ``when: 20m what: stretch``."""
    return by_field(lambda words: fields.in_fields(TOPIC.read(f"{verb} {words}"), TOPIC))


class ReminderCommands(TopicCommands):
    """Parses requests and runs their commands."""

    list_command = "remind list"

    slash = group(
        "remind",
        N_("Reminders for you – or for others, if you're a moderator"),
        (
            verb(
                "set",
                N_("Set a reminder."),
                {
                    "when": N_("20m, in 2 hours, tomorrow 9am, next friday 14:00, 24 Dec 18:00"),
                    "what": N_("What to remind you of"),
                    "every": N_(
                        "Repeats every: day, weekday, mon and thu, 2 weeks, month on the 31st, "
                        "90 minutes; until 24 Dec"
                    ),
                    "where": Option(
                        N_("Here with a ping, or by direct message"),
                        otherwise="here",
                        choices=(N_("here"), N_("direct message")),
                    ),
                    "who": Option(N_("For moderators: a role to remind instead of you"), discord.Role),
                    "channel": Option(
                        N_("For moderators: the channel to post it in"),
                        discord.TextChannel | app_commands.AppCommandThread,
                    ),
                },
                examples=(
                    "20m stretch",
                    "tomorrow 9am call mum",
                    "me next friday 14:00 the report",
                    "every weekday 9:00 stand-up",
                ),
                spell=_in_fields("set"),
                is_verbatim=True,
            ),
            verb(
                "list",
                N_("Show your reminders."),
                {
                    "page": Option(N_("Which page"), int, otherwise=1),
                    "here": Option(
                        N_("For moderators: everything coming up in this channel, timers too"),
                        bool,
                        otherwise=False,
                    ),
                },
                examples=("list", "list here"),
                aliases=("show", "ls", "all", "upcoming", "pending"),
            ),
            verb(
                "cancel",
                N_("Cancel a reminder."),
                {"reminder": _WHICH},
                examples=(MadeUp("cancel #12"), "cancel all"),
                aliases=("stop", "end", "delete", "remove", "rm", "del", "done", "clear"),
            ),
            verb(
                "pause",
                N_("Pause a reminder until you resume it."),
                {"reminder": _WHICH},
                examples=(MadeUp("pause #12"),),
                aliases=("mute", "hold"),
            ),
            verb(
                "resume",
                N_("Resume a paused reminder."),
                {"reminder": _WHICH},
                examples=(MadeUp("resume #12"),),
                aliases=("unpause", "continue", "unmute"),
            ),
            verb(
                "edit",
                N_("Change a reminder."),
                {
                    "reminder": required(N_("Number or first words")),
                    "when": N_("The new time"),
                    "what": N_("The new text"),
                    "every": N_("How it repeats from now on, or never"),
                },
                examples=(MadeUp("edit #12 tomorrow 10am"),),
                aliases=("move", "reschedule", "change", "postpone", "update", "rename"),
                spell=_in_fields("edit"),
                is_verbatim=True,
            ),
            verb(
                "timezone",
                N_("Set your time zone, so that 9:00 is your 9:00."),
                {"zone": N_("Your city or country, such as Berlin – leave it out to see what's set")},
                examples=("timezone Berlin",),
                aliases=("tz", "time zone", "zone"),
            ),
            verb(
                "snooze",
                N_("Snooze a reminder that just came."),
                {
                    "reminder": N_("Its number – leave it out for the latest one"),
                    "when": N_("How long, or until when (10 minutes if left out)"),
                },
                examples=("snooze #12 1h",),
                pressed={"snooze #12 1h": "snooze 1h"},
                spell=_in_fields("snooze"),
            ),
            verb("undo", N_("Undo the last reminder you set.")),
            verb("help", HELP),
        ),
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

    def __init__(self, services: Services, runner: RequestRunner) -> None:
        super().__init__(services, runner)
        self._requests = ReminderRequests(services, runner)

    async def cog_load(self) -> None:
        """Add *Remind me* to the menu of messages."""
        menu = app_commands.ContextMenu(
            name="Remind me", callback=self._of_message, allowed_contexts=ANYWHERE, allowed_installs=WITH_PEOPLE
        )
        self._services.client.tree.add_command(menu)

    def alone(self, called: str) -> str:
        """Return that ``!reminders`` asks for the list, and any other name for help."""
        return "list" if called.casefold() == "reminders" else "help"

    async def own_reminders(self, interaction: discord.Interaction, typed: str) -> Suggestions:
        """Suggest the person's reminders that match what is typed so far."""
        fitting = await self._requests.fitting(interaction.user.id, typed)
        return [self._suggestion(reminder) for reminder in fitting[:MOST]]

    async def _of_message(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        await self.runner.press(
            interaction,
            lambda request: request.open_form(
                forms.of_message(message.id, is_user_install=request.is_user_install)
            ),
            obeys_rules=True,
            list_command=self.list_command,
        )

    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Carry out a command. Raises ``UserError``."""
        await self._requests.do(request, reminder_parser.parse(asked, TOPIC, request.actor.user_id))

    def _suggestion(self, reminder: Reminder) -> app_commands.Choice[str]:
        timer = reminder.timer
        left = gettext("paused") if timer.state is State.PAUSED else spoken(timer.left(self._clock.now()))
        return suggestion(timer.name, f" · {left} · #{timer.id}", f"#{timer.id}")


TOPIC = ReminderCommands.topic
suggest(ReminderCommands.slash, "reminder", ReminderCommands.own_reminders)
suggest(ReminderCommands.slash, "zone", TopicCommands.zones)
