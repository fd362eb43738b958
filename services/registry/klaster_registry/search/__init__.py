"""One search over every kind of record: by names, by words, and by words misspelt."""
