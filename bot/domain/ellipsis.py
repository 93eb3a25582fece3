"""The ellipsis: stands for the end of a text that is too long to be shown in full."""


def truncated(text: str, most: int) -> str:
    """Cut a text to at most ``most`` characters, the ellipsis included."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def on_one_line(text: str, most: int) -> str:
    """Put a text on one line, and cut it to at most ``most`` characters."""
    return truncated(" ".join(text.split()), most)
