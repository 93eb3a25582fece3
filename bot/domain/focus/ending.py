"""An ending: why a session is over."""

from enum import StrEnum


class Ending(StrEnum):
    """Why a session is over; ``STRANDED``: its channel is gone, or closed to the bot, and nobody moved it."""

    FINISHED = "finished"
    STOPPED = "stopped"
    EMPTY = "empty"
    IDLE = "idle"
    STRANDED = "stranded"
