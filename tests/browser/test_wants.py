"""What people want takes one press or one line, sometimes two, never more than three."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

pytest.importorskip("playwright", reason="playwright comes with pip install '.[test]'")
from playwright.async_api import expect

from tests.browser.product import Playground, opened
from tests.browser.wants import WANTS, Hand

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import BrowserContext, Page

pytestmark = pytest.mark.asyncio(loop_scope="session")
expect.set_options(timeout=60_000)  # a bot, a browser and other tests share two cores


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: "BrowserContext", tmp_path: Path) -> "AsyncIterator[Page]":
    playground = Playground(tmp_path / "data")
    await playground.start()
    yield await opened(context, playground)
    assert await playground.stop() == 0


async def test_what_people_want(page: "Page") -> None:
    """Of 25 things that people want at least 15 take one press or one line, and none more than three."""
    acts = {}
    print("\npresses  lines  seconds  want")  # noqa: T201 - `pytest -s` shows the table
    for name, do in WANTS.items():
        hand = Hand(page)
        await do(hand)
        print(f"{hand.presses:7}{hand.lines:7}{hand.seconds:9.1f}  {name}")  # noqa: T201
        acts[name] = hand.presses + hand.lines
    assert len(acts) == 25
    assert {name: count for name, count in acts.items() if count > 3} == {}
    assert sum(count == 1 for count in acts.values()) >= 15
