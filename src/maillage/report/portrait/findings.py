"""What a portrait finds, in sentences computed from its numbers."""

from math import isfinite

import polars as pl

from maillage.core.portrait import Access, Portrait
from maillage.report import french, shown

# Above it one commune is said to gather the jobs; under it they are said to be spread
CONCENTRATED = 1 / 3
HALF = 0.5


def title(portrait: Portrait) -> str:
    """The territory and its first finding."""
    ratio = portrait.work.jobs_per_100
    name = portrait.territory.name
    if ratio is None:
        return f"{name} : {french.count(portrait.population.value, 'habitant')}"
    return f"{name} : {french.count(ratio.value, 'emploi')} pour 100 actifs occupés"


def lead(portrait: Portrait) -> str:
    """Jobs against employed residents, then what shared workplaces there are."""
    return f"{_balance(portrait)} {places_sentence(portrait)}"


def _balance(portrait: Portrait) -> str:
    work = portrait.work
    if work.jobs_per_100 is None:
        return "Aucune table ne dit combien d'actifs y vivent ni combien d'emplois y sont."
    jobs, employed = round(work.jobs.value), round(work.employed.value)
    missing = left_out(portrait)
    counts = (
        f"{'Hors ' + missing + ', le' if missing else 'Le'} territoire compte "
        f"{french.count(jobs, 'emploi')} pour "
        f"{french.count(employed, 'actif occupé', 'actifs occupés')}"
    )
    if jobs < employed:
        people = french.count(employed - jobs, "habitant")
        verb = "travaille" if employed - jobs < 2 else "travaillent"
        return f"{counts} : au moins {people} {verb} ailleurs."
    return f"{counts} : on vient y travailler d'ailleurs."


def left_out(portrait: Portrait) -> str:
    """The communes whose work nobody counted at this vintage; "" when all were."""
    unknown = portrait.by_commune["employed"].null_count()
    return french.count(unknown, "commune sans chiffre", "communes sans chiffre") if unknown else ""


def places_sentence(portrait: Portrait) -> str:
    """Whether a shared workplace was known inside, and when."""
    used = portrait.sources("third_places")
    if not used:
        return "Les lieux de travail partagés qui existent ne sont pas connus."
    vintage = french.vintage(used[0].vintage)
    inside = count_inside(portrait)
    if inside == 0:
        return f"Aucun lieu de travail partagé n'y était recensé ({vintage})."
    verb = "y était recensé" if inside == 1 else "y étaient recensés"
    places = french.count(inside, "lieu de travail partagé", "lieux de travail partagés")
    return f"{places} {verb} ({vintage})."


def count_inside(portrait: Portrait) -> int:
    """The shared workplaces inside the perimeter."""
    return 0 if portrait.access is None else int(portrait.access.places["is_inside"].sum())


def access_title(portrait: Portrait) -> str:
    """How far the nearest place is, for most people."""
    access = portrait.access
    if access is None:
        return "Aucun lieu partagé connu, ni dans le territoire ni autour"
    if count_inside(portrait) == 0:
        return "Le lieu le plus proche est hors du territoire"
    far = access.beyond(20)
    if far.value > HALF:
        return f"{french.share(far.value)} des habitants sont à plus de 20 minutes d'un lieu"
    return f"{french.share(1 - far.value)} des habitants sont à 20 minutes ou moins d'un lieu"


def access_text(portrait: Portrait) -> str:
    """The share of the far, the place that most people are nearest to, the farthest commune."""
    access = portrait.access
    if access is None:
        return places_sentence(portrait)
    far = access.beyond(20)
    return (
        f"{french.share(far.value)} des habitants ({shown.share_interval(far)}) mettent plus de "
        f"20 minutes en voiture pour rejoindre un lieu partagé. {_nearest(access)} "
        f"{_farthest(portrait)}"
    ).strip()


def _nearest(access: Access) -> str:
    place = access.places.sort("nearest_for", "name", descending=[True, False]).row(0, named=True)
    where = f", à {place['commune_name']}" if place["commune_name"] else ""
    share = place["nearest_for"] / int(access.people.sum())
    people = "tous" if share == 1 else f"{french.share(share)} des habitants"
    return f"Le plus proche pour {people} : {place['name']}{where}."


def _farthest(portrait: Portrait) -> str:
    ranked = portrait.by_commune.drop_nulls("minutes").sort(
        "minutes", "commune_code", descending=[True, False]
    )
    if len(ranked) < 2:
        return ""
    row = ranked.row(0, named=True)
    return (
        f"La commune la plus loin est {row['name']} : {french.number(row['minutes'])} minutes "
        f"({french.between(row['minutes_low'], row['minutes_high'])})."
    )


def employment_title(portrait: Portrait) -> str:
    """Whether one commune gathers the jobs, or how many hold half of them."""
    ranked = portrait.by_commune.drop_nulls("jobs").sort(
        "jobs", "commune_code", descending=[True, False]
    )
    total = float(ranked["jobs"].sum())
    if not total:
        return "Aucun chiffre d'emploi pour ces communes"
    first = ranked.row(0, named=True)
    share = first["jobs"] / total
    if share > CONCENTRATED and len(ranked) > 1:
        return f"{first['name']} concentre {french.share(share)} des emplois"
    holders = int((ranked["jobs"].cum_sum() < total / 2).sum()) + 1
    if holders == 1:
        return f"Les emplois sont à {first['name']}"
    return f"La moitié des emplois tient dans {french.count(holders, 'commune')}"


