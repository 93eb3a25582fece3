"""The nursery: a process that has imported everything already, and forks another for each seed."""

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence


def serve(live: Callable[[Sequence[str]], object]) -> None:
    """Let each line of the standard input, ``[seconds, arguments]``, live in a process of its own, and answer it.

    One that has not ended after that many seconds of CPU time, or twenty times as many of real time, is ended.
    """
    for line in sys.stdin:
        seconds, arguments = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.setitimer(signal.ITIMER_PROF, seconds)
            signal.setitimer(signal.ITIMER_REAL, seconds * 20)
            os.close(0)
            os.dup2(2, 1)
            try:
                live(arguments)
            except Exception:  # noqa: BLE001 - shown, and the process ends
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        print(json.dumps(os.waitstatus_to_exitcode(status)), flush=True)  # noqa: T201 - the answer
