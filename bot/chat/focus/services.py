"""The services that commands, messages and events of sessions share."""

from dataclasses import dataclass

from bot.chat.focus.earlier_cards import EarlierCards
from bot.chat.focus.elsewhere import Elsewhere
from bot.chat.runtime.client import Client
from bot.service.departures import Departures
from bot.service.presence import Presence
from bot.service.sessions import Sessions
from bot.service.stranding import Stranding
from bot.service.voice import Voice


@dataclass(frozen=True, slots=True)
class FocusServices:
    """Sessions, who is there, and where they are held."""

    sessions: Sessions
    voice: Voice
    presence: Presence
    departures: Departures
    stranding: Stranding
    elsewhere: Elsewhere
    client: Client
    earlier_cards: EarlierCards
