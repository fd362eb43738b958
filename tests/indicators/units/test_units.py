"""Units over HTTP: data that the office changes; what something is counted in is retired, not deleted."""

from typing import Any

import httpx

from klaster_indicators.units.schemas import UnitRead

UNITS = "/v1/units"
SEEN = {"If-Match": "*"}
HOURS = {"code": "workshop", "name": {"pl": "warsztaty", "en": "workshops"}}
EDITIONS = "/v1/strategy/editions"


async def unit(api: httpx.AsyncClient, code: str) -> dict[str, Any]:
    [found] = (await api.get(UNITS, params={"code": code})).json()["items"]
    return dict(found)


class TestUnits:
    async def test_are_there_before_anything_is_counted_in_them(self, empty: httpx.AsyncClient) -> None:
        units = (await empty.get(UNITS, params={"lang": "all", "limit": 500, "count": True})).json()

        assert {"PLN", "EUR", "m2", "person", "percent", "entity"} <= {one["code"] for one in units["items"]}
        assert units["total"] == len(units["items"])
        assert all(one["name"]["pl"] and one["name"]["en"] and not one["retired"] for one in units["items"])

    async def test_are_added_renamed_and_deleted(self, office: httpx.AsyncClient) -> None:
        added = await office.post(UNITS, json=HOURS)
        again = await office.post(UNITS, json=HOURS)
        path = added.headers["location"]
        renamed = await office.patch(path, json={"name": {"pl": "szkolenia", "en": "courses"}}, headers=SEEN)

        assert (added.status_code, again.status_code, again.json()["code"]) == (201, 409, "unit_exists")
        assert UnitRead.model_validate(renamed.json()).version == 2
        assert (await office.get(path, params={"lang": "pl"})).json()["name"] == "szkolenia"
        history = (await office.get(f"{path}/history")).json()["items"]
        assert [one["kind"] for one in history] == ["updated", "created"]
        assert (await office.delete(path)).status_code == 428
        assert (await office.delete(path, headers=SEEN)).status_code == 204
        assert (await office.get(path)).json()["code"] == "unit_not_found"

    async def test_stay_where_something_is_counted_in_them(self, api: httpx.AsyncClient) -> None:
        path = f"{UNITS}/{(await unit(api, 'PLN'))['id']}"

        refused = await api.delete(path, headers=SEEN)
        retired = await api.patch(path, json={"retired": True}, headers=SEEN)

        assert (refused.status_code, refused.json()["code"]) == (409, "unit_in_use")
        assert retired.json()["retired"] is True
        body = {"measure": "registered", "value": 1, "unit": "PLN", "on": "2024-06-30", "source": "a count"}
        late = await api.post("/v1/indicators/C.1.1-1/observations", json=body)
        assert (late.status_code, late.json()["errors"][0]["code"]) == (422, "retired_unit")

    async def test_are_for_the_office_to_change(self, anybody: httpx.AsyncClient) -> None:
        assert (await anybody.post(UNITS, json=HOURS)).status_code in {401, 403}

    async def test_are_refused_without_both_names_or_with_another_code(self, api: httpx.AsyncClient) -> None:
        one_name = await api.post(UNITS, json={"code": "x", "name": {"pl": "x"}})
        path = f"{UNITS}/{(await unit(api, 'PLN'))['id']}"
        renamed = await api.patch(path, json={"code": "zl"}, headers=SEEN)

        assert (one_name.status_code, one_name.json()["errors"][0]["pointer"]) == (422, "/name/en")
        assert renamed.status_code == 422


class TestUse:
    async def test_of_a_unit_that_is_not_there_is_refused_with_the_place(self, api: httpx.AsyncClient) -> None:
        await api.post(f"{EDITIONS}/klsk-2022/copy", json={"code": "klsk-2026"})
        path = f"{EDITIONS}/klsk-2026/indicators/B.1.1-1"
        indicator = (await api.get(path)).json()
        indicator["measures"][0]["unit"] = "workshop"

        refused = await api.put(path, json=indicator, headers=SEEN)
        await api.post(UNITS, json=HOURS)
        taken = await api.put(path, json=indicator, headers=SEEN)

        assert (refused.status_code, taken.status_code) == (422, 200)
        assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
            ("/measures/0/unit", "unknown_unit")
        ]

    async def test_in_observations_tables_and_plans_is_checked_alike(self, api: httpx.AsyncClient) -> None:
        body = {"measure": "registered", "value": 1, "unit": "furlong", "on": "2024-06-30", "source": "a count"}
        observed = await api.post("/v1/indicators/C.1.1-1/observations", json=body)
        table = "indicator,measure,on,value,unit,source\nC.1.1-1,registered,2024-06-30,1,furlong,RBW\n"
        imported = await api.post(
            "/v1/indicators/import",
            content=table.encode(),
            headers={"Content-Type": "text/csv"},
            params={"dry_run": True},
        )
        title = {"pl": "Plan", "en": "Plan"}
        await api.post("/v1/plans", json={"year": 2026, "title": title, "edition": "klsk-2022"})
        item = {"plan": 2026, "task": "D.2.1", "title": title, "from": "2026-10-01", "to": "2026-12-31"}
        planned = await api.post("/v1/plan-items", json={**item, "unit": "furlong", "planned": 3})

        for answer in (observed, planned):
            [error] = answer.json()["errors"]
            assert (answer.status_code, error["pointer"], error["code"]) == (422, "/unit", "unknown_unit")
        assert imported.json()["items"][0]["errors"][0]["code"] == "unknown_unit"

    async def test_names_axes_of_charts_and_measures_of_the_report(self, api: httpx.AsyncClient) -> None:
        path = f"{UNITS}/{(await unit(api, 'entity'))['id']}"
        await api.patch(path, json={"name": {"pl": "organizacje", "en": "organisations"}}, headers=SEEN)

        where = {"measure": "registered", "lang": "pl"}
        sparkline = (await api.get("/v1/indicators/C.1.1-1/sparkline.svg", params=where)).text
        report = (await api.get("/v1/strategy/report.html", params={"lang": "en"})).text

        assert "Jednostka: organizacje." in sparkline
        assert "registered · organisations · on a day" in report
