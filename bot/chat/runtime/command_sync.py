"""Command sync: tells Discord of our slash commands, in the language in use, whenever they have changed.

One process does that; each learns the ids that they have there.
"""

import hashlib
import json
from typing import Any

import aiohttp
import discord
import structlog
from discord.ext import commands

from bot.chat.runtime.topics import learn_ids
from bot.messages.catalogue import gettext
from bot.service.key_value import KeyValueStore

_log = structlog.get_logger(__name__)

# Discord's limit for a description; a translation may be longer than what it translates.
_LONGEST = 100


async def sync(client: commands.Bot, notes: KeyValueStore, *, may_change: bool) -> None:
    """Sync the commands if they differ from those of the last sync; on failure the next call retries.

    Where not ``may_change``, only learn their ids.
    """
    try:
        await _sync(client, notes, may_change=may_change)
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
        _log.warning("commands_not_synced", error=type(error).__name__)


async def _sync(client: commands.Bot, notes: KeyValueStore, *, may_change: bool) -> None:
    assert client.application_id
    payload = [_translated(command.to_dict(client.tree)) for command in client.tree.get_commands()]
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    key = f"commands:{client.application_id}"
    if not may_change or await notes.read(key) == digest:
        learn_ids(await client.http.get_global_commands(client.application_id))
        return
    learn_ids(await client.http.bulk_upsert_global_commands(client.application_id, payload=payload))
    await notes.keep(key, digest)
    _log.info("commands_synced", commands=len(payload))


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
