"""Who meets whom when: as many wishes as slots, places and people's hours allow. Pure: no database, no clock but its own."""
