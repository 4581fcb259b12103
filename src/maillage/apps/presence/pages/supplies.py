"""Wi-Fi codes, tablets and the poster of a site."""

from zoneinfo import ZoneInfo

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.apps.presence import rules
from maillage.apps.presence.access_codes import import_codes, set_access, withdraw_unused
from maillage.apps.presence.draw_entrance import draw_entrance
from maillage.apps.presence.forms import ImportCodes, MakeKiosk, SetAccess
from maillage.apps.presence.models import Access, AccessCode, CodeSource, Kiosk
from maillage.apps.presence.pages.common import POST, WRITING, frame, status_of
from maillage.apps.presence.pair_kiosk import make_kiosk, revoke_kiosk
from maillage.apps.sites.models import Site
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal

SETTINGS, LIST = "reglage", "liste"
# of the drawing, modules around the code
QUIET = 4


@page(rule=rules.may_keep, of=rules.site_of, methods=WRITING)
def codes(request: HttpRequest, site: Site) -> HttpResponse:
    """How people get on the Wi-Fi, and how many codes are left."""
    access = Access.objects.filter(site=site).first() or Access(site=site)
    which = request.POST.get("partie", "")
    names = ("network", "source", "shown_before_min", "keeps_log", "log_days")
    setting = SetAccess(
        request.POST if which == SETTINGS else None,
        initial={name: getattr(access, name) for name in names},
    )
    listed = ImportCodes(request.POST if which == LIST else None, auto_id="liste-%s")
    if which == SETTINGS and setting.is_valid():
        done = _set(request, site, setting)
    elif which == LIST and listed.is_valid():
        done = _imported(request, site, listed)
    else:
        done = None
    if done:
        return done
    left = AccessCode.objects.left().filter(site=site).count()
    context = {
        **frame(site, Crumb(_("Codes Wi-Fi"))),
        "setting": setting,
        "listed": listed,
        "wrong": setting if which == SETTINGS else listed,
        "is_imported": access.source == CodeSource.IMPORTED,
        "is_generated": access.source == CodeSource.GENERATED,
        "left": left,
        "given": AccessCode.objects.filter(site=site).exclude(booking=None).count(),
        "parts": {"setting": SETTINGS, "list": LIST},
    }
    status = max(status_of(setting), status_of(listed))
    return render(request, "presence/codes.html", context, status=status)


def _set(request: HttpRequest, site: Site, form: SetAccess) -> HttpResponse | None:
    try:
        set_access(site, form.said(), by=request.user.pk, at=now())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("L’accès au Wi-Fi est réglé."))
    return redirect("day_codes", site.pk)


def _imported(request: HttpRequest, site: Site, form: ImportCodes) -> HttpResponse | None:
    until = form.until(ZoneInfo(site.zone))
    try:
        fresh = import_codes(
            site, form.cleaned_data["codes"], valid_until=until, by=request.user.pk, at=now()
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    words = ngettext("{n} nouveau code importé.", "{n} nouveaux codes importés.", fresh)
    messages.success(request, words.format(n=fresh))
    return redirect("day_codes", site.pk)


@page(rule=rules.may_keep, of=rules.site_of, methods=WRITING)
def codes_withdraw(request: HttpRequest, site: Site) -> HttpResponse:
    """The router forgot the list: said first, then done."""
    if request.method == "POST":
        gone = withdraw_unused(site, by=request.user.pk, at=now())
        words = ngettext("{n} code retiré.", "{n} codes retirés.", gone)
        messages.success(request, words.format(n=gone))
        return redirect("day_codes", site.pk)
    dialog = Dialog(
        _("Retirer les codes restants ?"),
        _("Ceux qui sont déjà donnés restent. Les autres ne seront plus proposés."),
        _("Retirer les codes"),
        Link(_("Les garder"), reverse("day_codes", args=(site.pk,))),
    )
    context = {**frame(site, Crumb(_("Retirer des codes"))), "dialog": dialog}
    return render(request, "confirm.html", context)


@page(rule=rules.may_keep, of=rules.site_of, methods=WRITING)
def kiosks(request: HttpRequest, site: Site) -> HttpResponse:
    """The tablets of the entrance; a new one shows its code once."""
    form = MakeKiosk(request.POST if request.method == "POST" else None)
    code = ""
    if form.is_valid():
        try:
            _made, code = make_kiosk(site, form.cleaned_data["label"], by=request.user.pk, at=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    rows = Kiosk.objects.filter(site=site, revoked_at=None).order_by("made_at", "pk")
    context = {
        **frame(site, Crumb(_("Borne d’accueil"))),
        "form": form,
        "code": code,
        "address": request.build_absolute_uri(reverse("kiosk_pair")),
        "kiosks": [
            {
                "pk": one.pk,
                "label": one.label,
                "paired_at": one.paired_at,
                "seen_at": one.last_seen_at,
            }
            for one in rows
        ],
    }
    return render(request, "presence/kiosks.html", context, status=status_of(form))


@page(rule=rules.may_keep, of=rules.kiosk_of, methods=POST)
def kiosk_revoke(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """The tablet opens nothing any more."""
    revoke_kiosk(kiosk, by=request.user.pk, at=now())
    messages.success(request, _("La borne « {label} » est retirée.").format(label=kiosk.label))
    return redirect("day_kiosks", kiosk.site_id)


@page(rule=rules.may_keep, of=rules.site_of, methods=WRITING)
def poster(request: HttpRequest, site: Site) -> HttpResponse:
    """A new code for the wall: shown once, to print at once."""
    context = {
        **frame(site, Crumb(_("Affiche de l’entrée"))),
        "has_one": site.arrival_hash is not None,
        "qr": None,
    }
    if request.method == "POST":
        secret = draw_entrance(site, by=request.user.pk, at=now())
        address = request.build_absolute_uri(reverse("entrance", args=(secret,)))
        context |= {"qr": qr_of(address), "has_one": True}
    return render(request, "presence/poster.html", context)


def qr_of(address: str) -> SafeString:
    """The code of an address, as a drawing without style of its own."""
    code = segno.make(address, error="m")
    size = code.symbol_size(border=QUIET)[0]
    dark = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(code.matrix_iter(border=QUIET))
        for x, is_dark in enumerate(row)
        if is_dark
    )
    drawing = (
        f'<svg class="qr" viewBox="0 0 {size} {size}" role="img" '
        f'aria-label="Code à scanner"><path class="qr-page" d="M0 0h{size}v{size}H0z"/>'
        f'<path class="qr-ink" d="{dark}"/></svg>'
    )
    return mark_safe(drawing)  # noqa: S308  (numbers of ours alone)
