"""Editions of the strategy: taken in whole, read whole; the 2022 edition as a file."""

from pathlib import Path

STRATEGY_FILE = Path(__file__).parent / "strategy-2022.yaml"
