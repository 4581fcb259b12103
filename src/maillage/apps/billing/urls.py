"""Addresses of invoicing."""

from django.urls import path

from maillage.apps.billing.pages import documents, month, own, profile, received, runs

urlpatterns = [
    path("facturation/", month.billing, name="billing"),
    path("facturation/suivi/<int:pk>/", runs.follow, name="billing_run"),
    path("facturation/suivi/<int:pk>/arreter/", runs.stop, name="billing_run_stop"),
    path("facturation/suivi/<int:pk>/reprendre/", runs.resume, name="billing_run_resume"),
    path("facturation/profil/<int:pk>/", profile.profile, name="billing_profile"),
    path("facturation/series/<int:pk>/", profile.series, name="billing_series"),
    path(
        "facturation/payeurs/<int:pk>/<str:who>/<int:payer>/", profile.payer, name="billing_payer"
    ),
    path("facturation/<str:month>/", month.month_page, name="billing_month"),
    path("facturation/<str:month>/emettre/", month.confirm, name="billing_issue"),
    path("factures/recues/", received.received, name="received"),
    path("factures/recues/<int:pk>/", received.invoice, name="received_invoice"),
    path("factures/recues/<int:pk>/retirer/", received.remove, name="received_remove"),
    path("factures/recues/<int:pk>/<str:name>", received.file, name="received_file"),
    path("factures/<int:pk>/", documents.document, name="document"),
    path("factures/<int:pk>/avoir/", documents.credit, name="document_credit"),
    path("factures/<int:pk>/envoyer/", documents.send, name="document_send"),
    path("factures/<int:pk>/<str:name>", documents.file, name="document_file"),
    path("mes-factures/", own.own_invoices, name="own_invoices"),
    path("employeur/<int:pk>/factures/", own.employer_invoices, name="employer_invoices"),
]
