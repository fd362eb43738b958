"""What webhooks count: tries by what came of them, what waits, what is dead, how late the news is."""

from prometheus_client import Counter, Gauge

TRIES = Counter("klaster_webhook_tries", "Tries to deliver", ["outcome"])
WAITING = Gauge("klaster_webhook_waiting", "Messages that are due and wait for receivers that are not paused")
DEAD = Gauge("klaster_webhook_dead", "Messages that were tried often enough, and are kept to be replayed")
LAG = Gauge("klaster_webhook_lag_seconds", "Age of the oldest message that is due")
