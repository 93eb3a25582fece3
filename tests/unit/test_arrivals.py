from bot.chat.runtime.arrivals import Arrivals


def test_every_shard_and_every_server() -> None:
    """All servers have arrived once each shard has named its own and each of those has come."""
    arrivals = Arrivals([0, 1])
    arrivals.identified(0, [10, 11])
    for guild_id in (10, 11):
        arrivals.arrived(guild_id)
    assert not arrivals.complete.is_set()
    arrivals.identified(1, [20])
    assert not arrivals.complete.is_set()
    arrivals.arrived(20)
    assert arrivals.complete.is_set()


def test_no_server() -> None:
    """A bot that is in no server waits for none."""
    arrivals = Arrivals([0])
    arrivals.identified(0, [])
    assert arrivals.complete.is_set()


def test_an_outage() -> None:
    """A server in an outage is waited for until the wait is given up; other shards don't wait for it."""
    arrivals = Arrivals([0, 1])
    arrivals.identified(0, [10, 11])
    arrivals.arrived(10)
    arrivals.give_up()
    assert not arrivals.complete.is_set()
    arrivals.identified(1, [])
    assert arrivals.complete.is_set()
