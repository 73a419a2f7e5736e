import pytest
from django import forms
from django.template.loader import render_to_string

from admin_platform.forms import LinesField
from admin_platform.widgets import Affixed, Chips, Dropzone, Switch


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As in the passport")
    quota = forms.IntegerField(label="Quota", widget=Affixed(suffix="GB", width="w-sm"))
    aliases = LinesField(label="Aliases", each=forms.EmailField(), max_items=3, required=False)
    sends = forms.ChoiceField(choices=[("all", "All"), ("none", "None")], widget=forms.RadioSelect)
    mailbox = forms.BooleanField(label="Mailbox", widget=Switch("Create it"), required=False)
    sheet = forms.FileField(widget=Dropzone(hint="xlsx"), required=False)


def test_a_field_is_described_by_its_help_and_its_error():
    field = SampleForm({"name": ""})["name"]

    html = field.as_field_group()

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_a_required_field_is_marked():
    assert 'class="label req"' in SampleForm()["name"].as_field_group()
    assert 'class="label"' in SampleForm()["aliases"].as_field_group()


def test_a_group_of_choices_has_a_name_and_its_error():
    html = SampleForm({})["sends"].as_field_group()

    assert 'role="radiogroup" aria-labelledby="id_sends-label"' in html
    assert 'aria-describedby="id_sends_error"' in html


def test_the_affix_is_no_part_of_the_value():
    html = SampleForm({"quota": "10"})["quota"].as_field_group()

    assert '<span class="addon">GB</span>' in html
    assert 'value="10"' in html
    assert 'class="input-group w-sm"' in html


def test_a_switch_says_so():
    html = SampleForm()["mailbox"].as_field_group()

    assert 'role="switch"' in html
    assert "<span>Create it</span>" in html


def test_the_summary_links_each_error_to_its_field():
    form = SampleForm({"quota": "x", "sends": "all"})

    html = render_to_string("components/form_errors.html", {"form": form})

    assert 'href="#id_name"' in html
    assert 'href="#id_quota"' in html
    assert "2" in html


def test_the_summary_escapes_what_was_typed():
    form = SampleForm({"name": "a", "quota": "1", "sends": "all", "aliases": "<b>@x"})

    html = render_to_string("components/form_errors.html", {"form": form})

    assert "<b>@x" not in html
    assert "&lt;b&gt;@x" in html


@pytest.mark.parametrize("typed", ["a@x.cn\nb@x.cn", "a@x.cn, b@x.cn", "a@x.cn；b@x.cn\n a@x.cn"])
def test_lines_become_a_list_without_doubles(typed):
    field = LinesField(each=forms.EmailField())

    assert field.clean(typed) == ["a@x.cn", "b@x.cn"]


def test_a_wrong_line_is_named():
    field = LinesField(each=forms.EmailField())

    with pytest.raises(forms.ValidationError) as refused:
        field.clean("a@x.cn\nnobody")

    assert refused.value.messages[0].startswith("nobody")


def test_too_many_lines_are_refused():
    field = LinesField(each=forms.CharField(), max_items=2)

    with pytest.raises(forms.ValidationError):
        field.clean("a b c")


def test_chips_show_a_list_one_a_line():
    assert Chips().format_value(["a", "b"]) == "a\nb"


@pytest.mark.parametrize(("data", "changed"), [("a\nb", False), ("b\na", True), ("", True)])
def test_lines_know_whether_they_were_changed(data, changed):
    assert LinesField(each=forms.CharField()).has_changed(["a", "b"], data) is changed
