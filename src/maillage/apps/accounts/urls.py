"""Addresses of the month of a body, of its exports and archives."""

from django.urls import path

from maillage.apps.accounts.pages import archives, exports, month

urlpatterns = [
    path("exports/", exports.exports, name="accounts_exports"),
    path("exports/telecharger/", exports.download, name="accounts_export"),
    path("exports/<int:pk>/archives/<int:year>/", archives.ask, name="accounts_archive"),
    path("exports/archives/<int:pk>.zip", archives.download, name="accounts_archive_file"),
    path("comptes/", month.latest, name="accounts_latest"),
    path("comptes/<str:asked>/", month.month_page, name="accounts_month"),
    path("comptes/<int:pk>/<str:asked>/cloturer/", month.close, name="accounts_close"),
]
