"""Public statements on the command line: what a side said, so that it can be set beside the record."""

from parley import acts
from parley.cli.act import ActCommand, noun

COMMANDS = (ActCommand(name="add", deed=acts.RecordPublicStatement),)
app = noun("Record what a side said in public.", COMMANDS)
