"""The page's surface, as a browser would use it."""

from __future__ import annotations

import json
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from yarl import URL

from bot.playground.botprocess import BotProcess
from bot.playground.playground import Playground

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.localdiscord.people import Person
    from tests.playground.conftest import Probe, Rest


class Page:
    """One person's open page."""

    def __init__(self, local: Playground, person: Person, session: aiohttp.ClientSession) -> None:
        self.local = local
        self.person = person
        self.session = session
        self.socket: aiohttp.ClientWebSocketResponse | None = None

    async def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        headers = {"X-Person": self.person.id, **more.pop("headers", {})}
        url = f"{self.local.base_url}/play{path}"
        async with self.session.request(method, url, json=body, headers=headers, **more) as response:
            text = await response.text()
            return response.status, (json.loads(text) if text else None)

    async def next(self, kind: str) -> Any:
        """Return the data of the next frame of a kind."""
        assert self.socket is not None
        while True:
            frame = await self.socket.receive_json(timeout=30)
            if frame["t"] == kind:
                return frame["d"]


@asynccontextmanager
async def opened(local: Playground, name: str, session: aiohttp.ClientSession) -> AsyncIterator[Page]:
    page = Page(local, local.person(name), session)
    async with session.ws_connect(f"{local.base_url}/play/socket?person={page.person.id}") as socket:
        page.socket = socket
        yield page


@pytest.fixture
async def ann(local: Playground, session: aiohttp.ClientSession) -> AsyncIterator[Page]:
    async with opened(local, "ann", session) as page:
        yield page


async def test_hello_brings_all_to_draw(local: Playground, ann: Page) -> None:
    """The first frame has people, the bot, the guild with its channels, the direct message, commands and status."""
    hello = await ann.next("HELLO")
    assert [person["username"] for person in hello["people"]] == ["ann", "ben", "mia"]
    assert (hello["me"]["id"], hello["bot"]["id"], hello["guild"]["name"]) == (
        ann.person.id,
        local.bot.id,
        "Study Hall",
    )
    assert [channel["name"] for channel in hello["channels"]] == ["general", "focus", "quiet", "Study"]
    assert hello["dm"]["id"] == (await ann.person.dm()).id
    status = hello["status"]
    assert (status["bot"], status["bot_connected"], status["faults"]["rest"]) == ("unmanaged", False, None)
    assert set(hello) == {
        "people",
        "me",
        "bot",
        "guild",
        "members",
        "voice_states",
        "channels",
        "threads",
        "dm",
        "elsewhere",
        "commands",
        "status",
        "unheard",
    }


async def test_hello_tells_of_places_without_the_bot(local: Playground, ann: Page) -> None:
    """Servers and groups that the bot is not in stand apart, and only those that the person is in."""
    local.gather(local.person("ben"), local.person("mia"))
    ours = local.gather(local.person("ann"), local.person("mia"))
    assert (await ann.next("CHANNEL_CREATE"))["id"] == ours.id
    async with opened(local, "ann", ann.session) as again:
        hello = await again.next("HELLO")
    assert hello["elsewhere"]["guilds"] == [{"id": local.elsewhere.id, "name": "Book Club"}]
    there = [(channel["type"], channel.get("name")) for channel in hello["elsewhere"]["channels"]]
    assert there == [(0, "lounge"), (3, "Weekend plans"), (1, None)]


async def test_installing_the_app_is_pushed(local: Playground, ann: Page) -> None:
    """Every page hears of an app installed on an account, from the page or not."""
    status, status_of_person = await ann("POST", f"/people/{ann.person.id}", {"installed": True})
    assert (status, status_of_person["installed"], ann.person.user.installed) == (200, True, True)
    assert (await ann.next("PERSON_UPDATE"))["installed"] is True
    local.person("ben").install()
    changed = await ann.next("PERSON_UPDATE")
    assert (changed["username"], changed["installed"], changed["dm_blocked"]) == ("ben", True, False)


