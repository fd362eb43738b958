"""The documentation works without anything from elsewhere."""

import re

import pytest

from tests.gateway.conftest import Gateway


class TestDocumentation:
    async def test_loads_all_its_assets_from_here(self, gateway: Gateway) -> None:
        page = (await gateway.client.get("/docs")).text
        assets = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert len(assets) >= 4
        for asset in assets:
            assert asset.startswith("/")
            assert (await gateway.client.get(asset)).status_code == 200, asset

    async def test_renders_this_version_of_the_standard(self, gateway: Gateway) -> None:
        script = (await gateway.client.get("/docs/assets/swagger-ui/swagger-ui-bundle.js")).text
        assert re.search(r'PACKAGE_VERSION:"?5\.|"5\.35\.0"', script)  # the first to know 3.1 is 5.0
        assert (await gateway.client.get("/openapi.json")).json()["openapi"].startswith("3.1")

    @pytest.mark.parametrize("path", ["/docs", "/problems"])
    async def test_may_load_nothing_from_elsewhere(self, gateway: Gateway, path: str) -> None:
        policy = (await gateway.client.get(path)).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy

    async def test_is_not_sent_twice(self, gateway: Gateway) -> None:
        first = await gateway.client.get("/openapi.json")
        again = await gateway.client.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
