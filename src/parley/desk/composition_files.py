"""The files of a composition: what anybody needs to check it, and the page that explains it without a name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from parley.briefings.fairness_page import fairness_page
from parley.composing.composed import Composed
from parley.composing.draw import Drawn, draw_json, lists_csv, reserve_csv
from parley.composing.published import Published, groups_csv, lottery_json
from parley.composing.report import report


def case_files(composed: Composed, drawn: Drawn, pool: bytes, policy: bytes, language: str) -> dict[str, bytes]:
    """Return every file of a composition by name."""
    return {
        "pool.csv": pool,
        "policy.toml": policy,
        **published_files(composed.published, composed.certificate(solver_versions())),
        **drawn_files(drawn),
        "report.html": report_page(composed, drawn, language),
    }


def report_page(composed: Composed, drawn: Drawn, language: str) -> bytes:
    """Return the page of how fair it is."""
    return fairness_page(composed.policy, report(composed, drawn), drawn, language).encode()


def published_files(published: Published, certificate: bytes) -> dict[str, bytes]:
    """Return what is committed to before anybody reveals a seed."""
    return {
        "lottery.json": lottery_json(published),
        "groups.csv": groups_csv(published.units),
        "certificate.json": certificate,
    }


def drawn_files(drawn: Drawn) -> dict[str, bytes]:
    """Return what the draw gave."""
    return {"draw.json": draw_json(drawn), "lists.csv": lists_csv(drawn), "reserve.csv": reserve_csv(drawn)}


def solver_versions() -> Mapping[str, str]:
    """Return which versions composed: on another version lists can differ, never the values of the stages."""
    return {"highspy": version("highspy"), "parley": version("parley")}
