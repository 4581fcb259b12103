"""Addresses of bookings: find and book, one's own, those of a site, calendars."""

from django.urls import path

from maillage.apps.bookings.pages import (
    basket,
    blocks,
    calendars,
    closed,
    find,
    guest,
    managed,
    mine,
    series,
    space,
)

SPACE = "reserver/<str:siren>/<slug:slug>/<int:space>/"
MINE = "mes-reservations/"
OWN = f"{MINE}<str:reference>/"
SERIES = f"{MINE}series/<int:pk>/"
BLOCK = f"{MINE}places-gardees/<int:block>/"
SITE = "gerer/lieux/<int:pk>/"
BOOKING = f"{SITE}reservations/<str:reference>/"

urlpatterns = [
    path("reserver/", find.find_place, name="find_place"),
    path("reserver/panier/", basket.checkout, name="basket"),
    path("reserver/panier/ajouter/", basket.basket_add, name="basket_add"),
    path("reserver/panier/<int:number>/", basket.basket_change, name="basket_change"),
    path("reserver/attendre/", mine.wait_add, name="wait_add"),
    path("reserver/invite/<str:secret>/", guest.guest_link, name="guest_link"),
    path(SPACE, space.book_space, name="book_space"),
    path(f"{SPACE}serie/", series.series_new, name="series_new"),
    path(MINE, mine.own_bookings, name="own_bookings"),
    path(f"{MINE}calendrier/", calendars.own_calendar, name="own_calendar"),
    path(f"{MINE}calendrier/supprimer/", calendars.own_calendar_revoke, name="own_calendar_revoke"),
    path(f"{MINE}attentes/<int:pk>/retirer/", mine.wait_withdraw, name="wait_withdraw"),
    path(f"{MINE}places-gardees/", blocks.own_blocks, name="own_blocks"),
    path(f"{BLOCK}laisser/", blocks.own_block_release, name="own_block_release"),
    path(f"{BLOCK}reprendre/", blocks.own_block_take_back, name="own_block_take_back"),
    path(SERIES, series.own_series, name="own_series"),
    path(f"{SERIES}annuler/", series.own_series_cancel, name="own_series_cancel"),
    path(f"{SERIES}dates/<int:occurrence>/", series.series_retry, name="series_retry"),
    path(OWN, mine.booking_page, name="own_booking"),
    path(f"{OWN}prendre/", mine.booking_confirm, name="own_booking_confirm"),
    path(f"{OWN}deplacer/", mine.booking_change, name="own_booking_change"),
    path(f"{OWN}annuler/", mine.booking_cancel, name="own_booking_cancel"),
    path(f"{OWN}fermeture/accepter/", closed.closed_accept, name="closed_accept"),
    path(f"{OWN}fermeture/refuser/", closed.closed_decline, name="closed_decline"),
    path(f"{OWN}reservation.ics", calendars.booking_ics, name="own_booking_ics"),
    path(f"{SITE}reservations/", managed.managed_bookings, name="managed_bookings"),
    path(f"{SITE}reservations/nouvelle/", managed.book_for, name="book_for"),
    path(BOOKING, managed.managed, name="managed_booking"),
    path(f"{BOOKING}annuler/", managed.managed_cancel, name="managed_cancel"),
    path(f"{BOOKING}deplacer/", managed.managed_change, name="managed_change"),
    path(f"{SITE}places-gardees/", blocks.managed_blocks, name="managed_blocks"),
    path(f"{SITE}places-gardees/nouvelle/", blocks.managed_block_new, name="managed_block_new"),
    path(
        f"{SITE}places-gardees/<int:block>/finir/",
        blocks.managed_block_end,
        name="managed_block_end",
    ),
    path(f"{SITE}demandes/", managed.requests, name="requests"),
    path(f"{SITE}demandes/<str:reference>/", managed.request_decide, name="request_decide"),
    path("agendas/lieux/<int:pk>/", calendars.site_calendar, name="site_calendar"),
    path(
        "agendas/lieux/<int:pk>/supprimer/",
        calendars.site_calendar_revoke,
        name="site_calendar_revoke",
    ),
    path("agendas/<str:secret>.ics", calendars.bookings_feed, name="bookings_feed"),
]
