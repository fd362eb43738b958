"""What can go wrong with webhooks."""

from klaster_shared.errors import Conflict, Invalid, NotFound


class WebhookNotFound(NotFound):
    code, title = "webhook_not_found", "There is no such webhook"


class DeliveryNotFound(NotFound):
    code, title = "delivery_not_found", "The webhook has no such delivery"


class TargetRefused(Invalid):
    code, title = "target_refused", "Webhooks are not sent to this address"


class TooManyWebhooks(Conflict):
    code, title = "too_many_webhooks", "You have as many webhooks as there may be"


class WebhookPaused(Conflict):
    code, title = "webhook_paused", "The webhook is not active"


class DeliveryWaiting(Conflict):
    code, title = "delivery_waiting", "The delivery is under way already"
