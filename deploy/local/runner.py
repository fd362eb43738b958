"""`make run` from its first check to its last goodbye."""

import asyncio
import os
import signal
from collections.abc import Coroutine, Mapping

from deploy.local import born, folder, processes, seeding
from deploy.local.console import Console
from deploy.local.errors import Refusal
from deploy.local.folder import Running
from deploy.local.ports import refuse_ports_in_use
from deploy.local.postgresql import databases_on
from deploy.local.readiness import all_ready
from deploy.local.settings import RunnerSettings
from deploy.local.stack import Stack
from deploy.local.supervisor import Supervisor
from deploy.services import GATEWAY, SERVICES


async def run(settings: RunnerSettings, console: Console) -> None:
    """Bring the stack up and keep it up until a signal says otherwise; raises Refusal where it cannot begin."""
    with folder.locked(settings.data):
        _refuse_unfinished(settings)
        stack = Stack(settings=settings, databases=await _databases(settings))
        refuse_ports_in_use(stack.services())
        folder.note(settings.data, Running(process=os.getpid(), port=settings.port, databases=stack.databases))
        supervisor = Supervisor(stack.services(), console)
        stop = _stop_on_signals(supervisor, console)
        work = asyncio.create_task(_bring_up(stack, supervisor, console))
        try:
            await _until(stop, work)
        finally:
            await supervisor.stop(first=GATEWAY)
            console.say("stopped")


async def clear_demonstration(settings: RunnerSettings, console: Console) -> None:
    """Remove the demonstration from the stack that runs on the data folder; raises Refusal where none does."""
    found = folder.running(settings.data)
    stack = Stack(settings=_on_port(settings, found.port), databases=found.databases)
    if not await seeding.clear_demonstration(stack, console):
        raise Refusal("the demonstration is not all gone: try again once every service is up")
    console.say("the demonstration is gone")


async def rotate_keys(settings: RunnerSettings, console: Console) -> None:
    """Give every service another key pair, running or not; raises Refusal where there is none yet."""
    if not (settings.data / "keys" / "jwks.json").exists():
        raise Refusal(f"there are no keys in {settings.data}: name its folder with DATA=")
    if await processes.run(Stack(settings=settings, databases={}).new_key_pairs(), console):
        raise Refusal("the keys could not be exchanged (the lines above say why)")
    console.say("every service has another key; what the old ones signed is good for a minute more")


def _refuse_unfinished(settings: RunnerSettings) -> None:
    data = settings.data
    if folder.is_restoring(data):
        raise Refusal(f"a restore into {data} was cut short: run `make restore` once more, it begins anew")
    if settings.database is None and (server := folder.moved_to(data)):
        raise Refusal(
            f"this stack has moved to {server}: start it with DATABASE=, or remove {data}/moved.json "
            "to go back to what it held before the move"
        )


async def _bring_up(stack: Stack, supervisor: Supervisor, console: Console) -> None:
    """Keys before anybody signs, tables before anybody asks; seeding comes after the gateway answers."""
    console.say("preparing keys and databases ...")
    start = _born if born.POSSIBLE else _one_by_one
    asking = await start(stack, supervisor, console)
    (code, admin_key), _ = await asyncio.gather(asking, all_ready(stack, console))
    if code:
        raise Refusal("the gateway made no admin key (its lines above say why)")
    console.say("ready")
    _welcome(stack, admin_key, console)
    console.say("seeding ..." if stack.settings.demo else "seeding the strategy alone (DEMO=0) ...")
    console.say("seeded" if await seeding.seed(stack, console) else "not seeded: the next start tries again")
    # Once more: seeding fills the screen with the services' lines.
    _welcome(stack, admin_key, console)


Asking = Coroutine[None, None, tuple[int, str]]  # for the admin key: exit code, and what was printed


async def _one_by_one(stack: Stack, supervisor: Supervisor, console: Console) -> Asking:
    keys, migrated = await asyncio.gather(
        processes.run(stack.key_pairs(), console), processes.run(stack.migrations(), console)
    )
    _refuse_unprepared(keys, migrated)
    supervisor.start()
    return processes.ask(stack.admin_key(), console)


async def _born(stack: Stack, supervisor: Supervisor, console: Console) -> Asking:
    """The same, of processes that have imported together what all of them need."""
    services, admin_key = stack.services(), stack.admin_key()
    async with born.nursery(stack.migrations(), [*services, admin_key]) as nursery:

        async def keys_first() -> int:
            code = await processes.run(stack.key_pairs(), console)
            if code:
                nursery.refrain()
            else:
                nursery.give_birth()
            return code

        _refuse_unprepared(*await asyncio.gather(keys_first(), nursery.ended(stack.migrations(), console)))
        *children, asked = await nursery.children()
    supervisor.start({program.name: child for program, child in zip(services, children, strict=True)})
    return processes.listen(admin_key, asked, console)


def _refuse_unprepared(keys: int, migrated: int) -> None:
    if keys:
        raise Refusal("no key pairs could be made (the lines above say why)")
    if migrated:
        raise Refusal("not every database could be migrated (the lines above say which, and why)")


def _welcome(stack: Stack, admin_key: str, console: Console) -> None:
    console.say(f"  gateway        {stack.url()}")
    console.say(f"  documentation  {stack.url()}/docs")
    console.say(f"  scorecard      {stack.url()}/v1/scorecard")
    if admin_key:
        console.say(f"  admin key      {admin_key}")
        console.say("                 shown on the first start only: keep it")


async def _databases(settings: RunnerSettings) -> Mapping[str, str]:
    if settings.database:
        return await databases_on(settings.database, SERVICES, settings.data)
    return {service: f"sqlite+aiosqlite:///{settings.data}/{service}.db" for service in SERVICES}


def _stop_on_signals(supervisor: Supervisor, console: Console) -> asyncio.Event:
    """The first signal stops everything in its order; a second one, at once."""
    stop = asyncio.Event()

    def heard() -> None:
        if stop.is_set():
            supervisor.kill()
            return
        console.say("stopping ... (once more to stop at once)")
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, heard)
    return stop


async def _until(stop: asyncio.Event, work: asyncio.Task[None]) -> None:
    """Wait for the signal; what fails before it is raised, what is under way then is ended."""
    signalled = asyncio.create_task(stop.wait())
    await asyncio.wait({signalled, work}, return_when=asyncio.FIRST_COMPLETED)
    if work.done():
        await work
        await signalled
        return
    work.cancel()
    await asyncio.wait({work})


def _on_port(settings: RunnerSettings, port: int) -> RunnerSettings:
    return RunnerSettings(port=port, data=settings.data, demo=settings.demo, log_level=settings.log_level)
