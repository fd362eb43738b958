"""Whatever happens in whatever order: seats, queue, counters and messages are those of a few lines of plain Python."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from klaster_events.database import open_database
from klaster_events.event_types.operations import EVENT_TYPES
from klaster_events.event_types.schemas import EventTypeCreate
from klaster_events.events.models import Event
from klaster_events.events.operations import hold_event
from klaster_events.outbox.models import Message
from klaster_events.people.schemas import PersonGiven
from klaster_events.registrations import operations
from klaster_events.registrations.expiring import expire_in_batches
from klaster_events.registrations.models import Registration
from klaster_shared.database import Database
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Label
from tests.events.conftest import FOUNDATION, NOW
from tests.examples import examples

Found = TypeVar("Found")
PEOPLE = st.integers(min_value=0, max_value=5)
HOURS = 24
SEATED = ("confirmed", "pending", "offered")


@dataclass
class Somebody:
    """What there is to know of one person."""

    state: str
    ticket: int
    verified: bool
    until: int | None = None
    told: list[str] = field(default_factory=list)


@dataclass
class Plain:
    """What ought to be: one event, its seats and its queue."""

    capacity: int | None
    offers: bool
    hour: int = 0
    tickets: int = 0
    people: dict[int, Somebody] = field(default_factory=dict)

    def taken(self) -> int:
        return sum(1 for one in self.people.values() if one.state in SEATED)

    def has_seat(self) -> bool:
        return self.capacity is None or self.taken() < self.capacity

    def register(self, number: int, *, vouched: bool) -> None:
        known = self.people.get(number)
        if known is not None and known.state != "cancelled":
            # A stranger's address is written to once an hour at most.
            if not vouched and "registered_already" not in known.told[-1:]:
                known.told.append("registered_already")
            return
        self.tickets += 1
        state = ("confirmed" if vouched else "pending") if self.has_seat() else "waiting"
        told = known.told if known else []
        until = None if vouched else self.hour + HOURS
        told.append(("confirmed" if state == "confirmed" else "waiting") if vouched else "confirm_address")
        self.people[number] = Somebody(state, self.tickets, vouched, until, told)

    def verify(self, one: Somebody) -> None:
        one.verified, one.until = True, None
        if one.state == "pending":
            one.state = "confirmed"
            one.told.append("confirmed")
            return
        self.move_up()
        if one.state == "waiting":
            one.told.append("waiting")

    def move_up(self) -> None:
        queue = [one for one in self.people.values() if one.state == "waiting" and one.verified]
        for one in sorted(queue, key=lambda one: one.ticket):
            if not self.has_seat():
                return
            one.state = "offered" if self.offers else "confirmed"
            one.until = self.hour + HOURS if self.offers else None
            one.told.append("offer" if self.offers else "moved_up")

    def end(self, one: Somebody, *, told: str | None) -> None:
        one.state, one.until = "cancelled", None
        one.told += [told] if told else []

    def expire(self) -> None:
        for one in self.people.values():
            if one.until is not None and one.until <= self.hour:
                self.end(one, told="offer_expired" if one.state == "offered" else None)
        self.move_up()


class Registrations(RuleBasedStateMachine):
    """The service's own rules on a real database, beside the plain ones."""

    url: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.database: Database = open_database(self.url)
        self.plain = Plain(capacity=2, offers=False)
        self.event_id = self.run(self._new_event)

    def run(self, work: Callable[[], Awaitable[Found]]) -> Found:
        async def call() -> Found:
            return await work()

        return self.loop.run(call())

    @property
    def now(self) -> Any:
        return NOW + timedelta(hours=self.plain.hour)

    async def _new_event(self) -> UUID:
        event_id, later = new_id(), NOW + timedelta(days=3650)
        counters: dict[str, Any] = dict.fromkeys(("confirmed", "held", "waiting", "tickets", "present"), 0)
        async with self.database.write() as session:
            if not await session.scalar(text("SELECT count(*) FROM event_types")):
                label = Label(pl="Warsztat", en="Workshop")
                given = EventTypeCreate(code="workshop", name=label, counts_as=["workshop"])
                await EVENT_TYPES.create(session, given=given, now=NOW)
            session.add(
                Event(
                    id=event_id,
                    type="workshop",
                    organiser_id=FOUNDATION,
                    title_pl="Warsztat",
                    title_en="Workshop",
                    sort_title="warsztat",
                    search_text="warsztat",
                    starts_at=later,
                    ends_at=later + timedelta(hours=2),
                    zone="Europe/Warsaw",
                    online=False,
                    capacity=2,
                    state="published",
                    demonstration=False,
                    source="test",
                    source_key=str(event_id),
                    version=1,
                    created_at=NOW,
                    updated_at=NOW,
                    **counters,
                )
            )
        return event_id

    async def _ids(self) -> dict[int, UUID]:
        async with self.database.read() as session:
            rows = await session.execute(
                select(col(Registration.id), col(Registration.ticket)).where(
                    col(Registration.event_id) == self.event_id
                )
            )
            tickets = {ticket: registration_id for registration_id, ticket in rows}
        return {number: tickets[one.ticket] for number, one in self.plain.people.items()}

    def step(self, number: int, move: Callable[..., Awaitable[Any]], **more: Any) -> None:
        async def work() -> None:
            registration_id = (await self._ids())[number]
            async with self.database.write() as session:
                await move(session, registration_id=registration_id, now=self.now, **more)

        self.run(work)

    @rule(wishes=st.lists(st.tuples(PEOPLE, st.booleans()), min_size=1, max_size=6))
    def register(self, wishes: list[tuple[int, bool]]) -> None:
        """Several at once, some of them twice, some of them back again."""
        asked = [
            operations.Wish(
                person=PersonGiven(name="Ada", email=f"{self.event_id}.{number}@example.org"),
                origin="office" if vouched else "self",
            )
            for number, vouched in wishes
        ]

        async def work() -> None:
            async with self.database.write() as session:
                await operations.register_many(session, event_id=self.event_id, wishes=asked, now=self.now)

        self.run(work)
        for number, vouched in wishes:
            self.plain.register(number, vouched=vouched)

    def _in(self, *states: str) -> list[int]:
        return [number for number, one in self.plain.people.items() if one.state in states]

    @precondition(lambda self: any(not one.verified for one in self.plain.people.values() if one.state != "cancelled"))
    @rule(chosen=st.data())
    def verify(self, chosen: st.DataObject) -> None:
        """Somebody follows the link."""
        unverified = [n for n in self._in("pending", "waiting") if not self.plain.people[n].verified]
        number = chosen.draw(st.sampled_from(unverified))
        self.step(number, operations.verify_address)
        self.plain.verify(self.plain.people[number])

    @precondition(lambda self: self._in("confirmed", "pending", "offered", "waiting"))
    @rule(chosen=st.data())
    def cancel(self, chosen: st.DataObject) -> None:
        """Somebody leaves."""
        number = chosen.draw(st.sampled_from(self._in("confirmed", "pending", "offered", "waiting")))
        self.step(number, operations.cancel_registration, by="office")
        self.plain.end(self.plain.people[number], told="registration_cancelled")
        self.plain.move_up()

    @precondition(lambda self: self._in("offered"))
    @rule(chosen=st.data(), accepts=st.booleans())
    def answer_offer(self, chosen: st.DataObject, accepts: bool) -> None:
        """Somebody takes the seat that is held, or leaves it to the next one."""
        number = chosen.draw(st.sampled_from(self._in("offered")))
        one = self.plain.people[number]
        self.step(number, operations.accept_offer if accepts else operations.decline_offer)
        if accepts:
            one.state, one.until = "confirmed", None
            one.told.append("confirmed")
        else:
            self.plain.end(one, told="registration_cancelled")
            self.plain.move_up()

    @rule(hours=st.sampled_from([1, 13, 25]))
    def wait(self, hours: int) -> None:
        """Time goes by; every message was sent when it was written."""
        self.plain.hour += hours

        async def work() -> None:
            async with self.database.write() as session:
                sent = update(Message).where(col(Message.state) == "waiting")
                await session.execute(sent.values(state="sent", sent_at=col(Message.created_at)))
            await expire_in_batches(self.database, now=self.now)

        self.run(work)
        self.plain.expire()
        for one in self.plain.people.values():
            one.told.append("hour")  # so that the next repeat is written to again

    @rule(capacity=st.one_of(st.none(), st.integers(min_value=1, max_value=5)), offers=st.booleans())
    def resize(self, capacity: int | None, offers: bool) -> None:
        """More seats, fewer seats, and whether they are offered; fewer than are taken is the database's to refuse."""

        async def work() -> bool:
            try:
                async with self.database.write() as session:
                    event = await hold_event(session, event_id=self.event_id)
                    event.capacity, event.offer_hours = capacity, HOURS if offers else None
                    await operations.move_up(session, event=event, now=self.now)
            except IntegrityError:
                return False
            return True

        fits = capacity is None or self.plain.taken() <= capacity
        assert self.run(work) == fits
        if fits:
            self.plain.capacity, self.plain.offers = capacity, offers
            self.plain.move_up()

    @invariant()
    def everything_is_as_it_ought_to_be(self) -> None:
        """Rows, counters, order and messages."""

        async def work() -> tuple[Any, Any, Any]:
            async with self.database.read() as session:
                event = (await session.scalars(select(Event).where(col(Event.id) == self.event_id))).one()
                of_event = select(Registration).where(col(Registration.event_id) == self.event_id)
                rows = (await session.scalars(of_event.order_by(col(Registration.ticket)))).all()
                letters = select(Message).where(col(Message.event_id) == self.event_id)
                told = (await session.scalars(letters.order_by(col(Message.created_at), col(Message.id)))).all()
                return event, rows, told

        event, rows, letters = self.run(work)
        expected = sorted(self.plain.people.values(), key=lambda one: one.ticket)
        found = [(row.state, row.ticket, row.verified_at is not None) for row in rows]
        assert found == [(one.state, one.ticket, one.verified) for one in expected]
        counted = [sum(1 for one in expected if one.state in states) for states in (("confirmed",), SEATED[1:])]
        waiting = sum(1 for one in expected if one.state == "waiting")
        assert [event.confirmed, event.held, event.waiting] == [*counted, waiting]
        assert event.tickets == self.plain.tickets
        assert event.capacity is None or event.confirmed + event.held <= event.capacity
        for row, one in zip(rows, expected, strict=True):
            told = sorted(letter.kind for letter in letters if letter.registration_id == row.id)
            assert told == sorted(kind for kind in one.told if kind != "hour")

    def teardown(self) -> None:
        self.run(self.database.dispose)
        self.loop.close()


@pytest.mark.hypothesis
@pytest.mark.timeout(300)
class TestRegistrations:
    def test_are_as_plain_rules_say(self, database_url: str) -> None:
        machine = type("OnThisDatabase", (Registrations,), {"url": database_url})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples(6),
                stateful_step_count=12,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
