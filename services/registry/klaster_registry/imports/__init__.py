"""Files of others, in: read with a mapping that can be corrected, rehearsed, applied, with a verdict a row."""
