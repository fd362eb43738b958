"""The stack on a Docker Swarm, from a machine that manages it: `python3 -m deploy.swarm prepare|deploy|run`.

    prepare   make keys and passwords and hand them to the swarm, make databases and roles on the server whose URL is in
              KLASTER_SERVER (postgresql://role:password@host/postgres; the role may create both); once
    deploy    migrate each database, start the stack or bring it to another version, one replica after another;
              then seed it (DEMO=1 with the demonstration), which changes nothing twice
    run NAME COMMAND...   one command of a service's image, with its secrets, to its end: an admin key, a compaction

Settings are those at the head of stack.yml. Needs nothing but Python and the docker command.
"""

import os
import sys

from deploy.swarm.jobs import StepError
from deploy.swarm.stack import Swarm, deploy, prepare


def main() -> int:
    """What was asked for; 2 where it is not understood."""
    swarm = Swarm.of(os.environ)
    try:
        match sys.argv[1:]:
            case ["prepare"]:
                prepare(swarm, server=os.environ.get("KLASTER_SERVER", ""))
            case ["deploy"]:
                deploy(swarm, demo=os.environ.get("DEMO", "1") != "0")
            case ["run", service, *command] if command:
                print(swarm.run(service, command), end="")
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except StepError as error:
        print(f"swarm: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
