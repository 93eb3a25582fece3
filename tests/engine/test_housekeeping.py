import asyncio
import contextlib

from bot.service.housekeeping import Housekeeping
from bot.service.privacy import Privacy
from bot.store.database import DatabaseUnavailable
from tests.clock import HurriedClock
from tests.engine.conftest import Engine


async def test_once_an_hour(engine: Engine) -> None:
    """It tidies up when the bot starts and once an hour, also after a failure."""

    class Counted(Housekeeping):
        tidied = 0

        async def tidy(self) -> None:
            self.tidied += 1
            if self.tidied == 2:
                raise DatabaseUnavailable("away")
            if self.tidied == 4:
                raise asyncio.CancelledError

    clock = HurriedClock()
    housekeeping = Counted(engine.database, Privacy(engine.database, engine.sessions, clock), clock, 1, 1)
    with contextlib.suppress(asyncio.CancelledError):
        await housekeeping.run()
    assert clock.slept == [3600, 3600, 3600]
