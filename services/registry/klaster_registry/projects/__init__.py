"""Projects and consortia: who takes part, in which group, for how much, and from when until when."""
