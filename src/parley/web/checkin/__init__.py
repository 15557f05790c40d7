"""The check-in page: what officers hold in their hands at the handover point, with and without a network.

``page/`` is the page itself, plain modules of JavaScript that any browser of today runs as they stand; ``pages`` puts them
together for a server or as one file, ``serving`` brings them to devices and takes what devices saw. Forms and rules are
those of spec/checkin.md.
"""
