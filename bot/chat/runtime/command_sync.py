"""Command sync: tells Discord of our slash commands, in the language in use, whenever they have changed.

One process does that; each learns the ids that they have there.
"""

import hashlib
import json
from typing import Any

import structlog

from bot.chat.runtime.client import Client
from bot.chat.runtime.final_answers import FAILURES
from bot.chat.runtime.http_trace import request_timeout
from bot.chat.runtime.topics import learn_ids
from bot.engine import back_off
from bot.engine.clock import Clock
from bot.messages.catalogue import gettext
from bot.service.key_value import KeyValueStore

_log = structlog.get_logger(__name__)

# Discord's limit for a description; a translation may be longer than what it translates.
_LONGEST = 100
# Seconds before the first retry, and at most.
_FIRST_WAIT, _LONGEST_WAIT = 5.0, 3600.0


async def sync(client: Client, store: KeyValueStore, clock: Clock) -> None:
    """Sync changed commands, until it works; all processes but the first only learn the ids of their commands."""
    payload = [_translated(command.to_dict(client.tree)) for command in client.tree.get_commands()]
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    key = f"commands:{client.application_id}"
    has_changed = client.shard_range.has(None) and await store.get(key) != digest
    failures = 0
    while not await _sync(client, payload if has_changed else None):
        failures += 1
        await clock.sleep(back_off.delay(failures, _FIRST_WAIT, _LONGEST_WAIT))
    if has_changed:
        await store.set(key, digest)
        _log.info("commands_synced", commands=len(payload))


async def _sync(client: Client, payload: list[dict[str, Any]] | None) -> bool:
    """Replace the commands by ``payload``, if any, and learn their ids; return whether that worked."""
    assert client.application_id
    try:
        async with request_timeout():
            if payload is None:
                learn_ids(await client.http.get_global_commands(client.application_id))
            else:
                learn_ids(await client.http.bulk_upsert_global_commands(client.application_id, payload=payload))
    except FAILURES as error:
        _log.warning("commands_not_synced", error=type(error).__name__)
        return False
    return True


def _translated(command: dict[str, Any]) -> dict[str, Any]:
    """Translate the descriptions of a command and of all that is in it, and the names of choices."""
    translated = dict(command)
    if command.get("description"):
        translated["description"] = gettext(command["description"])[:_LONGEST]
    if "options" in command:
        translated["options"] = [_translated(option) for option in command["options"]]
    if "choices" in command:
        choices = command["choices"]
        translated["choices"] = [{**choice, "name": gettext(choice["name"])} for choice in choices]
    return translated
