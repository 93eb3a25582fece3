"""The tables by subject; ``bot.store.tables`` has them all."""
