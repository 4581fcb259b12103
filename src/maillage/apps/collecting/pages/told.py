"""What payment providers tell: nothing of it is believed, each makes us ask."""

import json

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.csrf import csrf_exempt

from maillage.apps.collecting import pay_online, stripe
from maillage.apps.collecting.models import Provider
from maillage.apps.collecting.providers import credentials
from maillage.kit.clock import now
from maillage.kit.form_pages import POST
from maillage.kit.pages import anyone, page

MOST_BYTES = 256 * 1024
BAD, AGAIN = 400, 503


@csrf_exempt
@page(rule=anyone, methods=POST)
def stripe_told(request: HttpRequest, siren: str) -> HttpResponse:
    """An event of Stripe for an operator: signed, less than five minutes old, counted once."""
    kept = credentials(Provider.STRIPE, siren)
    if not kept:
        return HttpResponseNotFound()
    body = request.read(MOST_BYTES + 1)
    at = now()
    is_ours = len(body) <= MOST_BYTES and stripe.is_signed(
        request.headers.get(stripe.HEADER, ""), body, kept["secret"], at=at
    )
    if not is_ours:
        return HttpResponse(status=BAD)
    try:
        event = json.loads(body)
        name, kind = str(event["id"]), str(event["type"])
        session = str(event["data"]["object"]["id"])
    except (ValueError, KeyError, TypeError):
        return HttpResponse(status=BAD)
    return _counted(Provider.STRIPE, name, session, kind)


@csrf_exempt
@page(rule=anyone, methods=POST)
def payfip_told(request: HttpRequest) -> HttpResponse:
    """PayFIP names a payment that changed: it is not signed, so it only makes us ask."""
    session = request.POST.get("idop", "") or request.POST.get("idOp", "")
    if not session:
        return HttpResponse(status=BAD)
    return _counted(Provider.PAYFIP, session, session, "notification")


def _counted(provider: Provider, event: str, session: str, kind: str) -> HttpResponse:
    try:
        pay_online.told(provider, event[:120], session, kind=kind[:60], at=now())
    except pay_online.ProviderAway:
        # told again later: nothing was written
        return HttpResponse(status=AGAIN)
    return HttpResponse(status=200)