async def test_a_new_visitor_speaks_as_the_first_of_the_people(
    local: Playground, session: aiohttp.ClientSession
) -> None:
    """A socket that names nobody is Ann's; one that names a stranger is refused."""
    async with session.ws_connect(f"{local.base_url}/play/socket") as socket:
        assert (await socket.receive_json(timeout=30))["d"]["me"]["id"] == local.person("ann").id
    with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
        await session.ws_connect(f"{local.base_url}/play/socket?person=7")


async def test_messages_go_out_and_come_in(local: Playground, ann: Page) -> None:
    """A posted message arrives at the socket with its nonce, is in history, and can be edited and deleted."""
    general = f"/channels/{local.channel('general').id}/messages"
    status, sent = await ann("POST", general, {"content": "hello", "nonce": "7"})
    assert (status, sent["content"], sent["nonce"]) == (200, "hello", "7")
    got = await ann.next("MESSAGE_CREATE")
    assert (got["id"], got["nonce"], got["guild_id"]) == (sent["id"], "7", local.guild.id)
    assert (await ann("PATCH", f"{general}/{sent['id']}", {"content": "hi"}))[1]["content"] == "hi"
    assert (await ann.next("MESSAGE_UPDATE"))["content"] == "hi"
    assert [message["content"] for message in (await ann("GET", f"{general}?limit=5"))[1]] == ["hi"]
    status, thread = await ann("POST", f"{general}/{sent['id']}/threads", {"name": "More"})
    assert (status, (await ann.next("THREAD_CREATE"))["id"]) == (201, thread["id"])
    assert (await ann("DELETE", f"{general}/{sent['id']}"))[0] == 204
    assert (await ann.next("MESSAGE_DELETE"))["id"] == sent["id"]


async def test_files_can_be_sent(local: Playground, ann: Page) -> None:
    """A multipart message brings its file as an attachment."""
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps({"content": "see"}))
    form.add_field("files[0]", b"hello", filename="hello.txt")
    url = f"{local.base_url}/play/channels/{local.channel('general').id}/messages"
    async with ann.session.post(url, data=form, headers={"X-Person": ann.person.id}) as response:
        message = await response.json()
    assert (message["content"], message["attachments"][0]["filename"]) == ("see", "hello.txt")


async def test_each_page_sees_its_own_messages(local: Playground, ann: Page, rest: Rest) -> None:
    """Direct messages and ephemeral ones arrive only at the pages of those they are for."""
    async with opened(local, "ben", ann.session) as ben:
        dm = await ann.person.dm()
        await rest("POST", f"/channels/{dm.id}/messages", {"content": "for ann"})
        await rest.say("for all")
        assert (await ann.next("MESSAGE_CREATE"))["content"] == "for ann"
        assert (await ben.next("MESSAGE_CREATE"))["content"] == "for all"
        status, refused = await ben("GET", f"/channels/{dm.id}/messages")
        assert (status, refused["code"]) == (403, 50001)


