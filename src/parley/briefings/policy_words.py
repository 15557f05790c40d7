"""A policy in sentences, in four languages, so that whoever signs it has read what it says and not only its TOML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parley.briefings.phrases import phrase
from parley.composing.infeasible import CLOSED, SEPARATOR, Conflict
from parley.composing.policy import Policy, Quota

ALIASES = {"ratio": "at_least"}
"""Rows that stand in the sentence of another clause."""
BROKEN_AS = {**ALIASES, "site": CLOSED}
OF_ITSELF = {"family": "policy_says.family", "somebody goes twice": "policy_says.once"}
"""Rules that hold under every policy; no clause says them."""


def policy_lines(policy: Policy, language: str, *, codes: bool = True) -> tuple[str, ...]:
    """Return one sentence for each clause, in the order in which they count; named people by code, or by number alone."""
    return tuple(line for _, line in _lines(policy, language, codes=codes))


def conflict_lines(policy: Policy, found: Sequence[Conflict], language: str) -> tuple[str, ...]:
    """Return for each clause that cannot hold with the others what it says, and by how much it alone would have to give way."""
    lines = list(_lines(policy, language, codes=True))
    said: list[str] = []
    for one in found:
        clause = " ".join(line for name, line in lines if name == ALIASES.get(one.clause, one.clause))
        if one.clause == CLOSED:
            said.append(clause)
        elif one.give is None:
            said.append(f"{clause} {phrase('policy_gives.not_alone', language)}")
        else:
            give = "; ".join(f"{where}: {number}" for where, number in one.give)
            said.append(f"{clause} {phrase('policy_gives.alone', language, give=give)}")
    return tuple(said)


def rule_lines(policy: Policy, broken: Sequence[str], language: str) -> tuple[str, ...]:
    """Return each rule that a change of places would break (``reasons.swap_breaks``) as the clause says it, and where."""
    lines = list(_lines(policy, language, codes=True))
    said: list[str] = []
    for rule in broken:
        name, *where = rule.split(SEPARATOR)
        if name in OF_ITSELF:
            said.append(phrase(OF_ITSELF[name], language))
            continue
        clause, _, number = name.partition(" ") if name.startswith("named ") else (BROKEN_AS.get(name, name), "", "")
        found = [line for key, line in lines if key == clause]
        own = found[int(number) - 1] if number else _of_side(found, where) or name
        said.append(f"{own} ({', '.join(where)})" if where else own)
    return tuple(said)


def _of_side(found: Sequence[str], where: Sequence[str]) -> str:
    """Return the sentence that is about this side, where each side has one; else all of them."""
    about = [line for line in found if where and where[0] in line]
    return " ".join(about or found)


def _lines(policy: Policy, language: str, *, codes: bool) -> Iterator[tuple[str, str]]:
    """Yield the name of each clause and what it says."""
    yield "date", phrase("policy_says.date", language, on=policy.on.isoformat())
    for side, sizes in policy.sizes.items():
        shown = " / ".join(str(size) for size in sizes)
        yield "batches", phrase("policy_says.sizes", language, side=side, sizes=shown)
    if policy.at_least is not None:
        yield "at_least", phrase("policy_says.at_least", language, least=policy.at_least)
    if policy.max_lead is not None:
        yield "max_lead", phrase("policy_says.lead", language, most=policy.max_lead)
    for number, one in enumerate(policy.priorities, start=1):
        key = f"priority {one.name}"
        if one.when is not None:
            yield key, phrase("policy_says.priority", language, number=number, name=one.name, when=one.when.text)
        else:
            yield (
                key,
                phrase("policy_says.score", language, number=number, name=one.name, score=one.score, step=one.step),
            )
        if one.earliest:
            yield key, phrase("policy_says.earliest", language)
    for quota in policy.quotas:
        limits = "; ".join(_limits(quota, language))
        sides = ", ".join(quota.sides)
        said = phrase("policy_says.quota", language, name=quota.name, when=quota.when.text, sides=sides, limits=limits)
        yield f"quota {quota.name}", said
    if policy.points is not None:
        table = ", ".join(f"{rank} {worth}" for rank, worth in policy.points.of.items())
        column, balance = policy.points.column, policy.points.balance
        yield "points", phrase("policy_says.points", language, column=column, balance=balance, table=table)
    for key, road in _road(policy, language):
        yield key, phrase("policy_says.transport", language, limits=road)
    for site in policy.sites:
        closed = [batch for batch in policy.batches if not site.open_in(batch)]
        if closed:
            batches = ", ".join(str(batch) for batch in closed)
            yield CLOSED, phrase("policy_says.closed", language, site=site.name, batches=batches)
    for number, pair in enumerate(policy.named, start=1):
        yield "named", phrase("policy_says.named", language, codes=" – ".join(pair.values()) if codes else f"#{number}")
    yield "lottery", phrase("policy_says.lottery", language)


def _limits(quota: Quota, language: str) -> Iterator[str]:
    for code, least, most in (
        ("policy_says.all", quota.least, quota.most),
        ("policy_says.batch", quota.batch_least, quota.batch_most),
        ("policy_says.percent", quota.batch_percent_least, quota.batch_percent_most),
    ):
        if most is None and least is not None:
            yield phrase(f"{code}_least", language, least=least)
        elif most is not None:
            yield phrase(code, language, least=least or 0, most=most)


def _road(policy: Policy, language: str) -> Iterator[tuple[str, str]]:
    transport = policy.transport
    vehicles = []
    if transport.seats is not None:
        vehicles.append(phrase("policy_says.seats", language, count=transport.seats))
    if transport.fleet is not None:
        vehicles.append(phrase("policy_says.fleet", language, count=transport.fleet))
    if vehicles:
        yield "fleet", "; ".join(vehicles)
    if transport.most_sites is not None:
        yield "max_sites", phrase("policy_says.most_sites", language, count=transport.most_sites)
    if transport.stretchers is not None and transport.stretcher_when is not None:
        when = transport.stretcher_when.text
        yield "stretchers", phrase("policy_says.stretchers", language, count=transport.stretchers, when=when)
