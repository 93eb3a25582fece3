"""The playground, and what tests of the local Discord have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.playground.playground import Playground
from tests.localdiscord.conftest import Probe, Rest, probe, rest, session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ["Probe", "Rest", "probe", "rest", "session"]


@pytest.fixture
async def local() -> AsyncIterator[Playground]:
    """A playground with long timeouts: on a busy machine an answer takes its time."""
    async with Playground() as server:
        server.interactions.answer_seconds = 60
        yield server
