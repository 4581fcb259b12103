"""Late work of contracts: they begin, end, are charged; both sides are told; many are sent."""

from procrastinate.contrib.django import app

from maillage.apps.contracts import charge_due, forget, pass_time, seats
from maillage.apps.contracts.models import Contract
from maillage.apps.contracts.send_many import send_one
from maillage.kit.clock import now


@app.periodic(cron="7 1 * * *")
@app.task(name="contracts.each_night", queueing_lock="contracts.each_night")
def each_night(timestamp: int) -> None:  # noqa: ARG001
    """Begin, end, charge, keep the seats further ahead."""
    at = now()
    pass_time.begin_due(at=at)
    pass_time.end_due(at=at)
    charge_due.charge_all(at.date(), at=at)
    seats.extend_all(at=at)


@app.periodic(cron="17 7 * * *")
@app.task(name="contracts.alert_due", queueing_lock="contracts.alert_due")
def alert_due(timestamp: int) -> None:  # noqa: ARG001
    """Each morning, tell whose term ends soon."""
    pass_time.alert_due(at=now())


@app.periodic(cron="37 3 * * 0")
@app.task(name="contracts.forget", queueing_lock="contracts.forget")
def forget_old(timestamp: int) -> None:  # noqa: ARG001
    """Each week, forget who signed what is over since long."""
    forget.forget_old(at=now())


@app.task(name="contracts.send_many")
def send_many(contract_ids: list[int], by: int) -> None:
    """Send the drafts of a list, one after the other."""
    for contract in Contract.objects.filter(pk__in=contract_ids).order_by("pk"):
        send_one(contract, by=by, at=now())
