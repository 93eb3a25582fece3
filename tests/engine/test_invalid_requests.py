from bot.engine.circuit_breaker import Breaker, asker
from tests.clock import ManualClock


def test_a_person_and_a_server_have_a_budget_each(clock: ManualClock) -> None:
    """People and servers that cause too many invalid requests are remembered for ten minutes."""
    breaker = Breaker(clock)
    budget = breaker.invalid_requests
    for number in range(50):
        assert not budget.are_spent(99, 700)
        asker.set((number % 20, 700))
        breaker.note(403)
        breaker.note(200)
    assert budget.are_spent(99, 700)
    assert not budget.are_spent(99, 800)
    assert not budget.are_spent(1, None)
    for _ in range(20):
        assert not budget.are_spent(100, None)
        asker.set((100, 800))
        breaker.note(401)
    assert budget.are_spent(100, None)
    assert not budget.are_spent(3, 800)
    clock.advance(600)
    assert not budget.are_spent(100, 700)


def test_a_person_or_a_server_alone(clock: ManualClock) -> None:
    """A message in a channel counts for its server, a direct message for the person; all else for nobody."""
    breaker = Breaker(clock)
    budget = breaker.invalid_requests
    for charged in (None, (None, 700), (1, None)):
        asker.set(charged)
        for _ in range(50):
            breaker.note(403)
    assert not budget.are_spent(None, None)
    assert not budget.are_spent(2, 800)
    assert budget.are_spent(None, 700)
    assert budget.are_spent(1, None)


def test_rate_limits_are_nobodys_fault(clock: ManualClock) -> None:
    """A burst of the bot's own, as after a restart, uses up no server's budget; it counts for the breaker only."""
    breaker = Breaker(clock)
    asker.set((1, 700))
    for _ in range(2_000):
        breaker.note(429)
    assert not breaker.invalid_requests.are_spent(1, 700)
    assert breaker.open_for() > 0
