"""Coverage: which fields of Discord's the local Discord acts on; it refuses the others by name.

A route declares the fields of its own body, `ACTED_ON` those of the objects within, by Discord's titles for them.
`COVERAGE.md` shows both; `python -m tests.shapes` writes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.localdiscord import shape

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.localdiscord.route import Route

_PREFACE = """# What the local Discord covers

Every request that is not here is answered with 404 and its name. Of those that are, a field or query parameter that
Discord has and the local Discord does not act on is answered with 400 and its name (in a POST an empty one passes).
What Discord does not know either is ignored, and noted in `Exchange.ignored`.
""".splitlines()
_HEAD = ["| | acts on | refuses by name |", "|---|---|---|"]
FILE = Path(__file__).with_name("COVERAGE.md")
_MESSAGE = "content embeds allowed_mentions components attachments flags"
_SELECT = "type id custom_id placeholder min_values max_values disabled required"
_OPTION = "type name name_localizations description description_localizations required"
_CHOICE = "name name_localizations value"
# Discord ignores these too, and sets them itself: https://discord.com/developers/docs/resources/webhook#execute-webhook
_MEASURED = "url width height"

_OBJECTS: dict[str, str] = {
    "IncomingWebhookInteractionRequest": f"{_MESSAGE} tts",
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": _MESSAGE,
    "ModalInteractionCallbackRequestData": "custom_id title components",
    "InteractionApplicationCommandAutocompleteCallbackIntegerData"
    " or InteractionApplicationCommandAutocompleteCallbackNumberData"
    " or InteractionApplicationCommandAutocompleteCallbackStringData": "choices",
    "ApplicationCommandOptionIntegerChoice"
    " or ApplicationCommandOptionNumberChoice"
    " or ApplicationCommandOptionStringChoice": "name value",
    "SocialLayerSKUPurchaseEligibilityCallbackData": "",
    # messages
    "MessageAllowedMentionsRequest": "parse users roles replied_user",
    "MessageAttachmentRequest": "id filename description",
    "MessageReferenceRequest": "guild_id channel_id message_id fail_if_not_exists type",
    "RichEmbed": "type url title color timestamp description author image thumbnail footer fields provider video",
    "RichEmbedAuthor": "name url icon_url",
    "RichEmbedField": "name value inline",
    "RichEmbedFooter": "text icon_url",
    "RichEmbedImage": _MEASURED,
    "RichEmbedProvider": "name url",
    "RichEmbedThumbnail": _MEASURED,
    "RichEmbedVideo": _MEASURED,
    # components
    "ActionRowComponentForMessageRequest": "type id components",
    "ActionRowComponentForModalRequest": "type id components",
    "ButtonComponentForMessageRequest": "type id custom_id style label disabled url emoji",
    "CheckboxComponentForModalRequest": "type id custom_id default",
    "CheckboxGroupComponentForModalRequest": "type id custom_id min_values max_values required options",
    "CheckboxGroupOptionForRequest": "label value description default",
    "ComponentEmojiForRequest": "id name",
    "ContainerComponentForMessageRequest": "type id accent_color components spoiler",
    "FileComponentForMessageRequest": "type id spoiler file",
    "FileUploadComponentForModalRequest": "type id custom_id min_values max_values required",
    "LabelComponentForModalRequest": "type id label description component",
    "MediaGalleryComponentForMessageRequest": "type id items",
    "MediaGalleryItemRequest": "description spoiler media",
    "RadioGroupComponentForModalRequest": "type id custom_id required options",
    "RadioGroupOptionForRequest": "label value description default",
    "SectionComponentForMessageRequest": "type id components accessory",
    "SeparatorComponentForMessageRequest": "type id spacing divider",
    "StringSelectOptionForRequest": "label value description default emoji",
    "TextDisplayComponentForMessageRequest": "type id content",
    "TextDisplayComponentForModalRequest": "type id content",
    "TextInputComponentForModalRequest": "type id custom_id style label value placeholder required min_length"
    " max_length",
    "ThumbnailComponentForMessageRequest": "type id description spoiler media",
    "UnfurledMediaRequest": "url",
    "UnfurledMediaRequestWithAttachmentReferenceRequired": "url",
    **{
        f"{kind}SelectComponentFor{place}Request": f"{_SELECT}{more}"
        for kind, more in (
            ("Channel", " default_values channel_types"),
            ("Mentionable", " default_values"),
            ("Role", " default_values"),
            ("String", " options"),
            ("User", " default_values"),
        )
        for place in ("Message", "Modal")
    },
    **{f"{kind}SelectDefaultValue": "type id" for kind in ("Channel", "Role", "User")},
    # commands
    **{
        f"ApplicationCommand{kind}Option": f"{_OPTION}{more}"
        for kind, more in (
            ("Attachment", ""),
            ("Boolean", ""),
            ("Channel", " channel_types"),
            ("Integer", " autocomplete choices min_value max_value"),
            ("Mentionable", ""),
            ("Number", " autocomplete choices min_value max_value"),
            ("Role", ""),
            ("String", " autocomplete choices min_length max_length"),
            ("Subcommand", " options"),
            ("SubcommandGroup", " options"),
            ("User", ""),
        )
    },
    **{f"ApplicationCommandOption{kind}Choice": _CHOICE for kind in ("Integer", "Number", "String")},
    # channels
    "BaseCreateMessageCreateRequest": _MESSAGE,
    "UpdateThreadTagRequest": "id name moderated emoji_id emoji_name",
}
ACTED_ON: dict[str, frozenset[str]] = {title: frozenset(names.split()) for title, names in _OBJECTS.items()}


def document(routes: Iterable[Route]) -> str:
    """Return `COVERAGE.md`: the fields and query parameters of all routes that are acted on, and those refused."""
    lines = [*_PREFACE, *_HEAD]
    for route in routes:
        known = shape.of_route(route.name)
        queries = list(known.get("query", {}))
        names = [*(shape.fields(known["body"]) if "body" in known else []), *(f"?{name}" for name in queries)]
        lines.append(_row(route.name, names, route.acts_on | {f"?{name}" for name in route.reads}))
    lines += ["", "## Objects within, where not all fields are acted on", "", *_HEAD]
    known_fields = {title: list(shape.SHAPES[title]["fields"]) for title in sorted(ACTED_ON)}
    lines += [
        _row(title, names, ACTED_ON[title]) for title, names in known_fields.items() if set(names) - ACTED_ON[title]
    ]
    return "\n".join(lines) + "\n"


def _row(title: str, names: list[str], acted_on: Collection[str]) -> str:
    columns = ([name for name in names if name in acted_on], [name for name in names if name not in acted_on])
    return " | ".join(["", f"`{title}`", *(", ".join(column) for column in columns), ""]).strip()
