"""The texts of direct messages to people in a session, in Discord's markdown."""

from bot.chat.focus import text
from bot.chat.text import relative
from bot.domain.focus.session import Session
from bot.messages.catalogue import gettext


def direct(session: Session) -> str:
    """Tell one person what has begun, where, and until when."""
    headline = f"{text.title(session)} · <#{session.timer.channel_id}>"
    return headline if session.is_over else f"{headline}\n{text.status(session)}"


def hidden(session: Session) -> str:
    """Tell a person who can no longer see the channel about a new phase."""
    explained = gettext("-# I'm telling you here because you can't see the session's channel any more.")
    return f"{direct(session)}\n{explained}"


def stranded(session: Session, user_id: int) -> str:
    """Tell one person that the bot can no longer write in the session's channel, and what happens next."""
    where = {"channel": f"<#{session.timer.channel_id}>"}
    if session.is_over:
        return gettext(
            "{title}\nI couldn't post that in {channel}, but your time still counts.",
            title=text.title(session),
            **where,
        )
    if not session.stranded:
        return gettext("The session carries on in {channel}.", **where)
    host_id, ends_at = session.timer.owner_id, session.ends_at
    # The host is "you": their own name in their own direct message would ping them a second time.
    if ends_at is None and user_id == host_id:
        return gettext(
            "📭 I can't post in {channel} any more. The session is on hold until you move it to another channel "
            "or stop it.",
            **where,
        )
    if ends_at is None:
        return gettext(
            "📭 I can't post in {channel} any more. The session is on hold until its host, "
            "<@{user_id}>, moves it to another channel or stops it.",
            user_id=host_id,
            **where,
        )
    if user_id == host_id:
        return gettext(
            "📭 I can't post in {channel} any more. The session ends {when} unless you move it to another "
            "channel. Your time still counts.",
            when=relative(ends_at),
            **where,
        )
    return gettext(
        "📭 I can't post in {channel} any more. The session ends {when} unless its host, "
        "<@{user_id}>, moves it to another channel. Your time still counts.",
        when=relative(ends_at),
        user_id=host_id,
        **where,
    )
