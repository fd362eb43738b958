"""Sends the demonstration through the API, and takes it away again: a client like any other."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from klaster_shared.seeding import Gateway, for_each

_ROWS = Path(__file__).parent / "rows.yaml"
PLANS, ITEMS, REVIEWS = "/v1/plans", "/v1/plan-items", "/v1/reviews"


def rows() -> dict[str, Any]:
    """The demonstration as it stands in its file."""
    found: dict[str, Any] = yaml.safe_load(_ROWS.read_text(encoding="utf-8"))
    return found


async def load(gateway: Gateway) -> None:
    """Add what is not there yet; a plan that is no draft of the demonstration's is left alone, with its items."""
    stated = rows()
    known = {plan["year"]: plan for plan in await gateway.every(PLANS)}
    for plan in stated["plans"]:
        there = known.get(plan["year"]) or await _begin(gateway, stated["edition"], plan)
        # A draft is one whose items are not all there: the run that began it was cut short.
        if there["demonstration"] and there["state"] == "draft":
            await _fill(gateway, there, plan)
    if not await gateway.every(REVIEWS, demonstration=True):
        review = {**stated["review"], "edition": stated["edition"], "demonstration": True}
        await gateway.post(REVIEWS, review, counted="reviews")


async def _begin(gateway: Gateway, edition: str, plan: Mapping[str, Any]) -> dict[str, Any]:
    head = {"year": plan["year"], "title": plan["title"], "edition": edition, "demonstration": True}
    return await gateway.post(PLANS, head, counted="plans")


async def _fill(gateway: Gateway, there: Mapping[str, Any], plan: Mapping[str, Any]) -> None:
    known = {
        (one["task"]["code"], one["title"]["pl"]) for one in await gateway.every(ITEMS, plan=plan["year"], lang="all")
    }
    items = [_item(plan["year"], one) for one in plan["items"] if (one["task"], one["title"]["pl"]) not in known]
    await for_each(items, lambda item: gateway.post(ITEMS, item, counted="items of plans"))
    await gateway.patch(f"{PLANS}/{there['id']}", {"state": "adopted"})


def _item(year: int, stated: Mapping[str, Any]) -> dict[str, Any]:
    responsible = {name: stated[name] for name in ("sig", "text") if name in stated}
    kept = {name: value for name, value in stated.items() if name not in {"sig", "text"}}
    done = [{"on": str(day), "quantity": quantity} for day, quantity in stated.get("done", {}).items()]
    days = {"from": str(stated["from"]), "to": str(stated["to"])}
    return {**kept, **days, "plan": year, "responsible": responsible, "done": done, "demonstration": True}


async def clear(gateway: Gateway) -> None:
    """Delete what is marked as demonstration; a plan with other items stays, a review that was applied too."""
    for item in await gateway.every(ITEMS, demonstration=True):
        await gateway.delete(f"{ITEMS}/{item['id']}", counted="items of plans deleted")
    for plan in await gateway.every(PLANS, demonstration=True):
        if plan["items"] == 0:
            await gateway.delete(f"{PLANS}/{plan['id']}", counted="plans deleted")
    for review in await gateway.every(REVIEWS, demonstration=True, state="open"):
        await gateway.delete(f"{REVIEWS}/{review['id']}", counted="reviews deleted")
