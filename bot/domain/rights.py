"""Rights: what a person may do in a channel of a server at the moment."""

from dataclasses import dataclass

from bot.domain.mentions import PERSON, ROLE


@dataclass(frozen=True, slots=True)
class Rights:
    """What Discord lets a person do in a channel, their time-out included; nothing if they have left the server.

    ``mentions_everyone`` is their own right to ping ``@everyone``, ``@here`` and roles that others may not mention.
    ``role_ids`` are their roles in the server, ``open_role_ids`` the server's roles that everyone may mention.
    """

    is_member: bool = True
    sees: bool = False
    posts: bool = False
    mentions_everyone: bool = False
    role_ids: frozenset[int] = frozenset()
    open_role_ids: frozenset[int] = frozenset()

    def may_call(self, calls: str) -> bool:
        """Return whether they may ping by themselves what ``calls`` names in Discord's notation, if anything."""
        if not calls or self.mentions_everyone or PERSON.fullmatch(calls):
            return True
        role = ROLE.fullmatch(calls)
        return role is not None and int(role[1]) in self.open_role_ids


# The rights of somebody who has left the server.
LEFT = Rights(is_member=False)
