"""Remains on the command line: containers, laboratory results, splitting and joining."""

from parley import acts
from parley.cli.act import ActCommand, noun

COMMANDS = (
    ActCommand(name="record", deed=acts.RecordContainer),
    ActCommand(name="laboratory", deed=acts.RecordLaboratoryResult),
    ActCommand(name="split", deed=acts.SplitContainer),
    ActCommand(name="join", deed=acts.JoinContainers),
)
app = noun("Containers, laboratory results, splitting and joining.", COMMANDS)
