"""The background work of events: which jobs there are, and how often each is looked at."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from klaster_events.bookings.steps import lapse_requests
from klaster_events.clients.mail import MailServer
from klaster_events.clients.registry import RegistryClient
from klaster_events.database import METADATA
from klaster_events.meetings.deciding import tell_of_decision
from klaster_events.meetings.expiring import call_off_meetings, expire_requests
from klaster_events.messages.composing import Sender
from klaster_events.messages.delivery import Post, deliver
from klaster_events.notices.operations import expand_notices, remind
from klaster_events.participants.operations import withdraw_gone
from klaster_events.plans.working import Healer, Planner, plan_meetings
from klaster_events.privacy.ledger import Ledger
from klaster_events.proposing.learning import learn_decisions
from klaster_events.proposing.sending import send_proposals
from klaster_events.registrations.expiring import expire_in_batches
from klaster_events.resources.following import follow_registry
from klaster_events.retention.operations import forget_in_batches, tidy
from klaster_events.settings import Settings
from klaster_shared.children.child import Child
from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.jobs import Job, Jobs

TIDY_EVERY = timedelta(hours=1)
REMIND_EVERY = timedelta(minutes=10)  # of hours before an event, ten minutes are nothing
EXPIRE_EVERY = timedelta(seconds=20)  # seats are held for hours: whoever is next need not wait for minutes
WITHDRAW_EVERY = timedelta(seconds=30)  # whoever gave up a seat is met by nobody: others can be told soon
HEAL_EVERY = timedelta(seconds=5)  # nobody should sit at a table that is gone; where nothing changed, one look
LAPSE_EVERY = timedelta(minutes=1)
PROPOSE_EVERY = timedelta(seconds=5)  # and asking after what was proposed; where nothing is due, two looks at an index
FORGET_EVERY = timedelta(minutes=5)  # a person whom a deleted event leaves behind is gone within minutes


def build_jobs(
    database: Database,
    registry: RegistryClient,
    settings: Settings,
    planning: Child,
    *,
    clock: Callable[[], datetime] = utc_now,
) -> Jobs:
    """The background work: following the registry, proposing to it, planning meetings, forgetting people."""

    async def follow(job: Job) -> dict[str, Any]:
        return await follow_registry(database, registry, job=job)

    ledger, months = Ledger(settings.erasures_file), settings.retention_months

    async def expire(_job: Job) -> dict[str, Any]:
        return {"looked_at": await expire_in_batches(database, now=clock())}

    async def expire_meetings(_job: Job) -> dict[str, Any]:
        called_off = await call_off_meetings(database, now=clock())
        return {"called_off": called_off, "ended": await expire_requests(database, now=clock())}

    planner, healer = Planner(database=database, process=planning, clock=clock), Healer(database, clock=clock)

    async def plan(job: Job) -> dict[str, Any]:
        return await plan_meetings(planner, job)

    async def heal(_job: Job) -> dict[str, Any]:
        return await healer.look(jobs)

    async def forget(_job: Job) -> dict[str, Any]:
        return {"forgotten": await forget_in_batches(database, ledger=ledger, months=months, now=clock())}

    async def lapse(_job: Job) -> dict[str, Any]:
        return {"lapsed": await lapse_requests(database, now=utc_now())}

    async def propose(_job: Job) -> dict[str, Any]:
        sent = await send_proposals(database, registry, clock=clock)
        learnt = await learn_decisions(database, registry, tell=tell_of_decision, clock=clock)
        return {"proposals": sent, "decisions": learnt}

    async def withdraw(_job: Job) -> dict[str, Any]:
        async with database.write() as session:
            return {"withdrawn": len(await withdraw_gone(session, now=utc_now()))}

    async def tidy_up(_job: Job) -> dict[str, Any]:
        return dict(await tidy(database, months=months, now=clock()))

    jobs = Jobs(
        database,
        METADATA,
        handlers={
            "follow_registry": follow,
            "send_proposals": propose,
            "lapse_bookings": lapse,
            "expire_registrations": expire,
            "withdraw_participants": withdraw,
            "expire_meetings": expire_meetings,
            "plan_meetings": plan,
            "heal_meetings": heal,
            "forget_people": forget,
            "tidy": tidy_up,
        },
        schedules={
            "follow_registry": timedelta(seconds=settings.follow_seconds),
            "send_proposals": PROPOSE_EVERY,
            "lapse_bookings": LAPSE_EVERY,
            "expire_registrations": EXPIRE_EVERY,
            "withdraw_participants": WITHDRAW_EVERY,
            "expire_meetings": EXPIRE_EVERY,
            "heal_meetings": HEAL_EVERY,
            "forget_people": FORGET_EVERY,
            "tidy": TIDY_EVERY,
        },
    )
    return jobs


def build_post(database: Database, settings: Settings) -> Jobs:
    """What people are told, sent by jobs of their own: a mail server that hangs keeps no other work waiting."""
    post = Post(
        database=database,
        server=_mail_server(settings),
        sender=Sender(
            address=settings.mail_from,
            name=settings.mail_from_name,
            public_url=settings.public_url,
            confirm_hours=settings.confirm_hours,
            zone=settings.zone,
        ),
        connections=settings.smtp_connections,
        clock=utc_now,
    )

    async def send(_job: Job) -> dict[str, Any]:
        told = await expand_notices(database, clock=utc_now)
        return {"told": told, **await deliver(post)}

    async def remind_people(_job: Job) -> dict[str, Any]:
        return {"reminded": await remind(database, hours=settings.reminder_hours, now=utc_now())}

    return Jobs(
        database,
        METADATA,
        handlers={"send_messages": send, "remind_people": remind_people},
        schedules={"send_messages": timedelta(seconds=settings.mail_seconds), "remind_people": REMIND_EVERY},
    )


def _mail_server(settings: Settings) -> MailServer | None:
    if settings.smtp_host is None:
        return None
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        timeout=settings.smtp_timeout_seconds,
        username=settings.smtp_username,
        password=settings.smtp_password,
    )
