"""A process under measurement: started in an empty folder without any of this machine's settings."""

import asyncio
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
_KEPT = {"PATH", "HOME", "SYSTEMROOT", "TMPDIR"}
_PATIENCE = 15.0


class Process:
    """``python -m MODULE`` with these settings; its output goes to the file ``log`` in its folder."""

    def __init__(self, folder: Path, module: str, settings: dict[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.log = folder / "log"
        self._module = module
        kept = {name: value for name, value in os.environ.items() if name in _KEPT}
        self._environment = kept | {"PYTHONPATH": str(ROOT)} | settings
        self._process: asyncio.subprocess.Process | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self, *arguments: str) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", self._module, *arguments,
                cwd=self.folder, env=self._environment, stdout=log, stderr=log,
            )  # fmt: skip

    async def run(self, *arguments: str) -> None:
        """Run it to its end. Raises ``RuntimeError`` with its last output if it fails."""
        await self.start(*arguments)
        assert self._process
        if await self._process.wait():
            raise RuntimeError(self.last_words())

    async def stop(self) -> None:
        """Ask it to end; kill it if it does not."""
        if not self._process or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def last_words(self) -> str:
        return self.log.read_text("utf-8", errors="replace")[-2_000:]

    def memory(self) -> float | None:
        """Return its memory in megabytes; None if there is no ``/proc``."""
        try:
            status = self._proc("status").read_text()
        except OSError:
            return None
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kilobytes) / 1024

    def busy(self) -> float | None:
        """Return the seconds it has had of a core so far; None if this machine does not tell.

        Linux has a clock of each process, whose number is made of the process's; ``/proc`` counts steps of 10 ms.
        """
        if not (self._process and sys.platform == "linux"):
            return None
        try:
            return time.clock_gettime((~self._process.pid << 3) | 2)
        except OSError:
            return None

    def _proc(self, name: str) -> Path:
        return Path(f"/proc/{self._process.pid if self._process else 0}/{name}")


def machine_busy() -> float | None:
    """Return the CPU seconds that all of this machine's cores have spent so far; None if there is no ``/proc``."""
    try:
        times = [int(ticks) for ticks in Path("/proc/stat").read_text().partition("\n")[0].split()[1:9]]
    except OSError:
        return None
    return (sum(times) - times[3] - times[4]) / os.sysconf("SC_CLK_TCK")  # without idling and waiting for a disk
