"""`make bench`: python -m benchmarks [NAME …]; figures go to docs/benchmarks.md."""

import importlib
import os
import sys

SUBJECTS = ("pages", "policy", "imports", "events", "mail")


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from benchmarks import dataset
    from benchmarks.measure import Report

    dataset.prepare_database()
    report = Report()
    wanted = sys.argv[1:] or SUBJECTS
    for name in wanted:
        importlib.import_module(f"benchmarks.{name}").measure(report)
    if tuple(wanted) == SUBJECTS:
        report.write()


if __name__ == "__main__":
    main()
