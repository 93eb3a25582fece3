"""Buttons, menus and forms that outlive a restart."""
