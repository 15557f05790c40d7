"""Families on the command line: that they were notified, after their people were received and identified."""

from parley import acts
from parley.cli.act import ActCommand, noun

COMMANDS = (ActCommand(name="notify", deed=acts.NotifyFamily),)
app = noun("Record that families were notified.", COMMANDS)
