"""What a timer is, in plain Python: no I/O, no threads, no Discord."""
