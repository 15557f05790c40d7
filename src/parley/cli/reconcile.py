"""Reconciliation on the command line: joint records, debts, corrections."""

from parley import acts
from parley.cli.act import ActCommand, noun
from parley.scenario.asked import numbers_of_record

COMMANDS = (
    ActCommand(name="propose", deed=acts.ProposeJointRecord, fill=numbers_of_record),
    ActCommand(name="sign", deed=acts.SignJointRecord),
    ActCommand(name="carry-over", deed=acts.CarryDebtsOver),
    ActCommand(name="correct", deed=acts.Correct),
)
app = noun("Joint records, debts, corrections.", COMMANDS)
