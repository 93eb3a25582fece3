"""``!stats``, ``!goal`` and ``!leaderboard``."""
