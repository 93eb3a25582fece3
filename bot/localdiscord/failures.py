"""Failures: what can become of a REST request, or of its answer, on the way to Discord and back.

`faults.Faults.fail` switches one on.  Source of the forms: Discord's documentation on rate limits and error codes,
and pages that Cloudflare and reverse proxies have sent to bots.
"""

from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING, Any

from bot.localdiscord.errors import DiscordError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.localdiscord.alteration import Alteration

PORTAL = "/portal"
"""Where `redirect` leads unless told otherwise: a page such as a hotel's network shows before one has logged in."""

_VIA = {"Via": "1.1 google"}
_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>{0}</title></head>\n<body><center><h1>{0}</h1></center></body></html>\n"
)
_REASONS = {
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}
_CLOUDFLARE = {1015: "You are being rate limited", 1020: "Access denied", 1006: "Access denied"}


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    """An answer on the wire.

    Half of the announced length is sent where it is `broken_off` and the connection closes, or `stalls` and stays.
    """

    status: int
    body: bytes = b""
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    broken_off: bool = False
    stalls: bool = False

    def read(self) -> Any:
        """Return the body as JSON, or as text where it is none."""
        try:
            return json.loads(self.body) if self.body else None
        except (ValueError, RecursionError):
            return self.body.decode(errors="replace")


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """What happens to a request.

    `reply` turns Discord's own answer into the one that is sent; None closes the connection without any.  Only
    with `acts` is the request carried out; without, `reply` is given an empty answer.  With `hangs` nothing is
    answered until the fault is switched off.
    """

    reply: Callable[[Reply], Reply | None]
    acts: bool = False
    hangs: bool = False

    def after_effect(self) -> Failure:
        """Return the same failure of a request that is carried out all the same."""
        return dataclasses.replace(self, acts=True)


def error(status: int, code: int, message: str | None = None) -> Failure:
    """Answer with a status (400, 401, 403, 404, …) and a JSON error code, in Discord's words where we know them."""
    if message is None:
        try:
            message = DiscordError(code).message if code else f"{status}: a fault of the local Discord"
        except KeyError:
            message = f"{code}: a fault of the local Discord"
    return _json(status, {"message": message, "code": code})


def rate_limit(
    retry_after: float = 1.0, *, scope: str = "user", via: bool = True, headers: dict[str, str] | None = None
) -> Failure:
    """Answer 429, to be tried again in `retry_after` seconds.

    `scope` is "user", "shared" or "global".  Without `via` the header is absent that tells Discord's own limit
    from Cloudflare's.
    """
    sent = {"Retry-After": str(max(0, math.ceil(retry_after))), "X-RateLimit-Scope": scope}
    if scope == "global":
        sent["X-RateLimit-Global"] = "true"
    body = {
        "message": "You are being rate limited.",
        "retry_after": retry_after,
        "global": scope == "global",
        "code": 0,
    }
    return _json(429, body, sent | (headers or {}), via=via)


def proxy_page(status: int) -> Failure:
    """Answer with the HTML page of a reverse proxy, such as nginx's 502."""
    return _page(status, f"{status} {_REASONS.get(status, 'Error')}", {"Server": "nginx"})


def cloudflare_page(status: int, code: int | None = None) -> Failure:
    """Answer with Cloudflare's HTML page: (429, 1015), (403, 1020), or a status without a code such as 502."""
    title = f"{status}: {_REASONS.get(status, 'Error')}"
    if code is not None:
        title = f"Error {code}: {_CLOUDFLARE.get(code, 'Access denied')} | discord.com | Cloudflare"
    return _page(status, title, {"Server": "cloudflare", "CF-RAY": "8a1b2c3d4e5f6071-FRA"})


def redirect(location: str = PORTAL, status: int = 302) -> Failure:
    """Send the client elsewhere; 307 and 308 keep its method."""
    return Failure(lambda _: Reply(status, headers={"Location": location}))


def truncated(*, broken_off: bool = False) -> Failure:
    """Carry the request out and answer half of the JSON, as if it were all or (`broken_off`) as the line breaks."""

    def cut(reply: Reply) -> Reply:
        if broken_off:
            return dataclasses.replace(reply, broken_off=True)
        return dataclasses.replace(reply, body=reply.body[: len(reply.body) // 2])

    return Failure(cut, acts=True)


def stalled(failure: Failure | None = None) -> Failure:
    """Carry the request out and answer half of the JSON, or half of a failure's answer; the rest never comes."""
    answered = failure or Failure(lambda reply: reply, acts=True)

    def stall(reply: Reply) -> Reply | None:
        begun = answered.reply(reply)
        return begun and dataclasses.replace(begun, stalls=True)

    return dataclasses.replace(answered, reply=stall)


def altered(alteration: Alteration) -> Failure:
    """Carry the request out and answer its JSON changed, such as by `alteration.replaced("id", None)`.

    An answer that is an error is left alone.
    """

    def alter(reply: Reply) -> Reply:
        if not reply.body or reply.status >= 400:
            return reply
        return dataclasses.replace(reply, body=json.dumps(alteration(json.loads(reply.body))).encode())

    return Failure(alter, acts=True)


def _json(status: int, body: Any, headers: dict[str, str] | None = None, *, via: bool = True) -> Failure:
    sent = {**(_VIA if via else {}), "Content-Type": "application/json", **(headers or {})}
    return Failure(lambda _: Reply(status, json.dumps(body).encode(), sent))


def _page(status: int, title: str, headers: dict[str, str]) -> Failure:
    sent = headers | {"Content-Type": "text/html; charset=UTF-8"}
    return Failure(lambda _: Reply(status, _PAGE.format(title).encode(), sent))


drop = Failure(lambda _: None)
"""The connection closes before the request is acted upon."""
lost = Failure(lambda _: None, acts=True)
"""The request is carried out, and the connection closes without an answer."""
hang = Failure(lambda _: None, hangs=True)
"""No answer until the fault is switched off, and then a closed connection."""

NAMED: dict[str, Failure] = {
    "500": error(500, 0),
    "502": error(502, 0),
    "503": error(503, 0),
    "429": rate_limit(),
    "drop": drop,
    "lost": lost,
    "hang": hang,
}
"""The failures that can be asked for by name."""