async def test_interactions_are_answered_by_their_nonce(local: Playground, ann: Page, probe: Probe) -> None:
    """Commands, typing, buttons and modals started at the page are told their outcome by nonce."""
    general = local.channel("general")
    command = next(command for command in local.commands if command["name"] == "pomodoro")

    def start(kind: int, value: str, **more: Any) -> Any:
        option = {"type": 3, "name": "name", "value": value, **more}
        options = [{"type": 1, "name": "start", "options": [option]}]
        data = {"id": command["id"], "name": "pomodoro", "type": 1, "options": options}
        return {"type": kind, "nonce": f"n{kind}", "channel_id": general.id, "data": data}

    assert (await ann("POST", "/interactions", start(4, "to", focused=True)))[0] == 204
    assert await ann.next("AUTOCOMPLETE") == {"nonce": "n4", "choices": [{"name": "toast", "value": "toast"}]}
    assert (await ann("POST", "/interactions", start(2, "tea")))[0] == 204
    assert (await ann.next("MESSAGE_CREATE"))["content"] == "started tea for 25"
    assert await ann.next("INTERACTION_SUCCESS") == {"nonce": "n2"}
    assert (await ann("POST", "/interactions", start(2, "") | {"type": 9}))[0] == 400

    await ann.person.say(general, "buttons")
    card = await local.wait_for(lambda m: m["content"] == "choose", channel=general)
    pressed = {"component_type": 2, "custom_id": "rename"}
    press = {"type": 3, "nonce": "p", "channel_id": general.id, "message_id": card["id"], "data": pressed}
    assert (await ann("POST", "/interactions", press))[0] == 204
    modal = await ann.next("INTERACTION_MODAL")
    assert (modal["nonce"], modal["title"]) == ("p", "Rename")
    fields = [{"type": 1, "components": [{"type": 4, "custom_id": "name", "value": "toast"}]}]
    submission = {"id": modal["id"], "custom_id": modal["custom_id"], "components": fields}
    body = {"type": 5, "nonce": "s", "channel_id": general.id, "data": submission}
    assert (await ann("POST", "/interactions", body))[0] == 204
    assert await ann.next("INTERACTION_SUCCESS") == {"nonce": "s"}

    assert (await ann("POST", "/interactions", press | {"data": pressed | {"custom_id": "silence"}}))[0] == 204
    local.interactions.age(61)
    assert (await ann.next("INTERACTION_FAILURE"))["nonce"] == "p"
    assert probe.seen["INTERACTION_CREATE"]


async def test_switches(local: Playground, ann: Page, probe: Probe) -> None:
    """A switch set at a page stays set, is pushed to all pages, and a wrong one is refused with a sentence."""
    status, answer = await ann("POST", "/faults", {"rest": "503", "rest_times": 2})
    assert (status, answer["faults"]["rest"], answer["faults"]["rest_times"]) == (200, "503", 2)
    while (await ann.next("STATUS"))["faults"]["rest"] != "503":
        pass  # of the bot's own start
    status, answer = await ann("POST", "/faults", {"rest": "sulk"})
    assert (status, "There is no REST fault" in answer["message"]) == (400, True)
    assert (await ann("POST", "/gateway/drop", {"resumable": True}))[0] == 200
    await probe.until("RESUMED")
    assert (await ann("POST", "/bot", {"do": "start"}))[0] == 400
    assert (await ann("POST", f"/people/{ann.person.id}", {"dm_blocked": True}))[0] == 200
    assert ann.person.user.dm_blocked is True


@pytest.mark.parametrize(
    ("switch", "value"),
    [("rest", 5), ("rest_times", "x"), ("rest_times", []), ("only", 5), ("only", {}), ("gateway_down", "no")],
)
async def test_a_switch_of_a_wrong_type_is_refused(
    local: Playground, ann: Page, switch: str, value: object
) -> None:
    """A switch turned to what it cannot be stays as it is, and fails no request of the bot's."""
    status, answer = await ann("POST", "/faults", {"rest": "503", switch: value})
    assert (status, switch in answer["message"]) == (400, True)
    assert (await ann("POST", "/bot", {"do": []}))[0] == 400
    headers = {"Authorization": f"Bot {local.token}"}
    async with ann.session.get(f"{local.api_url}/users/@me", headers=headers) as response:
        assert response.status == 200


async def test_missed_messages_are_marked(local: Playground, ann: Page, probe: Probe) -> None:
    """Messages written while the bot is away are marked, unless the bot resumes, also on a page opened later."""
    general = local.channel("general")
    await ann.person.say(general, "in time")
    local.faults.gateway_down = True
    await local.gateway.bell.until(lambda: not local.gateway.connected or None, 5)
    missed = await ann.person.say(general, "missed for now")
    await ann.person.say(local.channel("lounge"), "nothing for the bot")
    assert await ann.next("UNHEARD") == {"ids": [missed["id"]]}
    local.faults.gateway_down = False
    await probe.until("RESUMED")
    assert await ann.next("UNHEARD") == {"ids": []}
    local.faults.refuse_resume = local.faults.gateway_down = True
    await local.gateway.bell.until(lambda: not local.gateway.connected or None, 5)
    lost = await ann.person.say(general, "lost")
    local.faults.gateway_down = False
    await local.wait_connected()
    async with opened(local, "ben", ann.session) as ben:
        assert (await ben.next("HELLO"))["unheard"] == [lost["id"]]


