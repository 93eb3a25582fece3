"""Discord's REST routes, a module a subject; `table.py` puts them together."""
