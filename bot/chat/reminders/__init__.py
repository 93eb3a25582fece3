"""``!remind`` and ``/remind``."""
