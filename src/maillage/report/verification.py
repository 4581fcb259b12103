"""What a verification found, in French."""

from collections.abc import Callable

from maillage.core.verification import GAP, PROVED, SOLVER, StageChecked, Verdict
from maillage.report import french
from maillage.report.refusals_of_lines import Facts, short

KINDS = {
    "p_median": "coût total au plus proche (p-médiane)",
    "max_benefit": "gain total (meilleur site de chacun)",
    "max_cover": "couverture maximale",
    "set_cover": "couverture de tous au moindre prix",
    "p_center": "plus grand éloignement (p-centre)",
    "capacitated_p_median": "coût total avec capacités (places divisibles)",
    "capacitated_max_cover": "couverture maximale avec capacités (places divisibles)",
    "network": "réseau en trois niveaux",
}

FILES = {"certificate": "Le certificat", "instance": "L'instance"}
_TIERS = ("sites structurants", "mini-coworks", "corpoworkings")

# decimals of a value that is no whole number
DECIMALS = 4


def lines(verdict: Verdict) -> list[str]:
    """The answer, then what it rests on."""
    if verdict.status not in (PROVED, GAP, SOLVER):
        return [f"Faux : {_because(verdict)}"]
    opened = french.count(verdict.open_sites, "site ouvert", "sites ouverts")
    said = [
        _answer(verdict),
        f"Problème : {KINDS[verdict.kind]} ; {opened}, règles et affectations vérifiées.",
        f"Valeur recalculée : {_value(verdict.objective)}.",
    ]
    if verdict.stages:
        return [*said[:2], *(_stage(stage) for stage in verdict.stages)]
    return [*said, _bound(verdict)]


def _answer(verdict: Verdict) -> str:
    if verdict.status == PROVED:
        return "Prouvé : aucun autre choix permis ne fait mieux, tout a été recalculé sans solveur."
    if verdict.status == GAP:
        said = f"Non prouvé : écart de {_gap(verdict.objective, verdict.stated)} à la borne"
        return f"{said}." if verdict.bound == verdict.stated else f"{said} du certificat."
    independent = f"vérifié indépendamment à {_gap(verdict.objective, verdict.bound)} près"
    return f"Prouvé par le solveur ; {independent}."


def _bound(verdict: Verdict) -> str:
    if verdict.bound == verdict.stated or verdict.status == PROVED:
        return f"Borne recalculée : {_value(verdict.bound)}."
    return (
        f"Borne du certificat : {_value(verdict.stated)} ; borne recalculée sans solveur : "
        f"{_value(verdict.bound)}."
    )


def _stage(stage: StageChecked) -> str:
    # a mini-cowork must bring so many inhabitants: they are taken from the first objective
    less = ", exigence de chaque mini-cowork déduite" if stage.name == "coverage" else ""
    return (
        f"{french.STAGES[stage.name]}{less} : {_value(stage.objective)}, recalculé ; borne du "
        f"solveur {_value(stage.bound)} ; sans solveur, limite de {_value(stage.limit)} "
        f"(à {_gap(stage.objective, stage.limit)} près)."
    )


def _gap(objective: float, bound: float) -> str:
    return french.share(abs(bound - objective) / max(1.0, abs(objective)), 1)


def _value(value: float) -> str:
    if float(value).is_integer():
        return french.number(value)
    return french.number(value, DECIMALS).rstrip("0")


def _because(verdict: Verdict) -> str:
    return REASONS[verdict.reason](verdict.facts)


def _file(facts: Facts) -> str:
    return FILES[str(facts["file"])]


def _both(facts: Facts) -> str:
    return f"{_value(_number(facts['stated']))} au lieu de {_value(_number(facts['found']))}"


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