async def test_sample_history_and_starting_over(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """A page runs the bot's own command to write history for its person, and every page hears of a new start."""
    orders: list[str] = []
    echo = [sys.executable, "-c", "import sys;print(*sys.argv[1:])"]
    bot = BotProcess({}, tmp_path / "bot.log", echo)
    async with (
        Playground(bot=bot, start_over=lambda: orders.append("start over")) as local,
        opened(local, "ben", session) as ben,
        opened(local, "ann", session) as ann,
    ):
        general, me = local.channel("general").id, ben.person.id
        status, answer = await ben("POST", "/history")
        assert (status, answer["message"]) == (200, f"sample-history {me} {local.guild.id} {general}")
        assert (await ben("POST", "/start-over"))[0] == 202
        assert await ann.next("START_OVER") == {}
    assert orders == ["start over"]


async def test_a_bot_started_elsewhere_keeps_its_data(ann: Page) -> None:
    """If the bot was started elsewhere, the page can neither write to its data nor empty it."""
    for path in ("/history", "/start-over"):
        assert (await ann("POST", path))[0] == 400


async def test_new_commands_and_typing_are_pushed(local: Playground, ann: Page, rest: Rest) -> None:
    """When the bot registers commands or types, the page hears of it."""
    await rest("PUT", f"/applications/{local.bot.id}/commands", [{"name": "tea", "description": "x"}])
    assert [command["name"] for command in (await ann.next("COMMANDS"))["commands"]] == ["tea"]
    await rest("POST", f"/channels/{local.channel('general').id}/typing")
    assert (await ann.next("TYPING_START"))["user_id"] == local.bot.id


async def test_people_sit_down_and_leave(local: Playground, ann: Page) -> None:
    """Entering voice at one page is pushed to every page, and shown on one that opens later."""
    study = local.channel("Study").id
    assert (await ann("POST", "/voice", {"channel_id": study}))[0] == 204
    state = await ann.next("VOICE_STATE_UPDATE")
    assert (state["user_id"], state["channel_id"]) == (ann.person.id, study)
    async with opened(local, "ben", ann.session) as ben:
        (seat,) = (await ben.next("HELLO"))["voice_states"]
        assert (seat["user_id"], seat["channel_id"]) == (ann.person.id, study)
        assert (await ann("POST", "/voice", {"channel_id": None}))[0] == 204
        assert (await ben.next("VOICE_STATE_UPDATE"))["channel_id"] is None
    status, answer = await ann("POST", "/voice", {"channel_id": local.channel("general").id})
    assert (status, answer["code"]) == (400, 50024)


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
async def test_other_hosts_and_origins_are_refused(local: Playground, ann: Page, headers: dict[str, str]) -> None:
    """A request that names another host, or comes from another site's page, gets 403."""
    url = f"{local.base_url}/play/faults"
    async with ann.session.post(url, json={}, headers=headers) as response:
        assert response.status == 403


async def test_the_page_and_avatars_are_served(local: Playground, session: aiohttp.ClientSession) -> None:
    """The page is at /, its files are under /page/ and nothing outside of them, and avatars are drawn."""
    for path, kind in (("/", "text/html"), (f"/cdn/avatars/{local.bot.id}/0.png", "image/svg+xml")):
        async with session.get(local.base_url + path) as response:
            assert (response.status, response.content_type) == (200, kind)
    for path in ("/page/nothing.js", "/page/%2e%2e/local.py", "/page/..%5clocal.py"):
        async with session.get(URL(local.base_url + path, encoded=True)) as response:
            assert response.status == 404
