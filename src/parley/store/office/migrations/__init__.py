"""How the tables of an office's data came to be, step by step; Django runs what is missing when the data are opened."""
