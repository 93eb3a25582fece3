"""Shared focus sessions."""
