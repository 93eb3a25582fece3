"""The route of a request: what kind of thing it asks for, without ids, tokens or anything else of one of them."""

# The words of Discord's addresses, as far as the bot knows them. Whatever else is in an address is left out.
_WORDS = frozenset(
    (
        "applications", "bot", "callback", "channels", "commands", "gateway", "guilds", "interactions", "members",
        "messages", "oauth2", "permissions", "pins", "reactions", "roles", "threads", "typing", "users",
        "voice-states", "voice-status", "webhooks",
    )
)  # fmt: skip


def route_of(path: str) -> str:
    """Name the route of a request's path: ``/api/v10/channels/5/messages`` is ``channels/messages``."""
    _, is_api, asked = path.partition("/v10/")
    return "/".join(word for word in asked.split("/") if word in _WORDS) or "other" if is_api else "elsewhere"
