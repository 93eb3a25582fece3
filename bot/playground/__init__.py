"""The playground: a page that shows a local Discord to people, and this bot in it."""
