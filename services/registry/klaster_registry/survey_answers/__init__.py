"""What entities answered in a year's survey. Single answers are theirs and the office's; others see sums alone."""
