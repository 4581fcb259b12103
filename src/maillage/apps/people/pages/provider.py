"""Ways in through an organisation's provider."""

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from maillage.apps.people import provider, secret
from maillage.apps.people.enter import NEXT, is_confirmed, own_path
from maillage.apps.people.pages.common import to_confirmation
from maillage.kit.clock import now
from maillage.kit.pages import anyone, page


def _door(request: HttpRequest, provider_id: str) -> provider.ProviderDoor:
    door = provider.ProviderDoor(request, provider_id)
    try:
        door.get_provider()
    except SocialApp.DoesNotExist as missing:
        raise Http404 from missing
    return door


@page(rule=anyone, methods=("POST",))
def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider; from an open session, to link one's identity there."""
    door = _door(request, provider_id)
    is_linking = request.user.is_authenticated
    if is_linking and not is_confirmed(request, at=now()):
        return to_confirmation(request)
    nonce = secret.draw()
    request.session[provider.NONCE] = nonce
    answer: HttpResponse = door.get_provider().redirect(
        request,
        process="connect" if is_linking else "login",
        next_url=own_path(request, request.POST.get(NEXT, "")) or None,
        auth_params={"nonce": nonce},
    )
    return answer


@page(rule=anyone)
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The provider's answer."""
    answer: HttpResponse = OAuth2CallbackView.adapter_view(_door(request, provider_id))(request)
    return answer


@page(rule=anyone)
def cancelled(request: HttpRequest) -> HttpResponse:
    """The person refused at the provider's."""
    return render(request, "socialaccount/login_cancelled.html")
