"""What types of events and kinds of posts are both: codes of the office, with names and what figures count them as."""
