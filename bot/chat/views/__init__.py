"""What people press: items that work after a restart, since their custom ids say all."""
