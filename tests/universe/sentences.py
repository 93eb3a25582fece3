"""Sentences: what people press, and what the universe looks for in what the bot says.

Each is a part of one in the catalogue, which a test holds; ``pattern`` says what stands where it has an argument.
"""

import re

MISTAKES = "something went wrong on my end", "something's gone wrong with it on my end"
FOR_ANOTHER = "That question was for somebody else."
NOT_YOURS = "can start this one again.", "isn't your timer."
LOST = "That worked, but my answer got lost"
LIMIT = "which is the limit. Cancel one first."
UNDO = "Undo"
UNDONE, UNDONE_SET, UNDONE_EDIT = "Undone", "Undone:", "Undone – it's back to"

WEEKLY, WEEK = "every Monday, starting", "### 🍅 The week from {day} {month}"

# Timers, and what counts.
CALLS = "POMODORO! {name}", "TIME IS UP! {name}"
LATE = "finished {late} ago", "was due {date}"
ENDS, EXTENDED, PAUSED_WITH, CANCELLED = "Ends {when}", "It ends {when}", "Paused with", "Cancelled"
ADDED, REMOVED, DELETE, DELETED = "Added:", "Removed:", "Delete everything", "Deleted for good:"
TODAY, THIS_WEEK = "**Today** {amount}", "**this week** {amount}"
STREAK = "🔥 {number:,} day in a row", "🔥 {number:,} days in a row"
GOAL = "🎯 `{bar}` {done} of {goal}"
PRIVATE, SHARED = "Your focus time is private.", "You're on the leaderboards"
ELSEWHERE = "(private)"
MORE, SAVED = "-# … and", "Saved as"
IS_CALLED = "is now called"
ALL_COUNT, COUNT_FROM = "Every pomodoro counts", "count as focus from {number} minute"
PAUSED_TIMER = "Paused {name} (#{id}) with {left} left"
MAKE_IT = "Make it"
PAUSE, RESUME, LONGER, CANCEL, AGAIN = "Pause", "Resume", "+5 min", "Cancel", "Again"

# Reminders.
SET, CHANGED, RESUMED, PAUSED, SNOOZED = "⏰ I'll", "⏰ Changed:", "⏰ Resumed:", "Paused:", "Snoozed until"
MISSED = "missed {number} more time"
REPEATS_NO_MORE, NEXT = "It won't repeat any more", "Next: {times}"
ZONES = "Your time zone is {zone}", "Your clock is {zone}"
SNOOZE, SNOOZE_AN_HOUR, DONE, STOP_REPEATING = "Snooze 10 min", "1 h", "Done", "Stop repeating"
SNOOZE_TO_TOMORROW = "Tomorrow 9:00"

# Sessions.
DOORS, UP_NEXT, LEFT_IN = "🚪 Starting soon – come on in", "✋ Up next: {phase}", "{left} left in {phase}"
START_FOCUS, START_BREAK, START_NOW = "Start focus", "Start break", "Start now"
ANOTHER, EARLIER, PLAN_IS = (
    "There's already a session here",
    "That card's from an earlier phase.",
    "The plan is now",
)
GOT_IT = "Got it:"
FOCUS, SHORT_BREAK, LONG_BREAK, ALL_DONE = "Focus", "Short break", "Long break", "All done – nice work!"
BREAK, ENDED, STOPPED = "break", "ended", "stopped"
IDLE, EMPTY = "💤 Ended – nobody was around", "👋 Everyone's left"
PRESENT = "{number} person", "{number} people"
STILL_THERE = "**Were you still there?**"
PHASE_OVER = "-# {phase} is over."
LATE_PHASES = "-# started {late} ago", "-# was ready {late} ago", "-# ended {late} ago"
JOINED, LEFT, RESTS, IS_BACK = "You're in!", "You've left", "You're on a break", "Your time counts again"
DIRECTLY = "OK, I'll DM you when the phase changes."
NO_PINGS, PINGS = "OK, I won't ping you.", "OK, I'll ping you when the phase changes."
COUNTED, NOT_COUNTED = "more for you.", "won't count."
BY_VOICE = "you'll join a session by entering its voice channel"
ONLY_HOST, ALREADY, IS_HOST = "Only the host", "already", "is the host now."
JOIN, LEAVE, JUST_ME, SKIP, STOP, YES, NO = "Join", "Leave", "Pause just me", "Skip", "Stop", "Yes", "No"


def pattern(*sentences: str, **arguments: str) -> str:
    """Return a pattern of any of these, with one for each of their arguments."""
    return f"(?:{'|'.join(_pattern(sentence, arguments) for sentence in sentences)})"


def _pattern(sentence: str, arguments: dict[str, str]) -> str:
    parts = re.split(r"\{([\w:,]+)\}", sentence)
    return "".join(arguments[part] if number % 2 else re.escape(part) for number, part in enumerate(parts))
