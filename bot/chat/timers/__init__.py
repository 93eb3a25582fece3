"""``!pomodoro`` and ``/pomodoro``."""
