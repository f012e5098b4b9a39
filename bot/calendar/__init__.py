"""A file with several drafts (a content calendar): read, reviewed row by row, handed back with notes."""
