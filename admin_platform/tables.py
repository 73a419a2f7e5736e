"""Lists in the console's look: django-tables2 with `components/table.html`."""

from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.data import TableListData


class PageRows(TableListData):
    """The rows of one page, in the order of the query; the table marks the order only."""

    def __init__(self, rows: Sequence[Any]) -> None:
        super().__init__(list(rows))  # type: ignore[no-untyped-call]

    def order_by(self, aliases: Any) -> None:
        """Sorting again in Python would disagree with the database's collation."""


class ConsoleTable(tables.Table):
    """A list; on a phone every row is a card, whose cells carry their column's name."""

    def __init__(self, data: Any, **options: Any) -> None:
        options.setdefault("template_name", "components/table.html")
        super().__init__(data, **options)  # type: ignore[no-untyped-call]
        self.attrs.setdefault("class", "table table--stack")

    class Meta:
        pass


class TickColumn(tables.Column):
    """The box that selects a row and is named after it.

    field: the name that the chosen rows are sent with. form: the id of the form that
    sends them, where the table is not inside it.
    """

    labelled = False

    def __init__(self, *, name_of: str = "name", field: str = "id", form: str = "") -> None:
        cell = {"class": "fit pick"}
        super().__init__(  # type: ignore[no-untyped-call]
            accessor="pk", orderable=False, attrs={"th": cell, "td": cell}
        )
        self.name_of = tables.A(name_of)
        self.sent_as = {"name": field, **({"form": form} if form else {})}

    @property
    def header(self) -> SafeString:
        label = _("Select all on this page")
        return format_html('<input class="tick" type="checkbox" aria-label="{}">', label)

    def render(self, value: Any, record: Any) -> SafeString:  # type: ignore[override]
        label = _("Select %(name)s") % {"name": self.name_of.resolve(record)}
        return format_html(
            '<input class="tick" type="checkbox" value="{}" aria-label="{}"{}>',
            value,
            label,
            flatatt(self.sent_as),
        )


class MainColumn(tables.Column):
    """What a row is called; heads its card on a phone."""

    labelled = False


class NumberColumn(tables.Column):
    """Counts, sizes and dates: aligned at their end."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("attrs", {"th": {"class": "num"}, "td": {"class": "num"}})
        super().__init__(*args, **options)  # type: ignore[no-untyped-call]


class ActionsColumn(tables.TemplateColumn):
    """The menu at the end of a row."""

    labelled = False

    def __init__(self, template_name: str, **options: Any) -> None:
        super().__init__(
            template_name=template_name,
            verbose_name=gettext_lazy("Actions"),
            orderable=False,
            attrs={"th": {"class": "fit"}, "td": {"class": "fit act"}},
            **options,
        )
