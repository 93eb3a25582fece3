"""The errors that Discord answers, with its codes and sentences.

Source of codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.localdiscord.wire import Json

_SENTENCES: dict[int, tuple[int, str]] = {
    0: (401, "401: Unauthorized"),
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10009: (404, "Unknown Overwrite"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10026: (404, "Unknown Ban"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    10065: (404, "Unknown Voice State"),
    20016: (429, "This action cannot be performed due to slowmode rate limit"),
    20028: (429, "The write action you are performing on the channel has hit the write rate limit."),
    30003: (400, "Maximum number of pins reached for the channel (50)"),
    30007: (400, "Maximum number of webhooks reached (15)"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30013: (400, "Maximum number of guild channels reached (500)"),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    30032: (400, "Maximum number of application commands reached (100)."),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later"),
    40005: (413, "Request entity too large"),
    40007: (403, "The user is banned from this guild."),
    40032: (400, "Target user is not connected to voice."),
    40033: (400, "This message has already been crossposted"),
    40058: (400, "Cannot send a message in a forum channel"),
    40061: (400, "Tag names must be unique"),
    40067: (400, "A tag is required to create a forum post in this channel"),
    40094: (400, "This interaction has hit the maximum number of follow up messages"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50028: (400, "Invalid Role"),
    50033: (400, "Invalid Recipient(s)"),
    50034: (400, "You can only bulk delete messages that are under 14 days old."),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    60003: (403, "Two factor is required for this operation"),
    130000: (503, "API resource is currently overloaded. Try again a little later"),
    160002: (400, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "This thread is locked."),
    200000: (400, "Message was blocked by automatic moderation"),
    200001: (400, "Title was blocked by automatic moderation"),
    220001: (400, "Webhooks posted to forum channels must have a thread_name or thread_id"),
}


class DiscordError(Exception):
    """An error that is answered to the client: its HTTP status, Discord's code and sentence, and details."""

    def __init__(self, code: int, *, message: str | None = None, **more: Any) -> None:
        status, sentence = _SENTENCES[code]
        self.status = status
        self.code = code
        self.message = message or sentence
        self.more = more
        super().__init__(f"{status} {code}: {self.message} {more or ''}".rstrip())

    def body(self) -> Json:
        """Return the JSON that Discord would answer."""
        return {"message": self.message, "code": self.code, **self.more}


class BadRequest(DiscordError):
    """A request that is not even HTTP as it should be, which has no code of its own."""

    def __init__(self) -> None:
        super().__init__(0, message="400: Bad Request")
        self.status = 400


class Unsupported(DiscordError):
    """Something that Discord does and the local Discord does not: refused by name rather than passed over."""

    def __init__(self, what: str, status: int = 400) -> None:
        super().__init__(0, message=f"the local Discord does not know {what}")
        self.status = status


class RateLimited(DiscordError):
    """A limit that no header announces was hit; `retry_after` is in seconds."""

    def __init__(self, retry_after: float, code: int = 20028) -> None:
        super().__init__(code)
        self.more = {"retry_after": round(retry_after, 3), "global": False}


class Form:
    """Collects the errors in a request's body, by path, into the nested `errors` of one 50035 answer.

    Discord documents no words for the errors of a field.  Those here are as its clients report them; where no
    report shows one, it is made in their manner.
    """

    def __init__(self) -> None:
        self._errors: Json = {}

    def __bool__(self) -> bool:
        """Return whether anything is wrong."""
        return bool(self._errors)

    def fail(self, path: str, code: str, message: str) -> None:
        """Note that the field at `path` (dotted; list indices are numbers) is wrong.

        What is wrong within a field takes the place of what is wrong with all of it: Discord does not tell both.
        """
        node = self._errors
        for part in path.split(".") if path else []:
            node.pop("_errors", None)
            node = node.setdefault(part, {})
        if not set(node) - {"_errors"}:
            node.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, path: str, text: object, longest: int, shortest: int = 0) -> None:
        """Check that a text is a string of `shortest` to `longest` characters."""
        if not isinstance(text, str):
            self.fail(path, "STRING_TYPE_CONVERT" if text is not None else "BASE_TYPE_REQUIRED", required(text))
        elif not shortest <= len(text) <= longest:
            self.bad_length(path, longest, shortest)

    def filled(self, path: str, text: object) -> None:
        """Check that a text is more than the white space that Discord trims."""
        if not str(text or "").strip():
            self.require(path)

    def require(self, path: str) -> None:
        """Note that a field is missing."""
        self.fail(path, "BASE_TYPE_REQUIRED", "This field is required")

    def bad_length(self, path: str, longest: int | None, shortest: int = 0) -> None:
        """Note a wrong length in Discord's words."""
        if longest is None:
            self.fail(path, "BASE_TYPE_MIN_LENGTH", f"Must be {shortest} or more in length.")
        elif shortest:
            self.fail(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {shortest} and {longest} in length.")
        else:
            self.fail(path, "BASE_TYPE_MAX_LENGTH", f"Must be {longest} or fewer in length.")

    def choice(self, path: str, value: object, among: tuple[object, ...]) -> None:
        """Check that a value is one of a few."""
        if value not in among:
            shown = ", ".join(map(str, among))
            self.fail(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{shown}}}.")

    def raise_if_any(self) -> None:
        """Raise the 50035 error when anything was noted."""
        if self._errors:
            raise DiscordError(50035, errors=self._errors)


def required(value: object) -> str:
    """Return Discord's sentence on a value that is absent or of the wrong type."""
    return "This field is required" if value is None else "Could not interpret value as string."


@contextmanager
def within(name: str) -> Iterator[None]:
    """Tell errors of a form as those of a field: the form is only a part of what was sent."""
    try:
        yield
    except DiscordError as error:
        if "errors" in error.more:
            error.more["errors"] = {name: error.more["errors"]}
        raise


def invalid(path: str, code: str, message: str) -> DiscordError:
    """Return a 50035 error with one wrong field."""
    form = Form()
    form.fail(path, code, message)
    try:
        form.raise_if_any()
    except DiscordError as error:
        return error
    raise AssertionError(path)
