"""What can go wrong with bookings."""

from klaster_shared.errors import Conflict, Forbidden, NotFound


class BookingNotFound(NotFound):
    code, title = "booking_not_found", "There is no such booking"


class BlackoutNotFound(NotFound):
    code, title = "blackout_not_found", "There is no such time without bookings"


class NotBookable(Conflict):
    code, title = "not_bookable", "This laboratory or service takes no bookings then"


class SlotTaken(Conflict):
    code, title = "slot_taken", "Part of this time is taken"


class OwnResource(Conflict):
    code, title = "own_resource", "The laboratory or service is the entity's own"


class WrongBookingState(Conflict):
    code, title = "wrong_booking_state", "The booking is not in a state that allows this"


class BookingBegan(Conflict):
    code, title = "booking_began", "The time of this booking has begun"


class BookingsInTheWay(Conflict):
    code, title = "bookings_in_the_way", "Bookings stand in this time"


class NotYourBooking(Forbidden):
    code, title = "not_your_booking", "This is for the other side to do"


class BookingStands(Conflict):
    code, title = "booking_stands", "Bookings are cancelled, not deleted"
