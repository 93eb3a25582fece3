"""Parsing and writing of durations, moments, zones and recurrences."""
