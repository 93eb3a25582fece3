"""A reminder typist: checks everything that the bot says about reminders, when they are set and when they come."""

import re

from bot.localdiscord.local import text_of
from tests.chat.reminding import menus
from tests.chat.typist import Typist
from tests.reading import Message

# Longer than any delay in minutes or hours that is asked for.
_DAYS = 86_400 * 2 + 1
_LINK = re.compile(r"<(https?://[^\s<>|`*]+)>", re.IGNORECASE)
_INVITATION = re.compile(r"discord(app)?\.(gg|com/invite)", re.IGNORECASE)
# The bot's own additions: quotes, channels, the message that it is about, and moments.
_OURS = re.compile(
    r"^> |<#\d+>|\[this message\]\(https://discord\.com/channels/[\d@me/]+\)|<t:\d+:[RFf]>|\*me\*", re.MULTILINE
)


class ReminderTypist(Typist):
    """Ann, who wants to be reminded. She cancels repeating reminders, so that they come to an end."""

    command, option = "remind", "reminder"

    async def settle(self) -> None:
        """Let two days pass, cancel what is still to come, and check that each time was announced once."""
        self.bot.advance(_DAYS)
        now = round(self.bot.clock.now().timestamp() * 1000)
        busy = (
            f"SELECT id FROM timers WHERE state = 'running' AND due_at <= {now} "
            "UNION SELECT id FROM outbox WHERE state = 'pending'"
        )
        await self.bot.until(lambda: not self.rows(busy))
        still = self.rows("SELECT id FROM timers WHERE state IN ('running', 'paused')")
        for first in range(0, len(still), 20):
            await self.type(f"!remind cancel #{number}" for (number,) in still[first : first + 20])
        assert self.rows("SELECT id FROM timers WHERE state IN ('running', 'paused')") == []
        ((ended,),) = self.rows("SELECT count(*) FROM timers WHERE state = 'done'")
        assert self.announced == ended, f"{self.announced} of {ended} said"
        self.check()

    def check_cards(self, answers: dict[str, list[Message]]) -> None:
        """Check that answers that promise a reminder match the reminders one to one."""
        requests = [request.split(":") for (request,) in self.rows("SELECT request FROM timers")]
        asked_for = {request_id for kind, request_id, *_ in requests if kind in {"message", "interaction"}}
        promised = {
            request_id for request_id, (answer,) in answers.items() if text_of(answer).startswith("⏰ I'll ")
        }
        assert asked_for == promised

    def announced_in(self, message: Message) -> int:
        """Return how many reminders a message announces; an answer announces none."""
        if "interaction_metadata" in message or "message_reference" in message:
            return 0
        return sum(len(menu["options"]) for menu in menus(message)) or 1

    def called_by(self, message: Message) -> set[str]:
        """Return whom a message must ping: in a channel, the person reminded."""
        is_direct = message["channel_id"] != self.channel.id
        return {self.ann.id} if self.announced_in(message) and not is_direct else set()

    def without_links(self, text: str) -> str:
        """Take out links, except invitations. A backslash in one escapes nothing."""
        assert not any(map(_INVITATION.search, _LINK.findall(text))), repr(text)
        return _LINK.sub("", text)

    def typed_in(self, text: str) -> str:
        """Take out what the bot adds to a reminder as well."""
        return super().typed_in(_OURS.sub("", text))
