"""Every text has its Chinese, and the catalogue has every text."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import django
import polib
import pytest
from django import forms

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
OF_DJANGO = Path("locale/django/zh_Hans/LC_MESSAGES/django.po")
KINDS = ("*.py", "*.html", "*.js", str(CATALOGUE))
MAKE = ("-m", "django", "makemessages", "--no-obsolete", "--no-wrap", "--no-location")


def texts(path: Path) -> set[tuple[str, str, str]]:
    return {
        (entry.msgctxt or "", entry.msgid, entry.msgid_plural)
        for entry in polib.pofile(str(path))
        if not entry.obsolete
    }


def shown(entry: polib.POEntry) -> str:
    return entry.msgid[:60]


def test_every_text_is_translated_and_none_is_a_guess():
    catalogue = polib.pofile(str(ROOT / CATALOGUE))

    assert [shown(entry) for entry in catalogue.untranslated_entries()] == []
    assert [shown(entry) for entry in catalogue.fuzzy_entries()] == []
    assert [shown(entry) for entry in catalogue.obsolete_entries()] == []


def test_no_text_hides_in_an_f_string_where_gettext_does_not_find_it():
    sources = (path for app in ROOT.glob("*/apps.py") for path in app.parent.rglob("*.py"))
    hidden = re.compile(r"""f["'][^"'\n]*\{n?gettext\(|f["'][^"'\n]*\{_\(""")

    assert [path.name for path in sources if hidden.search(path.read_text())] == []


def test_placeholders_are_the_same_in_both_languages():
    checker = shutil.which("msgfmt")
    if checker is None:
        pytest.skip("no gettext")

    found = subprocess.run(
        [checker, "--check-format", "--output-file", os.devnull, str(ROOT / CATALOGUE)],
        capture_output=True,
        text=True,
    )

    assert (found.returncode, found.stderr) == (0, "")


def test_the_catalogue_has_the_texts_of_the_sources_and_no_others(tmp_path):
    if shutil.which("xgettext") is None:
        pytest.skip("no gettext")
    for name in git("ls-files", "--cached", "--others", "--exclude-standard", "--", *KINDS):
        source = ROOT / name
        if source.exists() and not name.startswith("tests/"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, tmp_path / name)

    subprocess.run(
        [sys.executable, "-W", "ignore", *MAKE, "--locale", "zh_Hans"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        env={key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")},
    )

    made, kept = texts(tmp_path / CATALOGUE), texts(ROOT / CATALOGUE)
    assert (made - kept, kept - made) == (set(), set())


def test_the_console_says_errors_of_django_in_its_own_words():
    class Form(forms.Form):
        name = forms.CharField(max_length=3)
        note = forms.CharField()
        choice = forms.ChoiceField(choices=[("a", "A")])
        many = forms.MultipleChoiceField(choices=[("a", "A")])

    errors = Form({"name": "abcd", "note": "a\x00", "choice": "b", "many": ["c"]}).errors

    assert errors == {
        "name": ["最多 3 个字符，现有 4 个。"],
        "note": ["含有不可用的字符（NUL）。"],
        "choice": ["“b”不在可选范围内。"],
        "many": ["“c”不在可选范围内。"],
    }


def test_what_is_reworded_is_still_said_by_django():
    apps = Path(django.__file__).parent
    english = Path("locale/en/LC_MESSAGES/django.po")

    said = texts(apps / "conf" / english) | texts(apps / "contrib/admin" / english)

    assert texts(ROOT / OF_DJANGO) <= said


def git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()
