"""Account and security: what members do with their own account."""

from django.urls import path

from security.views import app_passwords, own_second_factor, own_security

urlpatterns = [
    path("", own_security.own_security, name="account-security"),
    path("sessions/end-others/", own_security.end_others, name="sessions-end-others"),
    path("sessions/<int:pk>/end/", own_security.end_session, name="session-end"),
    path("second-factor/", own_second_factor.set_up, name="second-factor"),
    path("second-factor/disable/", own_second_factor.disable, name="second-factor-disable"),
    path("second-factor/codes/", own_second_factor.renew_codes, name="recovery-codes"),
    path("app-passwords/create/", app_passwords.create, name="app-password-create"),
    path("app-passwords/<int:pk>/revoke/", app_passwords.revoke, name="app-password-revoke"),
]
