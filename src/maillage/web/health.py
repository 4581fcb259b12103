"""Is the process alive, is the product ready: asked by machines, explained to administrators."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from maillage.apps.people import rights
from maillage.kit.clock import now
from maillage.kit.pages import anyone, page
from maillage.operate import health

UNREADY = 503


@page(rule=anyone)
def alive(_request: HttpRequest) -> HttpResponse:
    """/sante/vivant: this process answers; nothing else is asked."""
    return HttpResponse("vivant\n", content_type="text/plain")


@page(rule=anyone)
def ready(request: HttpRequest) -> HttpResponse:
    """/sante/pret: every part answers; what fails is told to administrators only."""
    checks = health.of_platform(now)
    status = 200 if health.is_ready(checks) else UNREADY
    told: dict[str, object] = {"ready": status != UNREADY}
    if rights.holds(request.user, "platform.manage", (), on=now().date()):
        told["checks"] = [
            {"name": check.name, "is_good": check.is_good, "says": check.says} for check in checks
        ]
    return JsonResponse(told, status=status)
