"""Movement on the command line: route, guarantees, manifests, boarding, departure, arrival."""

from parley import acts
from parley.cli.act import ActCommand, noun

COMMANDS = (
    ActCommand(name="route", deed=acts.NotifyRoute),
    ActCommand(name="acknowledge", deed=acts.AcknowledgeRoute),
    ActCommand(name="guarantee", deed=acts.GuaranteeSafety),
    ActCommand(name="silence", deed=acts.DeclareSilenceWindow),
    ActCommand(name="manifest", deed=acts.IssueManifest),
    ActCommand(name="printed", deed=acts.PrintManifests),
    ActCommand(name="embark", deed=acts.Embark),
    ActCommand(name="depart", deed=acts.Depart),
    ActCommand(name="incident", deed=acts.ReportIncident),
    ActCommand(name="arrive", deed=acts.Arrive),
)
app = noun("Route, guarantees, manifests, boarding, departure, arrival.", COMMANDS)
