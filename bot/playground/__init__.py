"""A local Discord: REST and gateway over loopback sockets, for the demo playground and for every test.

It stands outside the bot and imports nothing of it.  `local.LocalDiscord` is the door in.
"""
