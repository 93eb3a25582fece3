"""Migrations, run by ``bot.store.schema``."""
