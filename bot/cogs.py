"""The cogs: all commands and listeners of the bot."""

from bot.chat.channels.requests import ChannelRequests
from bot.chat.focus.buttons import FocusButtons
from bot.chat.focus.channel_events import ChannelEvents
from bot.chat.focus.commands import FocusCommands
from bot.chat.help.commands import Help
from bot.chat.help.greeting import Greeting
from bot.chat.privacy.commands import PrivacyCommands
from bot.chat.reminders.buttons import ReminderButtons
from bot.chat.reminders.commands import ReminderCommands
from bot.chat.runtime.answers import Answers
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.services import Services
from bot.chat.settings.commands import SettingsCommands
from bot.chat.stats.commands import GoalCommands, LeaderboardCommands, StatsCommands
from bot.chat.stats.correction_requests import CorrectionRequests
from bot.chat.stats.requests import StatsRequests
from bot.chat.timers.commands import KitchenCommands, PomodoroCommands
from bot.chat.timers.requests import TimerRequests

_COGS = (
    PomodoroCommands, KitchenCommands, TimerRequests, FocusCommands, FocusButtons, ReminderCommands,
    ReminderButtons, StatsCommands, StatsRequests, CorrectionRequests, LeaderboardCommands, GoalCommands,
    PrivacyCommands, SettingsCommands, ChannelRequests, Help, Greeting, Answers, ChannelEvents,
)  # fmt: skip


async def add_cogs(services: Services, runner: RequestRunner) -> None:
    """Add the commands to a client that is logged in."""
    for cog in _COGS:
        await services.client.add_cog(cog(services, runner))
    await services.client.add_cog(services.focus.earlier_cards)
