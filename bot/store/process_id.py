"""Process ids: how a process names itself in its lease, so that others on its machine can tell when it is gone."""

import os
import socket
from pathlib import Path

# A pid has fewer digits.
_DIGITS = 10


def process_id_here(machine: str = "") -> str:
    """Return the id of this process; ``machine`` names its machine, by default the host name."""
    return "|".join((*_machine(machine), str(os.getpid()), _started(os.getpid())))


def is_gone(other: str, here: str) -> bool:
    """Return whether a process is known to have ended: it was on this machine, and no longer exists."""
    machine, process = other.split("|")[:-2], other.split("|")[-2:]
    if machine != here.split("|")[:-2] or len(process) < 2:
        return False
    number, started = process
    if not (number.isdecimal() and len(number) < _DIGITS and started):
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it belongs to another user
        pass
    # Where its /proc entry cannot be read, it is assumed to exist.
    return _started(int(number)) not in {started, ""}


def _machine(name: str) -> tuple[str, str]:
    """Return this machine's name with its boot id, and its pid namespace."""
    name = name or socket.gethostname()
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return name, ""
    return f"{name}/{boot}", space


def _started(pid: int) -> str:
    """Return when a process was started, in clock ticks since boot; empty if unknown. A zombie has ended."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "ended" if state in {"Z", "X"} else fields[18]
