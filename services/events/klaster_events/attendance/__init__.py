"""Attendance: who came, counted once each."""
