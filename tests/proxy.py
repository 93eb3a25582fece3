"""A proxy before PostgreSQL that can be cut: it still accepts data, but forwards none."""

import asyncio
import contextlib
from types import TracebackType
from typing import Self

from sqlalchemy import make_url


class Proxy:
    """An async context manager; ``url`` leads through it to the database of another URL."""

    def __init__(self, url: str) -> None:
        self._to = make_url(url)
        self._open = asyncio.Event()
        self._open.set()
        self.swallowed = asyncio.Event()  # something was sent while it was cut
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        through = self._to.set(host="127.0.0.1", port=port, query={})
        self.url = through.render_as_string(hide_password=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Stop forwarding."""
        self.swallowed.clear()
        self._open.clear()

    def mend(self) -> None:
        """Forward what has been held back, and everything from now on."""
        self._open.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        folder = self._to.query.get("host")
        if folder:
            there, back = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{self._to.port or 5432}")
        else:
            there, back = await asyncio.open_connection(self._to.host, self._to.port)
        both = (self._pass_on(reader, back), self._pass_on(there, writer))
        task = asyncio.ensure_future(asyncio.gather(*both))
        self._tasks.add(task)  # type: ignore[arg-type]
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await task
        for stream in (back, writer):
            stream.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            if not self._open.is_set():
                self.swallowed.set()
                await self._open.wait()
            writer.write(data)
            await writer.drain()
        writer.close()
