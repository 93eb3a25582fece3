"""Transport compression: one stream over all frames of a gateway connection, flushed after each.

Source: https://discord.com/developers/docs/events/gateway#transport-compression
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

zstd: Any
try:
    from compression import zstd  # type: ignore[import-not-found,no-redef]  # Python 3.14 brings it
except ImportError:
    try:
        from backports import zstd
    except ImportError:
        zstd = None

_MISSING = "Install backports.zstd: without it the local Discord cannot do zstd-stream."


def compressor(name: str | None) -> Callable[[bytes], bytes] | None:
    """Return what compresses a connection's frames one after the other; None where none is asked for.

    Discord ignores a name that it does not know.  Raise LookupError for zstd-stream where the library is missing.
    """
    if name == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda frame: deflate.compress(frame) + deflate.flush(zlib.Z_SYNC_FLUSH)
    if name == "zstd-stream":
        if zstd is None:
            raise LookupError(_MISSING)
        stream = zstd.ZstdCompressor()
        return lambda frame: bytes(stream.compress(frame, stream.FLUSH_BLOCK))
    return None
