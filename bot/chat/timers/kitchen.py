"""``!timer`` and ``/timer``: the same timers and verbs as ``!pomodoro``, for what is not focus, such as tea."""

from discord.ext import commands

from bot.chat.runtime.topics import describe
from bot.chat.timers.commands import TimerCommands
from bot.chat.topic_commands import TopicCommands
from bot.messages.catalogue import N_


class KitchenCommands(
    TimerCommands,
    group_name="timer",
    group_description=N_("Timers for tea and the like, which don't count as focus"),
    group_extras={
        "default": "start",
        "introduction": N_("A timer works like a pomodoro, but stays out of your focus log."),
    },
):
    """Kitchen timers, which never count."""

    counts = False

    typed = commands.command(name="timer")(TopicCommands.serve_typed)


TOPIC = KitchenCommands.topic = describe(KitchenCommands)
