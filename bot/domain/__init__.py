"""The domain, in plain Python: no I/O, no threads, no Discord."""