# reason -> sentence that follows « Faux : »
REASONS: dict[str, Callable[[Facts], str]] = {
    "unreadable": lambda f: (
        f"{_file(f).lower()} est illisible, tronqué ou n'est pas une archive. Reprenez le fichier "
        "d'origine."
    ),
    "too_large": lambda f: (
        f"{_file(f).lower()} se déploie au-delà de ce qu'un vrai fichier contient. Il n'a pas été "
        "lu."
    ),
    "header": lambda f: (
        f"{_file(f).lower()} n'a pas de valeur possible pour « {f['name']} » dans son en-tête."
    ),
    "other_format": lambda f: (
        f"{_file(f).lower()} n'est pas un fichier de ce nom. Donnez le certificat, puis l'instance."
    ),
    "other_version": lambda f: (
        f"{_file(f).lower()} est d'une version du format que ce vérificateur ne connaît pas. "
        "Mettez Maillage à jour."
    ),
    "seal": lambda f: f"{_file(f).lower()} a été modifié : son contenu ne répond plus à son sceau.",
    "digest": lambda _: "ce certificat est celui d'une autre instance : les empreintes diffèrent.",
    "other_kind": lambda _: "le certificat et l'instance ne posent pas le même problème.",
    "array_missing": lambda f: f"{_file(f).lower()} n'a pas de tableau « {f['name']} ».",
    "array_shape": lambda f: f"le tableau « {f['name']} » n'a ni le type ni la longueur attendus.",
    "array_number": lambda f: f"le tableau « {f['name']} » contient une valeur impossible.",
    "array_unreadable": lambda f: (
        f"« {f['name']} » n'est pas un tableau de nombres ; rien n'en a été exécuté."
    ),
    "open_sites": lambda _: "la liste des sites ouverts nomme des sites qui n'existent pas.",
    "count_of_sites": lambda f: (
        f"{short(f['given'])} sites sont ouverts, {short(f['asked'])} étaient demandés."
    ),
    "forbidden_open": lambda f: f"le site {f['site']} est ouvert alors que les règles l'excluent.",
    "fixed_closed": lambda f: f"le site {f['site']} est imposé et n'est pas ouvert.",
    "quota_broken": lambda f: f"le groupe {f['group']} a plus de sites ouverts que son plafond.",
    "budget_broken": lambda f: (
        f"le budget est dépassé : {_value(_number(f['spent']))} pour "
        f"{_value(_number(f['budget']))} permis."
    ),
    "assignment": lambda _: "la liste de qui va où nomme ce qui n'existe pas.",
    "origin_unserved": lambda f: f"l'origine {f['origin']} n'est pas servie comme demandé.",
    "closed_site_used": lambda f: f"des origines vont au site {f['site']}, qui n'est pas ouvert.",
    "out_of_reach": lambda f: (
        f"l'origine {f['origin']} va au site {f['site']}, qui est hors de sa portée."
    ),
    "demand_misserved": lambda f: (
        f"l'origine {f['origin']} reçoit plus, ou moins, que ce qu'elle demande."
    ),
    "capacity_broken": lambda f: f"le site {f['site']} sert plus que sa capacité.",
    "objective_misstated": lambda f: f"la valeur est mal dite : {_both(f)}.",
    "bound_misstated": lambda f: f"la borne ne se prouve pas : {_both(f)}.",
    "status_misstated": lambda _: "l'état annoncé ne répond pas à la valeur et à la borne.",
    "multipliers": lambda _: "les multiplicateurs n'ont ni la longueur ni les valeurs permises.",
    "tree": lambda _: "l'arbre des cas en oublie, ou examine ce qui n'existe pas.",
    "seats_misfit": lambda _: "un site a moins ou plus de places qu'il n'est permis.",
    "count_of_tier": lambda f: (
        f"le nombre de {_TIERS[int(_number(f['tier']))]} ({short(f['given'])}) n'est pas permis."
    ),
    "two_hubs_in_commune": lambda _: "une commune a deux sites structurants.",
    "mini_without_hub": lambda f: f"le mini-cowork {f['site']} n'a pas de site structurant proche.",
    "required_missing": lambda _: "une commune imposée n'a pas de lieu.",
}
