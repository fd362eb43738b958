"""Indicators with their observations, out: as CSV, spreadsheet, SDMX-CSV and IATI results."""
