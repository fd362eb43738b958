"""Scheduling of one-to-one meetings: a problem in numbers, a schedule, a bound. No queries, no web."""
