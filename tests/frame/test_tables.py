from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string

from admin_platform.tables import ConsoleTable, MainColumn, NumberColumn, PageRows, TickColumn

ROWS = [SimpleNamespace(pk=2, name="Ö & co", size=7), SimpleNamespace(pk=1, name="Ada", size=9)]


class SampleTable(ConsoleTable):
    id = TickColumn(form="bulk")
    name = MainColumn()
    size = NumberColumn(verbose_name="Size")


def shown(rf, table, url="/list/?q=x&after=cursor"):
    request = rf.get(url)
    request.user = AnonymousUser()
    return render_to_string("components/table.html", {"table": table}, request)


def test_a_sort_link_keeps_the_filters_and_begins_at_the_first_page(rf):
    html = shown(rf, SampleTable(PageRows(ROWS), order_by="name"))

    assert 'href="?q=x&amp;sort=-name"' in html
    assert 'href="?q=x&amp;sort=size"' in html


def test_the_sorted_column_is_marked(rf):
    html = shown(rf, SampleTable(PageRows(ROWS), order_by="-size"))

    assert html.count("aria-sort=") == 1
    assert 'class="desc num orderable" aria-sort="descending"' in html


def test_the_order_of_the_query_is_kept(rf):
    html = shown(rf, SampleTable(PageRows(ROWS), order_by="name"))

    assert html.index("Ö") < html.index("Ada")


def test_the_box_of_a_row_is_named_after_it(rf):
    html = shown(rf, SampleTable(PageRows(ROWS)))

    box = '<input class="tick" type="checkbox" value="2" aria-label="选择 Ö &amp; co"'
    assert f'{box} form="bulk" name="id">' in html


def test_a_cell_carries_its_columns_name_for_the_phone_unless_it_heads_the_card(rf):
    html = shown(rf, SampleTable(PageRows(ROWS)))

    assert html.count('data-label="Size"') == len(ROWS)
    assert 'data-label="Name"' not in html


def test_a_table_is_a_stack_of_cards_on_a_phone_unless_it_says_otherwise(rf):
    assert '<table class="table table--stack">' in shown(rf, SampleTable(PageRows(ROWS)))
