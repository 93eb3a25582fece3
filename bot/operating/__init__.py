"""Tools for operators: checks, metrics and migration of data."""
