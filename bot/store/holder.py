"""Holders: what a process calls itself in its lease, so that others on its machine can tell when it is gone."""

import os
import socket
from pathlib import Path


def holder_here(machine: str = "") -> str:
    """Name this process; ``machine`` is what its machine is called, by its host name unless told."""
    return "|".join((*_machine(machine), str(os.getpid()), _started(os.getpid())))


def is_gone(other: str, here: str) -> bool:
    """Tell whether a process is known to have ended: it was on this machine, and is there no more."""
    *machine, number, started = other.split("|")
    if machine != here.split("|")[:-2] or not number.isdecimal() or not started:
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is another user's
        pass
    # Where what /proc says of it is not for us to read, it is there.
    return _started(int(number)) not in {started, ""}


def _machine(name: str) -> tuple[str, str]:
    """Name this machine since it was started, and the space in which process numbers mean something on it."""
    name = name or socket.gethostname()
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return name, ""
    return f"{name}/{boot}", space


def _started(pid: int) -> str:
    """Say when a process was started, in ticks since the machine was; nothing where that is not to be had.

    One that has ended, and of which its parent has not yet taken note, was never started.
    """
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "ended" if state in {"Z", "X"} else fields[18]
