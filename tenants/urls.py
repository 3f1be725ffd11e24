"""The names by which other pages point at the overview and at tenants."""

from django.urls import path

from tenants import views

app_name = "tenants"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("shortcuts/", views.shortcuts, name="shortcuts"),
    path("tenants/<slug:slug>/", views.tenant, name="tenant"),
]
