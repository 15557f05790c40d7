"""Talks on the command line: sessions, agenda, positions and answers."""

from parley import acts
from parley.cli.act import ActCommand, noun

COMMANDS = (
    ActCommand(name="open", deed=acts.OpenSession),
    ActCommand(name="close", deed=acts.CloseSession),
    ActCommand(name="raise", deed=acts.RaiseItem),
    ActCommand(name="state", deed=acts.StatePosition),
    ActCommand(name="answer", deed=acts.AnswerPosition),
    ActCommand(name="object", deed=acts.ObjectToParticipant),
)
app = noun("Sessions, agenda, positions and answers.", COMMANDS)
