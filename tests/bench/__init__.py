"""The benchmark: ``python -m tests.bench`` prints one table of what the bot takes, beside two plain bots."""
