"""Publication on the command line: number sheets, embargo, communiqué."""

from parley import acts
from parley.cli.act import ActCommand, noun

COMMANDS = (
    ActCommand(name="propose", deed=acts.ProposeNumberSheet),
    ActCommand(name="agree", deed=acts.AgreeNumberSheet),
    ActCommand(name="embargo", deed=acts.SetEmbargo),
    ActCommand(name="publish", deed=acts.PublishCommunique),
)
app = noun("Number sheets, embargo, communiqué.", COMMANDS)
