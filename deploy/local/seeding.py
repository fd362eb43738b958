"""What the stack begins with, and how its demonstration goes away: the services' own seeds, in their order."""

import asyncio
from collections.abc import Sequence

from deploy.local import processes
from deploy.local.console import Console
from deploy.local.errors import Refusal
from deploy.local.processes import Program
from deploy.local.stack import Stack

PAUSES = (1, 2, 4, 8)  # seconds; a service that fell over is back by then, even on a busy machine


async def seed(stack: Stack, console: Console) -> bool:
    """Bring in the strategy and, unless DEMO=0, the demonstration; every start does, since it changes nothing twice."""
    key = await passing_key(stack, console, "seed")
    # Without the demonstration there are still the codes that the strategy speaks in: interest groups, SIGs, types.
    demo = "--demo" if stack.settings.demo else "--no-demo"
    if not await _until_done(stack.seed("registry", key, demo, "--part", "organisations"), console):
        return False
    steps = [
        stack.seed("registry", key, demo, "--part", "belongings"),
        stack.seed("indicators", key, demo),
        stack.seed("events", key, demo),
    ]
    if not await _beside(steps, console):
        return False
    return await _until_done(stack.seed("indicators", key, "--refresh-only"), console)


async def clear_demonstration(stack: Stack, console: Console) -> bool:
    """Remove the demonstration rows; indicators last, when the rows its observations rest on are gone."""
    key = await passing_key(stack, console, "demonstration-clear")
    if not await _beside([stack.seed(service, key, "--clear") for service in ("events", "registry")], console):
        return False
    return await _until_done(stack.seed("indicators", key, "--clear"), console)


async def passing_key(stack: Stack, console: Console, purpose: str) -> str:
    """An admin key that expires by itself; raises Refusal where the gateway's command gives none."""
    code, key = await processes.ask(stack.passing_key(purpose), console)
    if code or not key:
        raise Refusal("the gateway gave no key to work with (its lines above say why)")
    return key


async def _beside(steps: Sequence[Program], console: Console) -> bool:
    """Each works on a database of its own: while one waits for its disk, another has the processor."""
    return all(await asyncio.gather(*(_until_done(step, console) for step in steps)))


async def _until_done(step: Program, console: Console) -> bool:
    if await _until_it_succeeds(step, console):
        return True
    console.say(f"gave up after {len(PAUSES) + 1} tries: {' '.join(step.command[1:])}")
    return False


async def _until_it_succeeds(step: Program, console: Console) -> bool:
    for pause in PAUSES:
        if await processes.run(step, console) == 0:
            return True
        await asyncio.sleep(pause)
    return await processes.run(step, console) == 0
