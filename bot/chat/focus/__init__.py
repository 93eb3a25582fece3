"""``!focus`` and ``/focus``."""
