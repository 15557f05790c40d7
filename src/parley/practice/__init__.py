"""A whole exchange with invented people: the same desks, keys, acts and files as in earnest, marked as practice."""
