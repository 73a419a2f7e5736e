from django.urls import include, path

from security.views import password_rules, passwords, second_step, sign_in

urlpatterns = [
    path("admin.jsp", sign_in.console_sign_in, name="console-sign-in"),
    path("login/", sign_in.member_sign_in, name="sign-in"),
    path("login/code/", second_step.second_step, name="second-step"),
    path("logout/", sign_in.sign_out, name="sign-out"),
    path("password/change/", passwords.password_change, name="password-change"),
    path("password/check/", password_rules.check, name="password-check"),
    path("account/security/", include("security.own_urls")),
    path("console/security/", include("security.console_urls")),
]
