from dataclasses import replace

import pytest

from bot.container import complete
from bot.domain.outbox_message import fits
from bot.domain.timers.timer import Purpose
from tests.unit.timers.test_timer import TEA


def test_every_purpose_has_a_feature() -> None:
    """A bot that would not know what to do at the end of some timer does not start, and says which."""
    with pytest.raises(LookupError, match="digest, pomodoro, reminder, session"):
        complete({})


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_has_a_length(purpose: Purpose) -> None:
    """It is known of each purpose how much one message can hold."""
    assert fits([replace(TEA, purpose=purpose)])
    assert not fits([replace(TEA, purpose=purpose)] * 51)
