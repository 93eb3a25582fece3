"""``/settings``."""