def employment_text(portrait: Portrait) -> str:
    """In how many communes more people work elsewhere than come."""
    known = portrait.by_commune.drop_nulls(["employed", "jobs"])
    short = len(known.filter(pl.col("employed") > pl.col("jobs")))
    if not short:
        return "Aucune commune n'a plus d'actifs occupés que d'emplois."
    verb = "a" if short < 2 else "ont"
    return (
        f"{french.count(short, 'commune')} sur {len(known)} {verb} plus d'actifs occupés que "
        "d'emplois : on part y travailler ailleurs."
    )


def destinations_title(portrait: Portrait) -> str:
    """The town outside that attracts most, if any."""
    outside = portrait.work.destinations.filter(
        ~pl.col("is_inside") & pl.col("work_name").is_not_null()
    )
    if outside.is_empty():
        return "On travaille sur place, d'après les tables"
    return f"Hors du territoire, {outside['work_name'][0]} attire le plus"


def destinations_text(portrait: Portrait) -> str:
    """The shares that leave the territory and their commune."""
    work = portrait.work
    if work.outside is None or work.leavers is None:
        return "Sans chiffre d'emploi, les trajets domicile-travail ne se calculent pas."
    shares = (
        f"{french.share(work.outside.value)} des actifs occupés"
        f"{_in_brackets(shown.share_interval(work.outside))} travaillent hors du territoire, "
        f"{french.share(work.leavers.value)}"
        f"{_in_brackets(shown.share_interval(work.leavers))} hors de leur commune."
    )
    if work.outside.origin == "observed":
        return shares
    return f"{shares} Ces trajets sont modélisés : ils donnent un ordre de grandeur."


def distances_title(portrait: Portrait) -> str:
    """How many work farther than 20 km; a modelled share is told by its range."""
    far = [band for band in portrait.work.bands if band.above >= 20]
    if not far:
        return "Les distances au travail ne sont pas connues"
    share = sum(band.share.value for band in far)
    if far[0].share.origin == "observed":
        return f"{french.share(share)} des actifs travaillent à plus de 20 km"
    error = portrait.assumptions.value("flows.share_error")
    low, high = max(0.0, share - error), min(1.0, share + error)
    return f"{_sentence(french.share_between(low, high))} des actifs travaillent à plus de 20 km"


def hosts_title(portrait: Portrait) -> str:
    """In how many communes a shop or service could host."""
    hosting = {c.commune_code for c in portrait.candidates.every if c.hosts}
    members = len(portrait.territory.communes)
    if not hosting:
        return "Aucun commerce ni service connu ne pourrait accueillir"
    verb = "a" if len(hosting) < 2 else "ont"
    return (
        f"{french.count(len(hosting), 'commune')} sur {members} {verb} un commerce ou un service "
        "qui pourrait accueillir"
    )


def hosts_text(portrait: Portrait) -> str:
    """The town centres that could hold a structuring site, and the stations."""
    centres = sorted(
        {c.commune_name for c in portrait.candidates.every if "hub" in c.tiers},
        key=french.sort_key,
    )
    word = "Bourg-centre" if len(centres) < 2 else "Bourgs-centres"
    stations = int((portrait.services["kind"] == "station").sum())
    found = (
        f" {french.count(stations, 'gare').capitalize()} dans le territoire." if stations else ""
    )
    return f"{word} au sens du plan : {french.listed(centres, 8)}.{found}"


def places_title(portrait: Portrait) -> str:
    """How many places there are inside."""
    inside = count_inside(portrait)
    if inside:
        return f"{french.count(inside, 'lieu partagé', 'lieux partagés')} dans le territoire"
    return "Aucun lieu partagé connu dans le territoire"


def places_text(portrait: Portrait) -> str:
    """How far around places were looked for, and what is not known of them."""
    km = portrait.assumptions.value("places.neighbour_places_km")
    if not portrait.sources("third_places"):
        return places_sentence(portrait)
    inside = count_inside(portrait)
    around = len(portrait.territory.workplaces) - inside
    words = ("autre lieu", "autres lieux") if inside else ("lieu autour", "lieux autour")
    also = (
        f"{french.count(around, *words)}, à {french.number(km)} km au plus."
        if around
        else f"Aucun{' autre' if inside else ''} à {french.number(km)} km."
    )
    return (
        f"{places_sentence(portrait)} {also} Leur capacité, leurs tarifs et leur statut ne sont "
        "pas renseignés."
    )


def map_alternative(portrait: Portrait) -> str:
    """The map in one sentence."""
    access = portrait.access
    if access is None:
        return "Carte des habitants. Aucun lieu partagé connu : aucun trajet n'est calculé."
    far, mean = access.beyond(20), access.mean
    beyond = (
        f"Carte d'aujourd'hui : {french.share(far.value)} des habitants à plus de 20 minutes d'un "
        f"lieu partagé ({shown.share_interval(far)})"
    )
    if not isfinite(mean.value):
        return f"{beyond} ; aucune route connue n'y mène."
    return f"{beyond}, {french.number(mean.value)} minutes en moyenne ({shown.interval(mean)})."


def _in_brackets(words: str) -> str:
    return f" ({words})" if words else ""


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
