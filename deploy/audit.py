"""`make audit`: asks a service that knows of vulnerabilities about every package that our locks name.

pip-audit itself says "no known vulnerabilities" where an index answers that knows of none. So it is first asked about a
package whose vulnerability everybody knows; where that is not told, nothing is, and this says so instead.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / ".venv-contract" / "bin" / "pip-audit"
LOCKS = sorted([*ROOT.glob("requirements-*.lock"), *ROOT.glob("services/*/requirements.lock")])
PIN = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)", re.MULTILINE)
VULNERABLE = ["jinja2==2.11.2"]  # CVE-2020-28493
WITHIN = 120  # seconds for one list of packages
KNOWN_WITHIN = 30  # seconds for the one that everybody knows: where nothing answers, no more are waited for


class Answer(NamedTuple):
    """What pip-audit said: the packages it knows, those it does not, and a sentence for each vulnerability."""

    known: frozenset[str]
    unknown: frozenset[str]
    found: frozenset[str]


def main(arguments: Sequence[str] | None = None, *, program: Path = PROGRAM) -> int:
    """1 where a package is vulnerable; where nobody knows of one or of any, a sentence, and 0, or 2 with --strict."""
    parser = argparse.ArgumentParser(prog="python -m deploy.audit", description=main.__doc__)
    parser.add_argument("--service", choices=["pypi", "osv", "esms"], help="ask this one alone (else pypi, then osv)")
    parser.add_argument("--osv-url", help="ask a mirror of OSV at this address")
    parser.add_argument("--timeout", type=int, default=15, help="seconds to wait for one answer (15)")
    parser.add_argument("--strict", action="store_true", help="fail where not all could be audited")
    given = parser.parse_args(arguments)
    if not program.exists():
        return _nothing("pip-audit is not installed, and no package index gives it", strict=given.strict)
    services = ["osv"] if given.osv_url else [given.service] if given.service else ["pypi", "osv"]
    for service in services:
        options = ["-s", service, f"--timeout={given.timeout}"]
        options += ["--osv-url", given.osv_url] if given.osv_url else []
        known = _ask(program, options, VULNERABLE, within=KNOWN_WITHIN)
        if known is None or not known.found:
            continue
        answers = [_ask(program, options, pins, within=WITHIN) for pins in pinned(LOCKS)]
        said = [answer for answer in answers if answer is not None]
        if len(said) == len(answers) or any(answer.found for answer in said):
            return _told(said, service, strict=given.strict)
    why = f"no service that knows of vulnerabilities answers ({', '.join(services)})"
    return _nothing(why, strict=given.strict)


def _nothing(why: str, *, strict: bool) -> int:
    print(f"audit: nothing was audited: {why}")
    return 2 if strict else 0


def pinned(locks: Sequence[Path]) -> list[list[str]]:
    """What the locks name, for whichever Python and system; each list names a package once, as pip-audit wants it."""
    versions: dict[str, set[str]] = {}
    for lock in locks:
        for name, version in PIN.findall(lock.read_text()):
            versions.setdefault(name, set()).add(f"{name}=={version}")
    columns = zip_longest(*(sorted(versions[name]) for name in sorted(versions)))
    return [[pin for pin in column if pin is not None] for column in columns]


def _told(answers: Sequence[Answer], service: str, *, strict: bool) -> int:
    known, unknown, found = (sorted(set().union(*each)) for each in zip(*answers, strict=True))
    for sentence in found:
        print(f"audit: {sentence}")
    if unknown:
        print(f"audit: {service} does not know {', '.join(unknown)}: nobody says whether they are vulnerable")
    print(f"audit: {len(known)} packages, {len(found)} vulnerabilities ({service})")
    return 1 if found else 2 if strict and unknown else 0


def _ask(program: Path, options: Sequence[str], pins: Sequence[str], *, within: float) -> Answer | None:
    """None where there was no answer: pip-audit ends with 1 then, as it does where it found something."""
    with tempfile.NamedTemporaryFile("w", prefix="klaster-audit-", suffix=".txt") as file:
        file.write("\n".join(pins))
        file.flush()
        command = [str(program), "--disable-pip", "--no-deps", "--progress-spinner=off", "--format=json", "--desc=off"]
        command += [*options, "-r", file.name]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=within)
            packages = json.loads(done.stdout)["dependencies"]
        except (subprocess.TimeoutExpired, ValueError):
            return None
    return Answer(
        known=frozenset(f"{each['name']} {each['version']}" for each in packages if "vulns" in each),
        unknown=frozenset(each["name"] for each in packages if "vulns" not in each),
        found=frozenset(_sentence(each, one) for each in packages for one in each.get("vulns", ())),
    )


def _sentence(package: dict[str, str], vulnerability: dict[str, list[str]]) -> str:
    mended = " or ".join(vulnerability["fix_versions"]) or "no version yet"
    also = f" ({', '.join(vulnerability['aliases'])})" if vulnerability.get("aliases") else ""
    return f"{package['name']} {package['version']}: {vulnerability['id']}{also}, mended in {mended}"


if __name__ == "__main__":
    sys.exit(main())
