"""The workshop: a copy of the tree where modules are broken and tests run."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests import openapi

ROOT = Path(__file__).parents[2]
# A changed module must be compiled again: Python goes by its size and the whole seconds of its time.
_times = itertools.count(1)


class Workshop:
    """A copy of what git knows of the checkout, as it is there now. It is gone once it is closed."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mutants-"))
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for name in filter(None, names.split("\0")):
            if (ROOT / name).is_file():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self.folder / name)

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, path: str, text: str) -> None:
        """Replace a module's source."""
        file = self.folder / path
        file.write_text(text)
        at = next(_times)
        os.utime(file, (at, at))

    def test(self, arguments: Sequence[str], within: float | None = None, **environment: str) -> tuple[int, str]:
        """Run pytest; return its exit code and output. A run that takes longer than ``within`` is stopped."""
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", *arguments],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(self.folder), "DISCORD_OPENAPI": str(openapi.FILE)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            printed, _ = process.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)  # which lets it stop its PostgreSQL
            try:
                process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
            return -1, ""
        return process.returncode, printed
