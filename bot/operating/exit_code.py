"""The exit code of a command that failed, and the sentence on standard error that says why."""

import sys


def fail(sentence: str, code: int = 1) -> int:
    """Print why a command failed; return its exit code: 1 for a failure, 2 for wrong settings or arguments."""
    print(sentence, file=sys.stderr)
    return code
