"""Which of the caller's variables go to whom: a service has its own settings, and what is nobody's secret."""

from collections.abc import Mapping

# What Python, C and numeric libraries, OpenSSL, OpenTelemetry and a database's client read by themselves. Whatever is
# not named here or begun like this stays with the runner: `DATABASE` has a password in it, and so may what we never
# heard of.
_NEUTRAL = frozenset(
    {"PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TZDIR", "TMPDIR", "TMP", "TEMP", "TERM", "NO_COLOR"}
    | {"PGPASSFILE"}  # where passwords are, which is no password
)
_NEUTRAL_PREFIXES = ("LC_", "LD_LIBRARY_", "PYTHON", "OTEL_", "SSL_CERT_", "PGSSL", "MALLOC_", "OMP_", "OPENBLAS_")


def neutral(variables: Mapping[str, str]) -> dict[str, str]:
    """What every process is handed."""
    return {name: value for name, value in variables.items() if name in _NEUTRAL or name.startswith(_NEUTRAL_PREFIXES)}


def own(service: str, variables: Mapping[str, str]) -> dict[str, str]:
    """A service's own settings."""
    return {name: value for name, value in variables.items() if name.startswith(f"{service.upper()}_")}
