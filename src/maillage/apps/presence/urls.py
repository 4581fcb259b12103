"""Addresses of the day."""

from django.urls import path

from maillage.apps.presence.pages import board, desk, entrance, host, own, supplies

urlpatterns = [
    path("journee/", board.days, name="days"),
    path("journee/<int:pk>/", board.day, name="day"),
    path("journee/<int:pk>/noter/", board.note, name="day_note"),
    path("journee/<int:pk>/visite/", board.visitor, name="day_visitor"),
    path("journee/<int:pk>/services/", desk.visits, name="day_visits"),
    path("journee/<int:pk>/feuille/", desk.sheet, name="day_sheet"),
    path("journee/<int:pk>/incidents/nouveau/", desk.incident_new, name="incident_new"),
    path("journee/incidents/<int:pk>/clore/", desk.incident_close, name="incident_close"),
    path("journee/<int:pk>/frequentation/", desk.attended, name="day_attendance"),
    path("journee/<int:pk>/frequentation.csv", desk.attended_csv, name="day_attendance_csv"),
    path(
        "journee/<int:pk>/frequentation-excel.csv",
        desk.attended_excel,
        name="day_attendance_excel",
    ),
    path("journee/<int:pk>/codes/", supplies.codes, name="day_codes"),
    path("journee/<int:pk>/codes/retirer/", supplies.codes_withdraw, name="day_codes_withdraw"),
    path("journee/<int:pk>/bornes/", supplies.kiosks, name="day_kiosks"),
    path("journee/bornes/<int:pk>/retirer/", supplies.kiosk_revoke, name="kiosk_revoke"),
    path("journee/<int:pk>/affiche/", supplies.poster, name="day_poster"),
    path("comptoir/", host.counter, name="counter"),
    path("comptoir/<int:pk>/noter/", host.note, name="counter_note"),
    path("comptoir/<int:pk>/fermer/", host.close, name="counter_close"),
    path("comptoir/<int:pk>/rouvrir/", host.open_again, name="counter_open"),
    path("borne/", entrance.pair, name="kiosk_pair"),
    path("borne/<int:pk>/", entrance.kiosk, name="kiosk"),
    path("ici/<str:secret>/", entrance.entrance, name="entrance"),
    path("ici/<str:secret>/arrivee/", entrance.enter, name="entrance_arrive"),
    path("mes-reservations/attestation/", own.certificate, name="presence_certificate"),
    path("mes-reservations/attestation.pdf", own.certificate_pdf, name="presence_certificate_pdf"),
    path("mes-reservations/<str:reference>/sur-place/", own.on_site, name="on_site"),
]
