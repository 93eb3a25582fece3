"""The tables. Times are milliseconds since 1970 (UTC) in the database and aware datetimes in Python."""

from bot.store.table.base import metadata
from bot.store.table.log import focus_log, focus_slices, focus_sums
from bot.store.table.people import left_guilds, preferences, presets, questions, rules
from bot.store.table.processes import identifies, leases, notes
from bot.store.table.sessions import efforts, participants, sessions, unconfirmed
from bot.store.table.timers import outbox, reminders, timers

__all__ = [
    "efforts", "focus_log", "focus_slices", "focus_sums", "identifies", "leases", "left_guilds", "metadata",
    "notes", "outbox", "participants", "preferences", "presets", "questions", "reminders", "rules", "sessions",
    "timers", "unconfirmed",
]  # fmt: skip
