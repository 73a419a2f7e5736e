"""The tree page and the account page at a million accounts, beside a thousand."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.dataset import LARGE, SMALL, Size, administrator, prepare_organizations
from benchmarks.measure import Report, median_ms

# Page, its query, and one that fills a page of the small organization too.
PAGES = {
    "tree page": ("orgs:department-list", "", ""),
    "account page, first": ("accounts:account-list", "", ""),
    "account page, with sub-departments": ("accounts:account-list", "?below=1", "?below=1"),
    "account page, two Chinese letters": (
        "accounts:account-list", "?below=1&q=王伟", "?below=1&q=王"
    ),
    "account page, part of an address": (
        "accounts:account-list", "?below=1&q=u9998", "?below=1&q=u9"
    ),
}  # fmt: skip


def client_of(size: Size) -> Client:
    client = Client()
    client.force_login(administrator(size), backend="security.backends.AccountBackend")
    return client


def measure(report: Report) -> None:
    prepare_organizations()
    clients = {size.name: client_of(size) for size in (SMALL, LARGE)}
    rows = []
    for label, (page, large, small) in PAGES.items():
        times, queries = {}, {}
        for size, query in ((SMALL, small), (LARGE, large)):
            client, path = clients[size.name], reverse(page) + query
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200, path
            queries[size.name] = len(captured)
            times[size.name] = median_ms(lambda: client.get(path))  # noqa: B023
        rows.append(
            (
                f"{label}, {queries['large']} queries ({queries['small']} at 1,000)",
                f"{times['large']:.0f} ms",
                f"{times['small']:.0f} ms",
                f"{times['large'] / times['small']:.2f}",
                "2.00 at most, as many queries",
            )
        )
    report.add(
        "Pages with 1,000,000 accounts in 10,000 departments",
        rows,
        "Baseline: the same page of an organization with 1,000 accounts, as full of rows.",
    )
