"""Calendars: events as iCalendar, for mails, feeds and single files."""
