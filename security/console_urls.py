"""The security centre's pages about signing in."""

from django.urls import path

from security.views import member_security, password_rules, sending_limits, sign_in_rules

urlpatterns = [
    path("password-rules/", password_rules.password_rules, name="password-rules"),
    path("password-rules/save/", password_rules.save, name="password-rules-save"),
    path("sign-in-rules/", sign_in_rules.sign_in_rules, name="sign-in-rules"),
    path("sign-in-rules/save/", sign_in_rules.save, name="sign-in-rules-save"),
    path("sending-limits/", sending_limits.sending_limits, name="sending-limits"),
    path("sending-limits/save/", sending_limits.save, name="sending-limits-save"),
    path("members/", member_security.member_list, name="member-security"),
    path("members/<int:pk>/", member_security.member_detail, name="member-security-detail"),
    path("members/<int:pk>/reset/", member_security.member_reset, name="member-security-reset"),
    path(
        "members/<int:pk>/sessions/end/",
        member_security.member_end_sessions,
        name="member-security-end-sessions",
    ),
]
