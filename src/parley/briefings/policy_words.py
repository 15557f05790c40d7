"""A policy in sentences, in four languages, so that whoever signs it has read what it says and not only its TOML."""

from __future__ import annotations

from collections.abc import Iterator

from parley.briefings.phrases import phrase
from parley.composing.policy import Policy, Quota


def policy_lines(policy: Policy, language: str) -> tuple[str, ...]:
    """Return one sentence for each clause, in the order in which they count."""
    return tuple(_lines(policy, language))


def _lines(policy: Policy, language: str) -> Iterator[str]:
    yield phrase("policy_says.date", language, on=policy.on.isoformat())
    for side, sizes in policy.sizes.items():
        yield phrase("policy_says.sizes", language, side=side, sizes=" / ".join(str(size) for size in sizes))
    if policy.at_least is not None:
        yield phrase("policy_says.at_least", language, least=policy.at_least)
    if policy.max_lead is not None:
        yield phrase("policy_says.lead", language, most=policy.max_lead)
    for number, one in enumerate(policy.priorities, start=1):
        if one.when is not None:
            yield phrase("policy_says.priority", language, number=number, name=one.name, when=one.when.text)
        else:
            yield phrase("policy_says.score", language, number=number, name=one.name, score=one.score, step=one.step)
        if one.earliest:
            yield phrase("policy_says.earliest", language)
    for quota in policy.quotas:
        limits = "; ".join(_limits(quota, language))
        sides = ", ".join(quota.sides)
        yield phrase("policy_says.quota", language, name=quota.name, when=quota.when.text, sides=sides, limits=limits)
    if policy.points is not None:
        table = ", ".join(f"{rank} {worth}" for rank, worth in policy.points.of.items())
        column, balance = policy.points.column, policy.points.balance
        yield phrase("policy_says.points", language, column=column, balance=balance, table=table)
    road = "; ".join(_road(policy, language))
    if road:
        yield phrase("policy_says.transport", language, limits=road)
    for site in policy.sites:
        closed = [batch for batch in policy.batches if not site.open_in(batch)]
        if closed:
            batches = ", ".join(str(batch) for batch in closed)
            yield phrase("policy_says.closed", language, site=site.name, batches=batches)
    for pair in policy.named:
        yield phrase("policy_says.named", language, codes=" – ".join(pair.values()))
    yield phrase("policy_says.lottery", language)


def _limits(quota: Quota, language: str) -> Iterator[str]:
    for code, least, most in (
        ("policy_says.all", quota.least, quota.most),
        ("policy_says.batch", quota.batch_least, quota.batch_most),
        ("policy_says.percent", quota.batch_percent_least, quota.batch_percent_most),
    ):
        if least is not None or most is not None:
            yield phrase(code, language, least=least or 0, most="∞" if most is None else most)


def _road(policy: Policy, language: str) -> Iterator[str]:
    transport = policy.transport
    for name in ("seats", "fleet", "most_sites"):
        count = getattr(transport, name)
        if count is not None:
            yield phrase(f"policy_says.{name}", language, count=count)
    if transport.stretchers is not None and transport.stretcher_when is not None:
        when = transport.stretcher_when.text
        yield phrase("policy_says.stretchers", language, count=transport.stretchers, when=when)
