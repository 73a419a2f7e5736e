from django.urls import path

from security.views import ip_policies, ip_rules

app_name = "ip-rules"
urlpatterns = [
    path("", ip_rules.rule_list, name="list"),
    path("create/", ip_rules.rule_create, name="create"),
    path("<int:pk>/", ip_rules.rule_change, name="change"),
    path("<int:pk>/delete/", ip_rules.rule_delete, name="delete"),
    path("members/", ip_policies.policy_list, name="members"),
    path("members/create/", ip_policies.policy_create, name="member-create"),
    path("members/<int:pk>/", ip_policies.policy_change, name="member-change"),
    path("members/<int:pk>/delete/", ip_policies.policy_delete, name="member-delete"),
]
