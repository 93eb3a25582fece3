"""PgBouncer in transaction mode before PostgreSQL: a connection of its own for no longer than a transaction."""

import asyncio
import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from sqlalchemy import URL, make_url

_SETTINGS = """\
[databases]
{to.database} = host={sockets}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = transaction
default_pool_size = 20
max_client_conn = 500
"""
PROGRAM = shutil.which("pgbouncer", path=f"/usr/sbin:{os.environ.get('PATH', '')}")


@contextlib.asynccontextmanager
async def pgbouncer(url: str) -> AsyncIterator[str]:
    """Run one for the database of a URL; return the URL that leads through it."""
    assert PROGRAM
    to, port = make_url(url), _free_port()
    with tempfile.TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            *_as_postgres(to), PROGRAM, "-q", _configured(Path(folder), to, port),
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            await _listening(port, process)
            yield to.set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()


def _as_postgres(to: URL) -> list[str]:
    """Return the prefix that runs it as PostgreSQL's user, who owns the socket: it refuses to run as root."""
    user = next(Path(str(to.query["host"])).glob(".s.PGSQL.*")).stat().st_uid
    return ["setpriv", f"--reuid={user}", "--clear-groups"] if os.geteuid() == 0 else []


def _configured(folder: Path, to: URL, port: int) -> str:
    """Write its settings, readable by its user; return their path."""
    folder.chmod(0o755)
    settings, users = folder / "pgbouncer.ini", folder / "users.txt"
    users.write_text(f'"{to.username}" ""\n')
    settings.write_text(_SETTINGS.format(to=to, sockets=to.query["host"], port=port, users=users))
    return str(settings)


async def _listening(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(60):
        while True:
            if process.returncode is not None:
                assert process.stderr
                raise AssertionError((await process.stderr.read()).decode())
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
