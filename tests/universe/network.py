"""The network: connections between protocols in memory, with a latency, that can be cut."""

import asyncio
import contextvars
import itertools
import socket
from collections import deque
from typing import TYPE_CHECKING, Any

from tests.universe.loop import OWNER, Loop, Owner

if TYPE_CHECKING:
    from collections.abc import Callable

_PORT = 8000
_METHODS = {b"GET", b"POST", b"PUT", b"PATCH", b"DELETE"}


class Network:
    """All connections; ``latency`` gives the seconds that the next bytes take one way."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.latency: Callable[[], float] = lambda: 0.0005
        # Told who sends the head of what request, before they do.
        self.witness: Callable[[Owner, bytes], None] = lambda *_: None
        # Whether new connections are refused.
        self.down = False
        self._servers: dict[int, tuple[Any, contextvars.Context]] = {}
        self._ports = itertools.count(_PORT)
        self._addresses: dict[int, tuple[str, int]] = {}
        self.wires: dict[int, tuple[Wire, Wire]] = {}
        self._numbers = itertools.count()

    def listen(self, factory: Any, host: Any, port: Any) -> "Listener":
        port = port or next(self._ports)
        self._servers[port] = factory, contextvars.copy_context()
        return Listener(self, host, port)

    def close(self, port: int) -> None:
        self._servers.pop(port, None)

    async def reach(self, sock: socket.socket, address: tuple[str, int]) -> None:
        """Sleep for as long as a handshake takes."""
        await asyncio.sleep(2 * self.latency())
        if self.down or address[1] not in self._servers:
            raise ConnectionRefusedError(f"connection to {address[1]} refused")
        self._addresses[sock.fileno()] = address

    def connect(self, factory: Any, sock: socket.socket) -> tuple["Wire", Any]:
        address = self._addresses.pop(sock.fileno())
        if address[1] not in self._servers:
            raise ConnectionRefusedError(f"connection to {address[1]} refused")
        serve, context = self._servers[address[1]]
        number = next(self._numbers)
        here = Wire(self, number, contextvars.copy_context(), sock, ("127.0.0.1", 40_000 + number), address)
        there = Wire(self, number, context, None, address, ("127.0.0.1", 40_000 + number))
        here.peer, there.peer = there, here
        self.wires[number] = here, there
        protocol = factory()
        here.attach(protocol)
        there.attach(context.copy().run(serve))
        self.loop.call_soon(there.begin, context=there.context)
        protocol.connection_made(here)
        return here, protocol

    def hang_up(self, owner: Owner) -> None:
        """Reset all connections of a process that is gone."""
        for number, ends in list(self.wires.items()):
            if any(end.owner is owner for end in ends):
                del self.wires[number]
                for end in ends:
                    end.reset()

    def cut(self) -> None:
        """Reset all connections there are."""
        for ends in list(self.wires.values()):
            for end in ends:
                end.reset()


class Listener:
    """Replaces ``asyncio.Server``."""

    def __init__(self, network: Network, host: Any, port: int) -> None:
        self._network = network
        self._host, self._port = host, port
        self.sockets = [self]

    def getsockname(self) -> tuple[Any, int]:
        return self._host, self._port

    def close(self) -> None:
        self._network.close(self._port)

    def close_clients(self) -> None:
        """Its clients close their own."""

    async def wait_closed(self) -> None:
        """It is closed at once."""


class Wire(asyncio.Transport):
    """One end of a connection. Data arrives at the other end in order."""

    peer: "Wire"

    def __init__(
        self, network: Network, number: int, context: contextvars.Context, sock: Any, here: Any, there: Any
    ) -> None:
        super().__init__({"socket": sock, "sockname": here, "peername": there})
        self._network = network
        self._loop = network.loop
        self._number = number
        self._sock = sock
        self.context = context
        self.owner: Owner | None = context.get(OWNER)
        self._closing = False
        self._paused = False
        self._held: list[Any] = []
        self._under_way: deque[bytes | None] = deque()
        self._arrives_at = 0.0

    def attach(self, protocol: Any) -> None:
        self._protocol = protocol

    def begin(self) -> None:
        self._protocol.connection_made(self)

    def set_protocol(self, protocol: Any) -> None:
        self._protocol = protocol

    def get_protocol(self) -> Any:
        return self._protocol

    def is_closing(self) -> bool:
        return self._closing

    def is_reading(self) -> bool:
        return not self._paused

    def pause_reading(self) -> None:
        self._paused = True

    def resume_reading(self) -> None:
        self._paused = False
        held, self._held = self._held, []
        for data in held:
            self._loop.call_soon(self._take, data, context=self.context)

    def write(self, data: Any) -> None:
        if self._closing:
            return
        if self.owner and data[:7].partition(b" ")[0] in _METHODS:
            self._network.witness(self.owner, bytes(data[:200]))
        self._send(bytes(data))

    def writelines(self, list_of_data: Any) -> None:
        self.write(b"".join(list_of_data))

    def get_write_buffer_size(self) -> int:
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing is ever held back."""

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self._send(None)

    def close(self) -> None:
        if not self._closing:
            self._send(None)
            self._lose(None)

    def abort(self) -> None:
        if not self._closing:
            self._send(None)
            self._lose(None)

    def reset(self) -> None:
        """End with an error, as if the line were cut."""
        self._lose(ConnectionResetError("Connection lost"))

    def _send(self, data: bytes | None) -> None:
        """Deliver data, or None for the end, to the other end after everything sent before."""
        peer = self.peer
        at = peer._arrives_at = max(peer._arrives_at, self._loop.now + self._network.latency())
        # Timers of one moment run in no order of their own.
        peer._under_way.append(data)
        self._loop.call_at(at, peer._arrive, context=peer.context)

    def _arrive(self) -> None:
        self._take(self._under_way.popleft())

    def _take(self, data: bytes | None) -> None:
        if self._closing:
            return
        if self._paused or self._held:
            self._held.append(data)
        elif data is None:
            self._protocol.eof_received()
            self.close()
        else:
            self._protocol.data_received(data)

    def _lose(self, error: Exception | None) -> None:
        if self._closing:
            return
        self._closing = True
        self._network.wires.pop(self._number, None)
        if self._sock:
            self._sock.close()
        self._loop.call_soon(self._protocol.connection_lost, error, context=self.context)
