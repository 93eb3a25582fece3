"""``!stats``, ``!leaderboard`` and ``!goal``, and the slash commands of these names."""

from collections.abc import Callable, Mapping
from datetime import date

import discord

from bot.chat.runtime.request import Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import by_field, into
from bot.chat.services import Services
from bot.chat.stats.requests import StatsRequests
from bot.chat.topic_commands import HELP, WITH_SERVERS, Option, TopicCommands, group, required, verb
from bot.domain.invocation import Invocation
from bot.domain.stats import goal_parser, parser as stats_parser
from bot.domain.stats.command import BoardSpan, Command
from bot.messages.catalogue import N_


def _add_fields(words: str) -> Mapping[str, str]:
    length, task, when = stats_parser.typed_fields(words)
    return {"length": length, "task": task, "when": when}


class _StatsTopic(TopicCommands):
    """Parses requests and runs their commands; ``parse`` takes the date where the person is, too."""

    parse: Callable[[Invocation, date], Command]

    def __init__(self, services: Services, runner: RequestRunner) -> None:
        super().__init__(services, runner)
        self._requests = StatsRequests(services, runner)

    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Carry out a command. Raises ``UserError``."""
        await self._requests.do(request, lambda today: self.parse(asked, today))


class StatsCommands(_StatsTopic):
    """A person's own statistics, and a server's."""

    slash = group(
        "stats",
        N_("Your focus time, in numbers and charts"),
        (
            verb(
                "me",
                N_("Show your focus time."),
                {
                    "period": Option(
                        N_("week, last week, year, hours, october, 2026-10, all (week if left out)"),
                        otherwise="week",
                    )
                },
                examples=("me", "year", "hours", "october"),
            ),
            verb("server", N_("Show this server's shared focus time.")),
            verb("edit", N_("Shorten or remove an entry in your focus log.")),
            verb(
                "add",
                N_("Add focus time you didn't track."),
                {
                    "length": required(N_("How long it took, such as 50m")),
                    "task": N_("What you worked on"),
                    "when": N_("When it started: 14:00, yesterday 2pm, mon 9:30 – leave it out if it just ended"),
                },
                examples=("add 50m essay yesterday 14:00",),
                spell=by_field(_add_fields),
            ),
            verb(
                "daystart",
                N_("Start your days later than midnight."),
                {"time": Option(N_("Such as 3:00 – anything earlier counts for the day before"), otherwise="0:00")},
                aliases=("day starts", "day start", "day begins", "my day starts", "my day begins"),
                examples=("day starts 3:00",),
            ),
            verb(
                "daysoff",
                N_("Choose days off that won't break your streak."),
                {"days": Option(N_("Your days off: weekend, mon and fri, none"), otherwise="weekend")},
                aliases=("days off", "day off", "my days off"),
                examples=("daysoff weekend",),
            ),
            verb(
                "digest",
                N_("Post this server's week in a channel (needs Manage Server)."),
                {
                    "channel": Option(
                        N_("Where to post it every Monday (here if left out)"), discord.TextChannel | discord.Thread
                    ),
                    "off": Option(N_("Stop posting it"), bool),
                },
                examples=("digest", "digest off"),
            ),
            verb("help", HELP),
        ),
        allowed_installs=WITH_SERVERS,
        extras={
            "default": "me",
            "aliases": {"statistics": ""},
            "introduction": N_(
                "Your focus time, counted by your own calendar. Leaderboard, goal and privacy have "
                "their own commands."
            ),
        },
    )

    parse = staticmethod(stats_parser.parse)


class LeaderboardCommands(_StatsTopic):
    """The leaderboard of a server."""

    slash = verb(
        "leaderboard",
        N_("Show who's focused most here, among those who share."),
        {
            "span": Option(
                N_("The time to count (this week if left out)"),
                otherwise=BoardSpan.WEEK,
                choices=(N_("week"), N_("month"), N_("all")),
            )
        },
        examples=("month", "all"),
        also_called=("top", "lb"),
        allowed_installs=WITH_SERVERS,
    )

    parse = staticmethod(lambda asked, _: stats_parser.leaderboard(asked))


class GoalCommands(_StatsTopic):
    """A person's goal of a day."""

    slash = verb(
        "goal",
        N_("Set how much you want to focus each day."),
        {"day": Option(N_("Per day, such as 2h, or off – leave it out to see how far you are"), otherwise="")},
        examples=("2h a day", "off"),
        spell=lambda words: into("day")(words.removesuffix(" a day")),
        allowed_installs=WITH_SERVERS,
    )

    parse = staticmethod(lambda asked, _: goal_parser.parse(asked))


STATS, LEADERBOARD, GOAL = StatsCommands.topic, LeaderboardCommands.topic, GoalCommands.topic
