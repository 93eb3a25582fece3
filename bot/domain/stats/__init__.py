"""The focus log and its statistics."""
