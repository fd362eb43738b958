"""Where webhooks may go."""

from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klaster_gateway.webhooks.errors import TargetRefused
from klaster_gateway.webhooks.receivers import Receivers
from klaster_gateway.webhooks.targets import Targets, is_public
from tests.gateway.conftest import Service


class Names:
    """Answers lookups, one after the other, the last for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if not found:
            raise OSError("no such name")
        return found


PUBLIC = Names(["93.184.215.14"])


class TestIsPublic:
    @pytest.mark.parametrize(
        "address",
        [
            "93.184.215.14",
            "8.8.8.8",
            "172.32.0.1",
            "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ],
    )
    def test_is_what_the_internet_reaches(self, address: str) -> None:
        assert is_public(ip_address(address))

    @pytest.mark.parametrize(
        "address",
        [
            *("0.0.0.0", "10.0.0.1", "127.0.0.1", "127.255.255.254", "169.254.1.1", "172.16.0.1", "192.168.1.1"),
            *("100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "203.0.113.1"),
            *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
            *("169.254.169.254", "168.63.129.16", "fd00:ec2::254"),
            *("::", "::1", "fe80::1", "fec0::1", "fc00::1", "ff02::1", "2001:db8::1", "100::1"),
            *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::127.0.0.1"),
            *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::"),
        ],
    )
    def test_is_nothing_inside(self, address: str) -> None:
        assert not is_public(ip_address(address))


class TestTargets:
    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("http://example.org/", "https_only"),
            ("ftp://example.org/", "https_only"),
            ("example.org", "https_only"),
            ("https:///hook", "url"),
            ("https://example.org:99999/", "url"),
            ("https://example.org:0/", "url"),
            ("https://exam ple.org/", "url"),
            ("https://żółw.example/", "url"),
            ("https://[::1/", "url"),
            ("https://user:secret@example.org/", "credentials"),
            ("https://example.org/#top", "fragment"),
        ],
    )
    async def test_refuse_what_is_not_written_as_one(self, url: str, code: str) -> None:
        with pytest.raises(TargetRefused) as refused:
            await Targets(resolve=PUBLIC).check(url)
        assert (refused.value.errors[0]["code"], refused.value.errors[0]["pointer"]) == (code, "/url")

    @pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "127.1", "localhost", "10.0.0.1"])
    async def test_refuse_this_machine_however_it_is_written(self, host: str) -> None:
        with pytest.raises(TargetRefused):
            await Targets().check(f"https://{host}/")

    @given(st.text(max_size=40), st.sampled_from(["", "https://", "https://[", "https://a:", "//"]))
    @settings(max_examples=200, deadline=None)
    def test_say_what_is_wrong_with_whatever_is_written(self, text: str, before: str) -> None:
        with suppress(TargetRefused):
            Targets().read(before + text)

    async def test_refuse_a_name_of_which_one_address_is_inside(self) -> None:
        with pytest.raises(TargetRefused, match="no address of the public internet"):
            await Targets(resolve=Names(["93.184.215.14", "10.0.0.1"])).check("https://example.org/")

    async def test_refuse_a_name_that_leads_nowhere(self) -> None:
        with pytest.raises(TargetRefused, match="leads nowhere"):
            await Targets(resolve=Names([])).check("https://example.org/")

    async def test_let_pass_what_is_public_and_what_the_settings_allow(self) -> None:
        await Targets(resolve=PUBLIC).check("https://example.org:8443/hook?a=b")
        await Targets(http=True, networks=[ip_network("127.0.0.0/8")]).check("http://127.0.0.1:9000/")


class TestSending:
    async def test_goes_to_the_address_that_was_checked(self, service: Service) -> None:
        """A name that meant something public when the webhook was made, and this machine when it is sent."""
        port = service.url.rsplit(":", 1)[1]
        targets = Targets(http=True, resolve=Names(["93.184.215.14"], ["127.0.0.1"]))
        await targets.check(f"http://rebinding.example:{port}/")
        receivers = Receivers(targets, seconds=2)
        answer = await receivers.send(f"http://rebinding.example:{port}/", "{}", {})
        await receivers.aclose()
        assert (answer.status, service.asked) == (None, [])
        assert answer.problem == "rebinding.example is no address of the public internet"

    async def test_asks_no_resolver_about_an_address_and_refuses_it_all_the_same(self, service: Service) -> None:
        receivers = Receivers(Targets(http=True), seconds=2)
        answer = await receivers.send(service.url, "{}", {})
        await receivers.aclose()
        assert (answer.status, answer.problem, service.asked) == (
            None,
            "It cannot be reached, or not at an address that is allowed",
            [],
        )

    async def test_says_the_name_to_the_address(self, service: Service) -> None:
        port = service.url.rsplit(":", 1)[1]
        targets = Targets(http=True, networks=[ip_network("127.0.0.0/8")], resolve=Names(["127.0.0.1"]))
        receivers = Receivers(targets, seconds=2)
        answer = await receivers.send(f"http://receiver.example:{port}/hook", "{}", {})
        await receivers.aclose()
        assert answer.accepted
        assert service.asked[0].header(b"host") == [f"receiver.example:{port}".encode()]
