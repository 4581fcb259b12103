"""Ways in: password, link, and the way out."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people import check_password, provider, sign_in_link
from maillage.apps.people.enter import NEXT, enter, own_path
from maillage.apps.people.forms import AskLink, SignIn
from maillage.apps.people.pages.common import WRITING, WRONG
from maillage.apps.people.tasks import send_sign_in_link
from maillage.kit.clock import now
from maillage.kit.pages import anyone, page
from maillage.kit.throttle import Limit, address_of, count

LINKS_OF_ACCOUNT = Limit("links of an account", 5, timedelta(hours=1))
LINKS_OF_ADDRESS = Limit("links from an address", 20, timedelta(hours=1))
PASSWORD_PAGE = "/compte/mot-de-passe/"  # noqa: S105 (an address)


@page(rule=anyone, methods=WRITING)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Address and password, or one of the other ways."""
    asked = own_path(request, request.POST.get(NEXT) or request.GET.get(NEXT, ""))
    if request.user.is_authenticated:
        return HttpResponseRedirect(asked or reverse("landing"))
    form = SignIn(request.POST or None)
    if form.is_valid():
        words = form.cleaned_data
        address = address_of(request)
        found = check_password.check(words["email"], words["password"], address=address, at=now())
        if found is not None:
            return enter(request, found, method="password", opens=asked)
        # one sentence for both, and no field of its own: nothing tells whether the account exists
        form.add_error(None, _("L’adresse ou le mot de passe ne convient pas."))
    context = {
        "form": form,
        "link_form": AskLink(auto_id="link_%s"),
        "next": asked,
        "provider": provider.name() if provider.is_configured() else "",
        "provider_id": settings.OIDC_PROVIDER,
    }
    return render(request, "people/sign_in.html", context, status=WRONG if form.errors else 200)


@page(rule=anyone, methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session is over."""
    logout(request)
    return HttpResponseRedirect("/")


@page(rule=anyone, methods=WRITING)
def ask_link(request: HttpRequest) -> HttpResponse:
    """Receive a link that signs in once."""
    asked = own_path(request, request.POST.get(NEXT) or request.GET.get(NEXT, ""))
    context = {
        "title": _("Recevoir un lien de connexion"),
        "act": _("Recevoir un lien"),
        "next": asked,
    }
    return _ask(request, asked, context)


@page(rule=anyone, methods=WRITING)
def forgotten(request: HttpRequest) -> HttpResponse:
    """The same link, which leads to the choice of a password."""
    context = {
        "title": _("Mot de passe oublié"),
        "act": _("Recevoir un lien"),
        "lead": _("Le lien vous connecte, puis vous choisissez un nouveau mot de passe."),
    }
    return _ask(request, PASSWORD_PAGE, context)


def _ask(request: HttpRequest, opens: str, context: dict[str, str]) -> HttpResponse:
    form = AskLink(request.POST or None)
    if form.is_valid():
        email, at = form.cleaned_data["email"].strip().lower(), now()
        count(LINKS_OF_ADDRESS, address_of(request), at=at)
        count(LINKS_OF_ACCOUNT, email, at=at)
        # the worker looks for the account: the answer takes the same time whether it exists
        send_sign_in_link.defer(email=email, opens=opens)
        return render(request, "people/link_sent.html", context)
    status = WRONG if form.errors else 200
    return render(request, "people/ask_link.html", {**context, "form": form}, status=status)


@page(rule=anyone, methods=WRITING)
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """A page with a button: robots that read mail open addresses, they do not press buttons."""
    at = now()
    if request.method == "POST":
        link = sign_in_link.use(secret, at=at)
        return enter(request, link.person, method="link", opens=link.opens)
    sign_in_link.find(secret, at=at)
    return render(request, "people/open_link.html")
