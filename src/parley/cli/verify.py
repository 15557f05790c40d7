"""Verification on the command line: interviews, papers, readiness, identity questions, matches."""

from parley import acts
from parley.cli.act import ActCommand, noun

COMMANDS = (
    ActCommand(name="interview", deed=acts.RecordInterview),
    ActCommand(name="medical", deed=acts.CertifyMedically),
    ActCommand(name="clearance", deed=acts.ClearLegally),
    ActCommand(name="readiness", deed=acts.DeclareReadiness),
    ActCommand(name="question", deed=acts.AskIdentityQuestion),
    ActCommand(name="answer", deed=acts.AnswerIdentityQuestion),
    ActCommand(name="match", deed=acts.ProposeMatch),
    ActCommand(name="accept-match", deed=acts.AcceptMatch),
    ActCommand(name="dispute-match", deed=acts.DisputeMatch),
)
app = noun("Interviews, papers, readiness, identity questions, matches.", COMMANDS)
