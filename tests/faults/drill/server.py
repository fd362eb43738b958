"""A PostgreSQL server that may be killed, stopped in its tracks, and run out of what it needs."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from klaster_shared.testing.postgres import account, binary, run
from tests.running import free_ports

DISK = "size=512m,mode=755"
_OPTIONS = ("max_connections=100", "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=on")


class Server:
    """One server in a folder of its own; it waits for the disk as one that keeps anything does."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o755)  # the server's own user passes through
        disk = folder / "disk"
        disk.mkdir(mode=0o755)
        # A disk of its own, small enough to be filled; whoever may not mount one goes without that fault.
        mount = ["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", str(disk)]
        self.small = subprocess.run(mount, check=False, capture_output=True).returncode == 0
        self.data = disk / "postgresql"
        self.data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(self.data, account())
        self.port = free_ports()
        run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()

    @property
    def url(self) -> str:
        """Of a role that may do everything."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = " ".join(f"-c {setting}" for setting in (*_OPTIONS, f"port={self.port}"))
        log = str(self.data / "server.log")
        run("pg_ctl", "-D", str(self.data), "-l", log, "-o", options, "-w", "-t", "120", "start")

    def stop(self) -> None:
        """As an operator restarts it: connections are ended, nothing is lost."""
        run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")

    def kill(self) -> None:
        """`kill -9`, all of it."""
        self._signal(signal.SIGKILL)
        while self._processes():
            time.sleep(0.05)

    def pause(self) -> None:
        """It holds its connections and answers nobody."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """It goes on where it was."""
        self._signal(signal.SIGCONT)

    def psql(self, statement: str) -> str:
        """What a statement prints."""
        command = [binary("psql"), self.url, "--no-psqlrc", "--tuples-only", "--no-align", "--command", statement]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def answers(self) -> bool:
        """Whether it lets anybody in."""
        ready = [binary("pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={self.port}"]
        return subprocess.run(ready, check=False).returncode == 0

    def close(self) -> None:
        """End it, and give back its disk."""
        if self._processes():
            run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")
        if self.small:
            subprocess.run(["umount", str(self.data.parent)], check=False)

    def _signal(self, number: signal.Signals) -> None:
        for process in self._processes():
            try:
                os.kill(process, number)
            except ProcessLookupError:
                continue

    def _processes(self) -> list[int]:
        """The postmaster and its children."""
        try:
            first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        except (OSError, IndexError, ValueError):
            return []
        return [first, *map(int, children)]
