import asyncio
import contextlib

import pytest

from bot.chat.runtime.misread import ORIGINAL, Edition, MisreadMessages
from bot.domain.errors import TooLate
from bot.messages.catalogue import N_
from tests.clock import ManualClock


async def is_read(misread: MisreadMessages, message_id: int, content: str) -> bool:
    async with asyncio.timeout(60), misread.edited(message_id, content) as read:
        return read


def edition_of(misread: MisreadMessages, message_id: int) -> Edition:
    with misread.reading(message_id) as edition:
        return edition


async def test_an_edit_is_read_once() -> None:
    """Each edit is read once, with the answer to the one before; an understood message is not read again."""
    misread = MisreadMessages(ManualClock())
    misread.add(1, "a", ORIGINAL, 10)
    assert not await is_read(misread, 1, "a")
    assert not await is_read(misread, 2, "b")
    assert await is_read(misread, 1, "b")
    first = edition_of(misread, 1)
    assert (first.number, first.answer_id) == (1, 10)
    assert not await is_read(misread, 1, "b")
    assert edition_of(misread, 1) == ORIGINAL
    misread.add(1, "b", first, 11)
    assert (edition_of(misread, 1).number, edition_of(misread, 1)) == (2, ORIGINAL)


async def test_an_edit_waits_for_the_readings_before_it() -> None:
    """An edit of a message that is being read waits until each reading of it is over."""
    misread = MisreadMessages(ManualClock())
    with misread.reading(1):
        edit = asyncio.ensure_future(is_read(misread, 1, "b"))
        with misread.reading(1):
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not edit.done()
        misread.add(1, "a")
    assert await edit


async def test_an_edit_waits_for_an_edit() -> None:
    """An edit during the reading of another waits for it, and continues from its result."""
    misread = MisreadMessages(ManualClock())
    misread.add(1, "a")
    async with misread.edited(1, "b") as first:
        edit = asyncio.ensure_future(is_read(misread, 1, "c"))
        await asyncio.sleep(0)
        edition_of(misread, 1)
        assert not edit.done()
    assert (first, await edit) == (True, False)


async def test_a_reading_that_fails() -> None:
    """A reading that fails in any way is over."""
    misread = MisreadMessages(ManualClock())
    with pytest.raises(ZeroDivisionError), misread.reading(1):
        raise ZeroDivisionError
    misread.add(1, "a")
    with pytest.raises(ZeroDivisionError):
        async with misread.edited(1, "b"):
            raise ZeroDivisionError
    assert await is_read(misread, 1, "b")


async def test_two_minutes() -> None:
    """Two minutes after the first reading edits are no longer read, however late the last reading was."""
    clock = ManualClock()
    misread = MisreadMessages(clock)
    misread.add(1, "a")
    clock.advance(119)
    misread.add(1, "b", edition_of(misread, 1))
    assert await is_read(misread, 1, "c")
    clock.advance(1)
    assert not await is_read(misread, 1, "c")


async def test_answered() -> None:
    """A message whose question was answered is not read again, unless the answer could not be served."""
    misread = MisreadMessages(ManualClock())
    misread.add(1, "a")
    with contextlib.suppress(TooLate):
        async with misread.answering(1):
            raise TooLate(N_("That question is too old to answer. Please ask me again."))
    assert await is_read(misread, 1, "b")
    async with misread.answering(1):
        reading = asyncio.create_task(is_read(misread, 1, "c"))
        await asyncio.sleep(0)
        assert not reading.done()
    assert not await reading


async def test_bounded() -> None:
    """The latest thousand messages are remembered, and nine edits of each."""
    misread = MisreadMessages(ManualClock())
    for message_id in range(1_001):
        misread.add(message_id, "a")
    assert not await is_read(misread, 0, "b")
    assert await is_read(misread, 1, "b")
    assert await is_read(misread, 1_000, "b")
    misread.add(1, "a", Edition(number=9))
    assert edition_of(misread, 1).number == 1
    misread.add(1, "a", Edition(number=9))
    assert edition_of(misread, 1) == ORIGINAL
