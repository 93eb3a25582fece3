"""One contract for the machine's threads and the simulation's."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from bot.engine.clock import Clock
from bot.threads import Pool, Threads
from tests.universe.loop import Loop, Owner
from tests.universe.machine import Machine, MachineClock

Story = Callable[[Threads, Clock], Awaitable[Any]]


def on_the_machine(story: Story) -> Any:
    async def run() -> Any:
        return await story(Threads(), Clock())

    return asyncio.run(run())


def simulated(story: Story) -> Any:
    loop = Loop(0.0)
    machine = Machine(loop, Owner("test"))
    try:
        return loop.run_until_complete(story(machine, MachineClock(loop)))
    finally:
        loop.close()


@pytest.fixture(params=[on_the_machine, simulated])
def run(request: pytest.FixtureRequest) -> Callable[[Story], Any]:
    """What runs a story with threads of either kind."""
    runner: Callable[[Story], Any] = request.param
    return runner


def test_work_gives_its_result(run: Callable[[Story], Any]) -> None:
    """A caller of work in a thread gets its result, or its exception."""

    async def story(threads: Threads, clock: Clock) -> None:
        assert await threads.run(divmod, 7, 2) == (3, 1)
        with pytest.raises(ZeroDivisionError):
            await threads.run(divmod, 7, 0)

    run(story)


def test_an_event_ends_a_wait(run: Callable[[Story], Any]) -> None:
    """A thread that waits by the clock continues as soon as its event is set, and can be joined from another."""

    async def story(threads: Threads, clock: Clock) -> list[str]:
        stop, ended, log = threading.Event(), asyncio.Event(), []
        loop = asyncio.get_running_loop()

        def work() -> None:
            log.append("waits")
            clock.wait_until(stop, clock.monotonic() + 60)
            log.append("goes on")
            loop.call_soon_threadsafe(ended.set)

        thread = threads.start(work, "worker")
        assert thread.is_alive()
        await clock.sleep(0.05)
        stop.set()
        await ended.wait()
        await threads.run(thread.join)
        assert not thread.is_alive()
        assert clock.monotonic() is not None
        return log

    assert run(story) == ["waits", "goes on"]


def test_a_wait_ends_by_itself(run: Callable[[Story], Any]) -> None:
    """A thread waits no longer than it said, by the clock."""

    async def story(threads: Threads, clock: Clock) -> float:
        began = clock.monotonic()
        await threads.run(clock.wait_until, threading.Event(), clock.monotonic() + 0.05)
        return clock.monotonic() - began

    assert 0.049 <= run(story) < 30


def test_a_join_may_time_out(run: Callable[[Story], Any]) -> None:
    """Joining a running thread returns after that many seconds."""

    async def story(threads: Threads, clock: Clock) -> bool:
        stop = threading.Event()
        thread = threads.start(lambda: clock.wait_until(stop, clock.monotonic() + 60), "worker")
        await threads.run(thread.join, 0.05)
        alive = thread.is_alive()
        stop.set()
        await threads.run(thread.join)
        return alive

    assert run(story) is True


def test_a_connection_is_driven(run: Callable[[Story], Any], tmp_path: Path) -> None:
    """An aiosqlite connection answers in order, whoever drives it."""

    async def story(threads: Threads, clock: Clock) -> Any:
        connection = aiosqlite.connect(tmp_path / "test.db")
        threads.drive(connection)
        await connection
        await connection.execute("CREATE TABLE numbers (number)")
        await connection.execute("INSERT INTO numbers VALUES (42)")
        rows = await connection.execute_fetchall("SELECT number FROM numbers")
        await connection.close()
        return list(rows)

    assert run(story) == [(42,)]


def test_a_process_does_work(run: Callable[[Story], Any]) -> None:
    """Work for another process returns its result to the event loop."""

    async def story(threads: Threads, clock: Clock) -> Any:
        with threads.process(int) as executor:
            return await asyncio.get_running_loop().run_in_executor(executor, divmod, 7, 2)

    assert run(story) == (3, 1)


def test_no_thread_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the machine's limit, work of the event loop waits for a thread that is there; the first of all fails."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    async def story() -> None:
        loop, has_begun, can_end = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

        def wait() -> bool:
            loop.call_soon_threadsafe(has_begun.set)
            return can_end.wait(60)

        loop.set_default_executor(Pool())
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", refuse)
            with pytest.raises(OSError, match="new thread"):
                await asyncio.to_thread(divmod, 7, 2)
        first = asyncio.create_task(asyncio.to_thread(wait))
        await has_begun.wait()
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", refuse)
            second = asyncio.create_task(asyncio.to_thread(divmod, 7, 2))
            await asyncio.sleep(0)
            can_end.set()
            assert (await first, await second) == (True, (3, 1))

    asyncio.run(story())


def test_work_that_blocks_keeps_no_other_waiting() -> None:
    """While there may be more threads, work never waits for what another thread is busy with."""
    for _ in range(200):
        pool, blocked = Pool(2), threading.Event()
        pool.submit(blocked.wait, 60)
        try:
            assert pool.submit(threading.get_ident).result(timeout=60)
        finally:
            blocked.set()
            pool.shutdown()
