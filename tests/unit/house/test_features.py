from dataclasses import replace

import pytest

from bot.container import complete
from bot.domain.outbox_message import fits
from bot.domain.timers.timer import Purpose
from tests.unit.timers.test_timer import TEA


def test_every_purpose_has_a_feature() -> None:
    """A bot that lacks a feature for some timer's purpose does not start, and names the purpose."""
    with pytest.raises(LookupError, match="digest, pomodoro, reminder, session"):
        complete({})


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_has_a_length(purpose: Purpose) -> None:
    """Each purpose declares how much one message can hold."""
    assert fits([replace(TEA, purpose=purpose)])
    assert not fits([replace(TEA, purpose=purpose)] * 51)
