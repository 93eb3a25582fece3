"""``!privacy`` and ``/privacy``."""
