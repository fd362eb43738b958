"""One contract from several, or a build that fails and says where they collide."""

from typing import Any

import pytest

from klaster_gateway.contract.merging import ContractError, merge_contracts


def contract(*operations: tuple[str, str, str], schemas: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A contract of (method, path, operation id)."""
    paths: dict[str, Any] = {}
    for method, path, name in operations:
        paths.setdefault(path, {})[method] = {
            "operationId": name,
            "x-klaster-role": "anonymous",
            "x-klaster-scope": "things:read",
            **more,
        }
    return {"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas or {}}}


def merge(**contracts: dict[str, Any]) -> dict[str, Any]:
    return merge_contracts(contracts.items(), info={"title": "t", "version": "1"})


class TestMergeContracts:
    def test_says_of_every_operation_who_answers_it(self) -> None:
        merged = merge(registry=contract(("get", "/a", "a")), events=contract(("get", "/b", "b")))
        assert merged["paths"]["/a"]["get"]["x-klaster-service"] == "registry"
        assert merged["paths"]["/b"]["get"]["x-klaster-service"] == "events"

    def test_lets_two_services_share_a_path_by_method(self) -> None:
        merged = merge(registry=contract(("get", "/a", "a")), events=contract(("post", "/a", "b")))
        assert set(merged["paths"]["/a"]) == {"get", "post"}

    def test_keeps_one_of_equal_components(self) -> None:
        same = {"Problem": {"type": "object"}}
        assert merge(a=contract(schemas=same), b=contract(schemas=same))["components"]["schemas"] == same

    def test_refuses_a_path_claimed_twice(self) -> None:
        with pytest.raises(ContractError, match="GET /a: claimed by registry and by events"):
            merge(registry=contract(("get", "/a", "a")), events=contract(("get", "/a", "b")))

    def test_refuses_a_path_claimed_twice_under_other_names(self) -> None:
        with pytest.raises(ContractError, match=r"GET /a/\{y\}: claimed by registry and by events"):
            merge(registry=contract(("get", "/a/{x}", "a")), events=contract(("get", "/a/{y}", "b")))

    def test_refuses_an_operation_id_used_twice(self) -> None:
        with pytest.raises(ContractError, match="operationId a: claimed by registry and by events"):
            merge(registry=contract(("get", "/a", "a")), events=contract(("get", "/b", "a")))

    def test_refuses_components_that_differ(self) -> None:
        with pytest.raises(ContractError, match="components/schemas/Address: differs between registry and events"):
            merge(
                registry=contract(schemas={"Address": {"type": "object"}}),
                events=contract(schemas={"Address": {"type": "string"}}),
            )

    def test_refuses_an_operation_that_does_not_say_who_may_call_it(self) -> None:
        silent = contract(("get", "/a", "a"))
        del silent["paths"]["/a"]["get"]["x-klaster-role"]
        with pytest.raises(ContractError, match="registry: GET /a lacks x-klaster-role"):
            merge(registry=silent)

    def test_refuses_another_version_of_the_standard(self) -> None:
        with pytest.raises(ContractError, match="registry: not an OpenAPI"):
            merge(registry={"openapi": "3.0.3", "paths": {}})

    def test_names_everything_that_is_wrong_at_once(self) -> None:
        with pytest.raises(ContractError) as refused:
            merge(registry=contract(("get", "/a", "a")), events=contract(("get", "/a", "a")))
        assert len(str(refused.value).splitlines()) == 2
