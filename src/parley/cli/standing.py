"""Stopping, going on, ending: the nouns that are one act each, and aborting, which is of a batch or of all."""

from parley import acts
from parley.cli.act import ActCommand, noun, single

SUSPEND = ActCommand(name="suspend", deed=acts.Suspend)
RESUME = ActCommand(name="resume", deed=acts.Resume)
CLOSE = ActCommand(name="close", deed=acts.Close)
ABORT = (ActCommand(name="batch", deed=acts.AbortBatch), ActCommand(name="exchange", deed=acts.AbortExchange))
APPS = {
    "suspend": single(SUSPEND),
    "resume": single(RESUME),
    "close": single(CLOSE),
    "abort": noun("Abort one batch, or the exchange.", ABORT),
}
COMMANDS = {"suspend": (SUSPEND,), "resume": (RESUME,), "close": (CLOSE,), "abort": ABORT}
