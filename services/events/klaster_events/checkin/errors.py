"""What can go wrong with check-in. Why a scan is refused is no error: see reasons.py."""

from klaster_shared.errors import Conflict, Forbidden, NotFound


class ListNotFound(NotFound):
    code, title = "checkin_list_not_found", "The event has no such check-in list"


class ListNotGiven(Forbidden):
    code, title = "checkin_list_not_given", "This device was not given that list"


class ListInUse(Conflict):
    code, title = "checkin_list_in_use", "The list holds scans, or is the event's own"


class DeviceNotFound(NotFound):
    code, title = "checkin_device_not_found", "The list was not given to this device"


class ScanNotFound(NotFound):
    code, title = "scan_not_found", "The list has no scan with this nonce"


class NonceReused(Conflict):
    code, title = "nonce_reused", "This nonce belongs to another scan"


class NotYourScan(Forbidden):
    code, title = "not_your_scan", "Another device made this scan"


class NothingToRevoke(Conflict):
    code, title = "nothing_to_revoke", "This registration opens no door, so its code need not be replaced"
