"""Lines of a real stack, at the lowest level there is: what stands in them, and what never does."""

import re
import time
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.watching.conftest import MailFolder, Watched

pytestmark = pytest.mark.timeout(420)
NAME, SURNAME = "Grzegorz", "Brzeczyszczykiewicz"  # in plain letters: JSON writes others in another way
ADDRESS = "grzegorz.chrzaszczyzewoszyce"
ALLERGY = "orzeszki-ziemne-i-seler"
WITHIN = 60.0  # seconds; two on a machine that does nothing else


def ok(answer: httpx.Response) -> httpx.Response:
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    return answer


def published(office: httpx.Client) -> str:
    """An event with a question of its own; its id."""
    organiser = ok(office.post("/v1/entities", json={"names": [{"value": "Fundacja Dzienników"}]})).json()["id"]
    event = {
        "type": "networking",
        "organiser": organiser,
        "title": {"pl": "Śniadanie", "en": "Breakfast"},
        "starts_at": "2036-12-10T17:00:00+01:00",
        "ends_at": "2036-12-10T20:00:00+01:00",
        "capacity": 5,
        "state": "published",
    }
    return str(ok(office.post("/v1/events", json=event)).json()["id"])


def link_to(address: str, folder: Path) -> str:
    """The signed part of the link that was sent to an address."""
    limit = time.monotonic() + WITHIN
    while time.monotonic() < limit:
        for path in list(folder.glob("new/*")):
            text = path.read_text(errors="replace").replace("=\n", "")
            if address in text and (found := re.search(r"/v1/registration-links/([A-Za-z0-9_.-]+)", text)):
                return found[1]
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address}")


class TestLines:
    def test_hold_no_personal_data_no_keys_no_tokens_and_no_links(
        self, watched: Watched, office: httpx.Client, public: httpx.Client, mail: MailFolder
    ) -> None:
        """Somebody registers, is refused, follows their link, takes their data along and is erased; keys are used."""
        path = f"/v1/events/{published(office)}/registrations"
        somebody = {"name": f"{NAME} {SURNAME}", "email": f"{ADDRESS}@example.org", "language": "pl"}
        ok(public.post(path, json=somebody))
        assert public.post(path, json={**somebody, "seat": ALLERGY}).status_code == 422
        half = f'{{"name": "{SURNAME}", "email": "{ADDRESS}@'.encode()
        assert public.post(path, content=half, headers={"Content-Type": "application/json"}).status_code == 400
        link = link_to(ADDRESS, mail.folder)
        ok(public.post(f"/v1/registration-links/{link}/confirm"))
        ok(public.get(f"/v1/registration-links/{link}"))
        assert public.get(f"/v1/registration-links/{link[:-3]}abc").status_code == 404
        ok(office.get(path, params={"q": SURNAME}))
        ok(office.get("/v1/search", params={"q": f"{ADDRESS}@example.org"}))
        made = ok(office.post("/v1/keys", json={"name": "a reader", "role": "integrator"})).json()
        ok(public.get("/v1/registry/changes", headers={"Authorization": f"Bearer {made['key']}"}))
        wrong = made["key"][:-4] + "zzzz"
        assert public.get("/v1/whoami", headers={"Authorization": f"Bearer {wrong}"}).status_code == 401
        ok(public.post(f"/v1/registration-links/{link}/cancel"))
        time.sleep(1.5)  # the last spans are on their way

        written = watched.written()
        told = "".join(span.all_of_it for span in tuple(watched.receiver.spans))
        assert '"path":' in written
        assert told
        secrets = (NAME, SURNAME, ADDRESS, ALLERGY, made["key"], wrong, watched.stack.admin_key, link, link[-20:])
        for secret in secrets:
            assert secret not in written
            assert secret not in told
        for text in (written, told):
            assert not re.search(r"klk_[a-z2-9]{8}_[A-Za-z0-9]", text)
            assert "eyJ" not in text  # how every signed token begins
            assert "@example.org" not in text

    def test_name_the_request_the_trace_and_who_acts_in_every_service_that_it_touches(
        self, watched: Watched, office: httpx.Client
    ) -> None:
        request_id = uuid4().hex
        ok(office.get("/v1/labs", headers={"X-Request-ID": request_id}))

        limit = time.monotonic() + WITHIN
        while not (found := [each for each in watched.lines("registry") if each.get("request_id") == request_id]):
            assert time.monotonic() < limit
            time.sleep(0.1)
        [line] = found
        assert line["event"] == "request"
        assert (line["method"], line["path"], line["status"]) == ("GET", "/v1/labs", 200)
        assert line["role"] == "admin"
        assert re.fullmatch(r"key:[0-9a-f-]{36}", line["actor"])
        assert re.fullmatch(r"[0-9a-f]{32}", line["trace_id"])
        assert {"timestamp", "level", "service"} <= line.keys()

    def test_name_the_job_in_the_lines_of_whoever_it_asks(self, watched: Watched) -> None:
        asked = [line for line in watched.lines("registry") if line.get("request_id", "").startswith("job-")]

        assert {"service:events", "service:gateway"} <= {line["actor"] for line in asked}
