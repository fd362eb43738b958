"""Surveys: one a year, open or closed. Who answered what lives beside it, in `survey_answers`."""
