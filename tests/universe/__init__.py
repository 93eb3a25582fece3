"""A deterministic simulation of the whole bot: see tests/README.md."""
