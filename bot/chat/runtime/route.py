"""The route of a request: the kind of resource, without ids, tokens or anything else specific."""

# The words in Discord's paths, as far as the bot knows them. Anything else in a path is left out.
_WORDS = frozenset(
    (
        "applications", "bot", "callback", "channels", "commands", "gateway", "guilds", "interactions", "members",
        "messages", "oauth2", "permissions", "pins", "reactions", "roles", "threads", "typing", "users",
        "voice-states", "voice-status", "webhooks",
    )
)  # fmt: skip


def route_of(path: str) -> str:
    """Return the route of a request's path: ``/api/v10/channels/5/messages`` is ``channels/messages``."""
    _, is_api, rest = path.partition("/v10/")
    return "/".join(word for word in rest.split("/") if word in _WORDS) or "other" if is_api else "elsewhere"
