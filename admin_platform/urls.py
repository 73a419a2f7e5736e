"""All addresses of the platform (design: addresses). Each app keeps its own below."""

from django.contrib import admin
from django.urls import include, path

from admin_platform.views import console, jobs
from admin_platform.views import help as help_pages

urlpatterns = [
    path("console/", console.home_page, name="home"),
    path("console/find/", console.find, name="find"),
    path("console/help/", help_pages.help_index, name="help"),
    path("console/help/handbook/", help_pages.handbook, name="handbook"),
    path("console/help/<slug:code>/", help_pages.help_topic, name="help-topic"),
    path("console/functions/<slug:code>/", console.unbuilt, name="function-unbuilt"),
    path("console/jobs/", jobs.job_list, name="job-list"),
    path("console/jobs/<int:pk>/", jobs.job_detail, name="job-detail"),
    path("console/jobs/<int:pk>/cancel/", jobs.job_cancel, name="job-cancel"),
    path("console/jobs/<int:pk>/resume/", jobs.job_resume, name="job-resume"),
    path("console/notices/", include("accounts.notice_urls")),
    path("preferences/<slug:name>/", console.preference, name="preference"),
    path("console/departments/", include("orgs.urls")),
    path("console/contacts/", include("orgs.contact_urls")),
    path("console/accounts/import/", include("accounts.import_urls")),
    path("console/accounts/reading/", include("webmail.reading_urls")),
    path("console/accounts/", include("accounts.urls")),
    path("console/directory/", include("accounts.directory_urls")),
    path("console/pickers/", include("accounts.picker_urls")),
    path("console/roles/", include("accounts.role_urls")),
    path("console/grants/", include("accounts.grant_urls")),
    path("console/", include("analytics.urls")),
    path("console/apps/backup/", include("apps_center.backup_urls")),
    path("console/notifications/", include("notifications.urls")),
    path("console/security/ip-rules/", include("security.ip_rule_urls")),
    path("console/security/lockouts/", include("security.lockout_urls")),
    path("", include("security.urls")),
    path("mail/", include("webmail.urls")),
    path("staff/", admin.site.urls),
]

handler403 = "admin_platform.views.errors.permission_denied"
