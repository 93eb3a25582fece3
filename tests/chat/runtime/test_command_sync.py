from bot.localdiscord.local import LocalDiscord
from tests.chat.conftest import Running


async def test_started_again(bot: Running, discord: LocalDiscord) -> None:
    """A start that finds the commands as they are registers none, but asks for their ids."""

    def methods() -> list[str]:
        return [exchange.method for exchange in discord.exchanges if exchange.path.endswith("/commands")]

    await bot.until(methods)
    assert methods() == ["GET"]
    assert {command["application_id"] for command in discord.commands} == {discord.backend.world.bot.id}
