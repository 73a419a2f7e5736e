import pytest
from django.http import HttpResponse
from django.urls import path

from admin_platform import permissions


def unnamed(request):
    return HttpResponse()


@permissions.requires("account.invented")
def unknown(request):
    return HttpResponse()


@permissions.requires("account.view")
def known(request):
    return HttpResponse()


urlpatterns = [
    path("unnamed/", unnamed),
    path("unknown/", unknown),
    path("known/", known),
]


@pytest.mark.urls(__name__)
def test_a_view_without_a_function_or_with_an_unknown_one_does_not_start():
    problems = permissions.check_views_name_their_function()

    assert [problem.id for problem in problems] == ["platform.E001", "platform.E002"]


def test_every_view_of_the_platform_says_whom_it_is_for():
    assert permissions.check_views_name_their_function() == []
