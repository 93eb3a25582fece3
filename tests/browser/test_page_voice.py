"""Voice: who sits in a channel, and the way in and out."""

from typing import TYPE_CHECKING

import pytest

from bot.playground.playground import Playground

pytest.importorskip("playwright", reason="playwright comes with pip install '.[test]'")
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_people_join_and_leave_voice(page: "Page", local: Playground) -> None:
    """The button at a voice channel lets one in and out; under it stands who sits there, whoever came, and when."""
    study, ben = local.channel("Study"), local.person("ben")
    seated = page.get_by_role("list", name="In Study").get_by_role("listitem")
    await expect(seated).to_have_count(0)
    await ben.join_voice(study)
    await expect(seated).to_have_text(["BBen"])
    await page.get_by_role("button", name="Join voice Study").click()
    await expect(seated).to_have_text(["AAnn", "BBen"])
    assert [member.user.username for member in local.guild.seated] == ["ann", "ben"]
    await page.reload()
    await expect(seated).to_have_text(["AAnn", "BBen"])
    await page.get_by_role("button", name="Leave voice").focus()
    await page.keyboard.press("Enter")
    await expect(seated).to_have_text(["BBen"])
    await expect(page.get_by_role("button", name="Join voice Study")).to_be_focused()
    await ben.leave_voice()
    await expect(seated).to_have_count(0)


async def test_a_voice_channel_opens_its_chat(page: "Page", local: Playground) -> None:
    """A click on a voice channel opens its chat without joining; a person who may not connect sees why."""
    study, ann = local.channel("Study"), local.person("ann")
    await page.get_by_role("link", name="Study").click()
    await expect(page.get_by_test_id("composer")).to_have_attribute("placeholder", "Message #Study")
    assert local.guild.seated == []
    local.deny(study, "CONNECT", user=ann.user)
    await page.get_by_role("button", name="Join voice Study").click()
    await expect(page.get_by_text("Missing Access")).to_be_visible()
