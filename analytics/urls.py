from django.urls import path

from analytics.views import records, sign_ins, trace, volume

app_name = "analytics"
urlpatterns = [
    path("log/", records.record_list, name="record-list"),
    path("log/export/", records.record_export, name="record-export"),
    path("log/chain/", records.chain, name="chain"),
    path("log/<int:pk>/", records.record_detail, name="record-detail"),
    path("user-log/", records.own_act_list, name="own-act-list"),
    path("user-log/export/", records.own_act_export, name="own-act-export"),
    path("user-log/<int:pk>/", records.own_act_detail, name="own-act-detail"),
    path("sign-in-log/", sign_ins.sign_in_list, name="sign-in-list"),
    path("sign-in-log/export/", sign_ins.sign_in_export, name="sign-in-export"),
    path("volume/", volume.volume, name="volume"),
    path("volume/export/", volume.volume_export, name="volume-export"),
    path("trace/", trace.trace_list, name="trace-list"),
    path("trace/export/", trace.trace_export, name="trace-export"),
    path("trace/<int:pk>/", trace.trace_detail, name="trace-detail"),
]
