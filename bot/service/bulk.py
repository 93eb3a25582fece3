"""Bulk changes: one that is refused does not stop the others."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.domain.errors import NotSaved, UserError

T = TypeVar("T")
Done = TypeVar("Done")


async def for_each(
    work: Callable[[T], Awaitable[Done]], items: Sequence[T]
) -> tuple[list[Done], list[tuple[T, UserError]]]:
    """Do the work for each item; return what came of it, and those it was refused for, with the reason.

    Raises the first reason where it was refused for all. While the database is away, no further ones are tried.
    """
    done: list[Done] = []
    refused: list[tuple[T, UserError]] = []
    for number, item in enumerate(items):
        try:
            done.append(await work(item))
        except NotSaved as error:
            refused += [(other, error) for other in items[number:]]
            break
        except UserError as error:
            refused.append((item, error))
    if refused and not done:
        raise refused[0][1]
    return done, refused
