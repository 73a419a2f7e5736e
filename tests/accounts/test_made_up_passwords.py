"""Passwords that the platform makes up keep every rule that there can be."""

import re

import pytest

from accounts import password_checks as checks
from accounts.initial_passwords import derive, new_seed
from accounts.made_up import SHORT_LENGTH, make_up
from accounts.password_checks import words_of

WORDS = words_of("w3", "Ann Lee", "annlee al")


@pytest.mark.parametrize("max_length", [16, 22, 23, 128])
def test_a_made_up_password_keeps_the_strictest_rules(max_length):
    for made in (make_up(max_length=max_length, words=WORDS) for _ in range(500)):
        assert 16 <= len(made) <= max_length
        assert checks.count_classes(made) == 4
        assert not checks.has_any_digit_run(made)
        assert not checks.has_keyboard_run(made)
        assert not checks.contains_word(made, WORDS)


def test_where_there_is_room_it_reads_in_groups():
    assert re.fullmatch(r"([A-Za-z2-9]{5}-){3}[A-Za-z2-9]{5}", make_up(max_length=23, words=()))
    assert len(make_up(max_length=22, words=())) == SHORT_LENGTH


def test_an_initial_password_is_the_same_again_for_the_same_seed_and_person():
    seed = new_seed(128)
    person = ("ann.lee@yunqi.example", "Ann Lee", "annlee al")

    assert derive(seed, *person) == derive(seed, *person)
    assert derive(seed, *person) != derive(new_seed(128), *person)
    assert derive(seed, *person) != derive(seed, "ann.li@yunqi.example", "Ann Li", "annli al")


@pytest.mark.parametrize("max_length", [16, 128])
def test_initial_passwords_keep_the_strictest_rules_too(max_length):
    seed = new_seed(max_length)

    for number in range(300):
        made = derive(seed, f"user{number}@yunqi.example", "张伟", "zhangwei zw")
        assert len(made) <= max_length
        assert checks.count_classes(made) == 4
        assert not checks.has_any_digit_run(made)


@pytest.mark.parametrize(
    ("password", "is_sequence", "is_run"),
    [
        ("a123b", True, True),
        ("a321b", True, True),
        ("a777b", True, True),
        ("a135b", False, True),
        ("a12b34", False, False),
        ("１２３", False, False),
    ],
)
def test_digits_side_by_side(password, is_sequence, is_run):
    assert checks.has_digit_sequence(password) is is_sequence
    assert checks.has_any_digit_run(password) is is_run


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("xQWERx", True),
        ("xrewqx", True),
        ("x1qazx", True),
        ("x0987x", True),
        ("were-they", False),
        ("qwe-rty", False),
    ],
)
def test_keyboard_runs(password, found):
    assert checks.has_keyboard_run(password) is found


def test_words_inside_are_those_of_name_account_and_pinyin():
    words = words_of("wei.zhang", "张伟", "zhangwei zw")

    assert set(words) == {"wei.zhang", "wei", "zhang", "张伟", "zhangwei zw", "zhangwei"}
