"""Logs: one line an event, for people at a terminal and as JSON elsewhere. Never a token, a name or a text."""

import logging
import re
import sys
from typing import Any

import structlog

from bot.settings import Settings

# The lowest level that libraries log at, whatever LOG_LEVEL says: at DEBUG discord.py prints what people write.
_LIBRARIES = logging.INFO


# The token in the URL of an interaction: anybody could answer with it for 15 minutes.
_IN_ADDRESSES = re.compile(r"((?:webhooks|interactions)/\d+/)[^/?\s\"']+")


class _WithoutTokens(structlog.stdlib.ProcessorFormatter):
    """Redacts tokens in every line, also in what libraries log and in the addresses of their errors."""

    def __init__(self, token: str, **options: Any) -> None:
        super().__init__(**options)
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        """Format a line, or a traceback."""
        line = _IN_ADDRESSES.sub(r"\1…", super().format(record))
        return line.replace(self._token, "…") if self._token else line


def set_up(settings: Settings) -> None:
    """Send our events and the libraries' records through one formatter to standard error."""
    is_terminal = sys.stderr is not None and sys.stderr.isatty()  # it is None where the process has none
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not is_terminal)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any]
    if as_json:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        # Plain tracebacks: the prettier ones print local variables, which hold names.
        last = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    handler = logging.StreamHandler()
    handler.setFormatter(
        _WithoutTokens(
            settings.discord_token.get_secret_value(),
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(_LIBRARIES, logging.getLevelName(settings.log_level)))
    logging.getLogger("bot").setLevel(settings.log_level)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
