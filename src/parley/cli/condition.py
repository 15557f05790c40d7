"""Conditions on the command line: set one, or say how it ended."""

from parley import acts
from parley.cli.act import ActCommand, noun

COMMANDS = (ActCommand(name="set", deed=acts.SetCondition), ActCommand(name="lift", deed=acts.LiftCondition))
app = noun("Set a condition, or say how it ended.", COMMANDS)
