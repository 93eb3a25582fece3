"""Asides: what people ask beside the keeping of time; it must be answered, whatever it says."""

from tests.universe.human import Human

_TYPED = (
    "!goal 2h a day", "!stats days off weekend", "!privacy", "!privacy share", "!privacy unshare", "!help",
    "!pomodoro help", "!remind help", "!focus presets", "!focus save mine 3x(30m focus, 5m break)",
    "!leaderboard month",
    "!focus list", "!remind timezone", "!remind when pigs fly", "!focus forget mine",
    "!focus status", "!stats edit", "!privacy export",
)  # fmt: skip
_SLASH = ("pomodoro list", "remind list", "privacy show", "focus list", "focus presets", "pomodoro help")


class Asides:
    """All of that, by chance."""

    async def act(self, human: Human) -> None:
        """Ask one thing."""
        channel = human.chance.choice(human.channels)
        if human.chance.random() < 0.7:
            await human.type(channel, human.chance.choice(_TYPED))
        else:
            await human.slash(channel, human.chance.choice(_SLASH))
