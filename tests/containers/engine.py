"""The docker command, for whatever of a test asks the engine itself."""

import subprocess


def docker(*arguments: str) -> str:
    """What a docker command prints; raises CalledProcessError."""
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()
