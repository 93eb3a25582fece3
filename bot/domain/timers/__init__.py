"""Timers and the commands on them."""
