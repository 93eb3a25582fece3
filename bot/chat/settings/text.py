"""Texts about a server's rules, and for newcomers."""

from bot.chat.text import command
from bot.domain.rules import Rules


def rules(of: Rules, prefix: str, most_timers: int) -> str:
    """Show a server's rules, each with the command that changes it."""
    channels = ", ".join(f"<#{channel_id}>" for channel_id in sorted(of.channels)) or "all of them"
    most = of.most_timers or most_timers
    lines = (
        ("Typed commands begin with", f"`{prefix}`", "prefix"),
        ("A session without a plan is", f"`{of.plan}`" if of.plan else "classic", "plan"),
        ("I may be used in", channels, "channel"),
        ("Sessions may be started by", _role(of.starter_role, "everybody"), "starters"),
        ("Others' timers and sessions may be commanded by", _role(of.keeper_role, "moderators alone"), "keepers"),
        ("Timers at once", f"{most:,}" if most else "any number", "timers"),
    )
    rows = [f"- {what} {value} · `/settings {verb}`" for what, value, verb in lines]
    return "\n".join(["**How I am set up here**", *rows, "-# For members with Manage Server."])


def newcomer(prefix: str) -> str:
    """Show somebody who is new three things to try, and where there is more."""
    tries = (
        ("a timer for yourself", command("pomodoro tea 5m", prefix)),
        ("a focus session that others can join", command("focus start", prefix)),
        ("a reminder", command("remind tomorrow 9am call mum", prefix)),
    )
    more = " · ".join(f"`{command(f'{what} help', prefix)}`" for what in ("pomodoro", "focus", "remind", "stats"))
    return "\n".join(
        [
            "I keep time for you, and lose none of it. Three things to try:",
            *(f"- {what}: `{typed}`" for what, typed in tries),
            f"More: {more}. What I keep of you: `{command('privacy', prefix)}`.",
        ]
    )


def _role(role_id: int | None, otherwise: str) -> str:
    return f"<@&{role_id}> and moderators" if role_id else otherwise
