"""Every refusal of core as a French sentence that says what to do next."""

import errno
import re
from collections.abc import Callable

from maillage.core.bad_input import BadInput
from maillage.core.candidates import Candidates
from maillage.core.siting import Relaxation
from maillage.report import french
from maillage.report import refusals_of_bank as bank
from maillage.report import refusals_of_downloads as downloads
from maillage.report import refusals_of_grr as grr
from maillage.report import refusals_of_hours as hours
from maillage.report import refusals_of_invoices as invoices
from maillage.report import refusals_of_lines as lines
from maillage.report import refusals_of_moves as moves
from maillage.report import refusals_of_national as national
from maillage.report import refusals_of_roads as roads
from maillage.report import refusals_of_siting as siting
from maillage.report import refusals_of_villages as villages
from maillage.report.refusals_of_lines import Facts, file_name, file_of, short

_OPTION = re.compile(r" \([^()]*--[a-z][^()]*\)")


def sentence(error: BadInput) -> str:
    """What is wrong and what to do, in French."""
    return SENTENCES[error.code](error.facts)


def of_cell(error: BadInput) -> str:
    """The same for a table that gives the line and the column itself."""
    said = sentence(error).removeprefix(f"{lines.place(error.facts)} : ")
    return said[:1].upper() + said[1:]


def no_network(relaxations: tuple[Relaxation, ...], options: Candidates) -> str:
    """Why no network obeys the rules, and which one to relax, by how much."""
    if not relaxations:
        return (
            "Aucun réseau ne respecte ces règles, même en relâchant l'une d'elles. "
            "Relâchez-en plusieurs : nombre de sites, budgets, communes imposées ou exclues."
        )
    ways = [f"  - {_relaxation(r, options)}" for r in relaxations]
    return "\n".join(["Aucun réseau ne respecte ces règles. Une seule suffit à débloquer :", *ways])


def no_village(name: str, relaxations: tuple[Relaxation, ...], options: Candidates) -> str:
    """Why no network opens a place in a commune, and which other rule would allow it."""
    why = f"Aucun réseau ne peut ouvrir de lieu {french.at(name)} sous ces règles"
    if not relaxations:
        return (
            f"{why} : le plus souvent, la commune est trop loin d'un site structurant pour qu'un "
            "mini-cowork y soit animé. Demandez davantage de sites structurants dans un nouveau "
            "scénario, ou choisissez un village voisin."
        )
    ways = [f"  - {_relaxation(r, options)}" for r in relaxations]
    return "\n".join([f"{why}. Une seule suffit à le permettre :", *ways])


def for_page(sentence: str) -> str:
    """A sentence for those who do not type commands: without the options in brackets."""
    return _OPTION.sub("", sentence)


def _relaxation(r: Relaxation, options: Candidates) -> str:
    if r.rule == "hubs":
        return (
            f"demander {french.count(r.needed, 'site structurant', 'sites structurants')} "
            f"au lieu de {french.number(r.now)} (--hubs {r.needed:.0f})"
        )
    if r.rule == "commune_budget":
        return (
            f"porter le budget d'une commune de {french.euros(r.now, 0)} à "
            f"{french.euros(r.needed, 0)} (--commune-budget {r.needed:.0f})"
        )
    if r.rule == "epci_budget":
        return (
            f"porter le budget annuel de l'intercommunalité de {french.euros(r.now, 0)} à "
            f"{french.euros(r.needed, 0)} (--epci-budget {r.needed:.0f})"
        )
    names = french.listed(sorted({options.every[j].commune_name for j in r.candidates}), 8)
    if r.rule == "forbidden":
        return f"permettre un lieu à {names} (retirer --forbid)"
    return f"ne plus imposer un lieu à {names} (retirer --require)"


def _named(pairs: object) -> str:
    rows = pairs if isinstance(pairs, list) else []
    return "\n".join(f"  {siren}  {name}" for siren, name in rows)


def _with_epci(communes: object) -> str:
    rows = communes if isinstance(communes, list) else []
    return "\n".join(
        f"  {'  '.join(epci) if epci else 'sans intercommunalité'} : {name} ({department})"
        for name, department, epci in rows
    )


def _again(facts: Facts) -> str:
    """How to have a whole file: from who publishes it, or by writing one's own again."""
    expected = facts.get("expected")
    if not isinstance(expected, list):
        return "Téléchargez-le de nouveau."
    return f"Ses colonnes sont {', '.join(expected)} ; docs/files.md les décrit."


def _system_reason(number: object) -> str:
    reasons = {
        errno.ENOSPC: "le disque est plein",
        errno.EFBIG: "le disque est plein",
        errno.EDQUOT: "votre quota est atteint",
        errno.ENOTDIR: "ce n'est pas un dossier",
        errno.EISDIR: "un dossier porte le nom d'un des fichiers",
        errno.EACCES: "le dossier est protégé",
        errno.EPERM: "le dossier est protégé",
        errno.EROFS: "le disque est en lecture seule",
        errno.ENAMETOOLONG: "le nom est trop long",
    }
    code = number if isinstance(number, int) else 0
    return reasons.get(code, f"le système refuse (erreur {code})")


_UNREADABLE = {
    "parquet": "ce n'est pas un fichier Parquet entier",
    "csv": "ses lignes ne sont pas celles d'un CSV",
    "xlsx": "ce n'est pas un classeur entier",
    "zip": "ce n'est pas une archive zip entière",
    "geojson": "ce n'est pas un GeoJSON entier",
    "json": "ce n'est pas un JSON entier",
    "osm": "ce n'est pas un extrait OpenStreetMap (.osm.pbf)",
}


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "unknown_perimeter": lambda f: (
        f"Aucune intercommunalité de métropole ne correspond à « {f['text']} »."
        + (f" Les plus proches :\n{_named(f['nearest'])}" if f["nearest"] else "")
        + "\nDonnez son numéro SIREN (9 chiffres) ou son nom exact."
    ),
    "perimeter_is_department": lambda f: (
        f"« {f['text']} » est un département. Une étude porte sur une intercommunalité ; "
        f"choisissez l'une des siennes :\n{_named(f['epcis'])}"
    ),
    "perimeter_is_commune": lambda f: (
        f"{f['commune']} est une commune ; "
        + (
            f"son intercommunalité est {f['epci'][1]}. Donnez son numéro : {f['epci'][0]}."  # type: ignore[index]
            if f["epci"]
            else "elle n'a pas d'intercommunalité. Choisissez-en une voisine."
        )
    ),
    "perimeter_is_communes": lambda f: (
        f"« {f['text']} » est le nom de plusieurs communes. Donnez le numéro de l'intercommunalité "
        f"de la vôtre :\n{_with_epci(f['named'])}"
    ),
    "empty_perimeter": lambda _: (
        "Donnez le numéro SIREN (9 chiffres) ou le nom de l'intercommunalité."
    ),
    "perimeter_overseas": lambda f: (
        f"{f['name']} ({f['siren']}) est outre-mer : la grille d'habitants ne couvre que la "
        "métropole. Choisissez une intercommunalité de métropole."
    ),
    "missing_folder": lambda f: f"Le dossier {f['path']} n'existe pas. Donnez celui de vos tables.",
    "not_a_folder": lambda f: (
        f"Le chemin {f['path']} n'est pas un dossier. Donnez le dossier qui contient vos tables."
    ),
    "is_a_folder": lambda f: f"Le chemin {f['path']} est un dossier. Donnez le fichier lui-même.",
    "missing_table": lambda f: (
        f"Il manque la table « {f['dataset'].title} » ({f['dataset'].publisher}) dans "  # type: ignore[attr-defined]
        f"{f['folder']}. Téléchargez-la ({f['dataset'].address}) et déposez-la, par exemple sous "  # type: ignore[attr-defined]
        f"le nom {f['dataset'].example}. « maillage data check » liste ce qui manque."  # type: ignore[attr-defined]
    ),
    "cannot_write": lambda f: (
        f"Impossible d'écrire dans {f['path']} : {_system_reason(f['errno'])}. Rien n'a été "
        "changé. Choisissez un autre dossier avec --out."
    ),
    "missing_fonts": lambda _: (
        "Les polices du rapport ne sont pas installées. Lancez « ./run setup », puis recommencez."
    ),
    "report_too_heavy": lambda _: (
        "Le rapport demande trop de temps ou de mémoire (20 s et 512 Mo au plus). "
        "Raccourcissez les noms et les textes que vous avez donnés, puis recommencez."
    ),
    "missing_file": lambda f: f"{file_of(f)} n'existe pas. Vérifiez son chemin.",
    "file_empty": lambda f: f"{file_of(f)} est vide. {_again(f)}",
    "file_utf16": lambda f: (
        f"{file_of(f)} est en « Texte Unicode » (UTF-16). Dans votre tableur, enregistrez-le en "
        "CSV UTF-8."
    ),
    "file_not_text": lambda f: (
        f"{file_of(f)} n'est pas un texte. Décompressez-le ou enregistrez-le en CSV."
    ),
    "file_one_column": lambda f: (
        f"{file_of(f)} n'a qu'une colonne (« {f['header']} »). Enregistrez-le en CSV, "
        "séparé par des points-virgules ou des virgules."
    ),
    "file_truncated": lambda f: (
        f"{file_of(f)} est coupé : sa dernière ligne est incomplète (« {f['last_line']} »). "
        f"{_again(f)}"
    ),
    "file_unreadable": lambda f: (
        f"{file_of(f)} est illisible : {_UNREADABLE[str(f['reason'])]}. {_again(f)}"
    ),
    "zip_without_table": lambda f: (
        f"L'archive {file_name(f)} ne contient aucun fichier {' ou '.join(f['suffixes'])}. "  # type: ignore[arg-type]
        "Décompressez-la et déposez la table elle-même."
    ),
    "table_missing_column": lambda f: (
        f"Il manque à la table « {f['table']} » : {', '.join(map(str, f['columns']))}. "  # type: ignore[call-overload]
        + (
            _again(f)
            if f.get("expected")
            else "Vérifiez que le fichier est celui de l'éditeur, non retouché."
        )
    ),
    "table_empty_value": lambda f: (
        f"La table « {f['table']} » a des valeurs vides dans la colonne « {f['column']} ». "
        "Téléchargez-la de nouveau."
    ),
    "table_without_rows": lambda f: (
        f"{file_of(f)} n'a aucune ligne utile. Téléchargez-le de nouveau."
    ),
    "table_without_places": lambda f: (
        f"{file_of(f)} n'a aucun tiers-lieu que l'on puisse situer (lignes lues : "
        f"{short(f['lines'])}). Prenez la liste que publie France Tiers-Lieux."
    ),
    "table_negative_value": lambda f: (
        f"La table « {f['table']} » a une valeur négative dans la colonne « {f['column']} » "
        f"({f['value']}). Téléchargez-la de nouveau."
    ),
    "table_projected_coordinates": lambda f: (
        f"{file_of(f)} : {f['lon']}, {f['lat']} ne sont pas une longitude et une latitude en "
        "degrés. "
        "Convertissez ses coordonnées (WGS 84)."
    ),
    "outlines_not_areas": lambda f: (
        f"{file_of(f)} ne contient pas des contours de communes (polygones). "
        "Remplacez-le par les contours de l'IGN ou d'Etalab."
    ),
    "table_duplicate_key": lambda f: (
        f"La table « {f['table']} » a deux lignes pour la même clé "
        f"({', '.join(map(str, f['columns']))}). Téléchargez-la de nouveau."  # type: ignore[call-overload]
    ),
    "column_not_a_number": lambda f: (
        f"{file_of(f)}, colonne « {f['column']} » : « {f['value']} » n'est pas un nombre. "
        "Téléchargez-le de nouveau, sans le retoucher dans un tableur."
    ),
    "table_swapped_coordinates": lambda f: (
        f"{file_of(f)} : longitude et latitude sont inversées (lon {f['lon']}, lat {f['lat']}). "
        "Échangez les deux colonnes."
    ),
    "codes_lost_zero": lambda f: (
        f"{file_of(f)} : des codes ont perdu leur zéro de tête ({f['code']} pour {f['repaired']}). "
        "Reprenez le fichier d'origine sans l'enregistrer depuis un tableur, ou complétez ses "
        "codes à 5 caractères, colonne au format texte."
    ),
    "unknown_codes": lambda f: (
        f"{file_of(f)} : {french.count(f['count'], 'code', 'codes')} de commune sans "  # type: ignore[arg-type]
        f"correspondance ({', '.join(f['codes'])}…). La géographie la plus proche est celle du "  # type: ignore[arg-type]
        f"1er janvier {f['year']} : prenez l'édition de cette année, ou une table des mouvements "
        "plus récente."
    ),
    "years_differ": lambda f: (
        f"{file_of(f)} n'a pas toutes ses variables pour une même année "
        f"({', '.join(f['columns'])}). Prenez le fichier complet de l'Insee."  # type: ignore[arg-type]
    ),
    "epci_without_members": lambda f: (
        f"{file_of(f)} nomme les intercommunalités sans leurs communes, et v_commune ne les donne "
        "pas non plus. Remplacez-le par epcicom (DGCL) ou EPCI_au_01-01 (Insee)."
    ),
    "communes_without_position": lambda f: (
        f"Aucune table ne situe {french.listed(list(f['names']), 5)}. Ajoutez au dossier les "  # type: ignore[call-overload]
        "contours de ces communes (GeoJSON ou GeoParquet)."
    ),
    "outlines_unknown_projection": lambda f: (
        f"{file_of(f)} : projection inconnue"
        + (f" ({f['found']})" if f["found"] else "")
        + ". Réenregistrez-le en longitude et latitude (WGS 84, EPSG:4326)."
    ),
    "outlines_swapped": lambda f: (
        f"{file_of(f)} : longitude et latitude sont inversées (lon {f['lon']}, lat {f['lat']}). "
        "Réenregistrez-le avec la longitude d'abord."
    ),
    "missing_variable": lambda f: (
        f"{file_of(f)} n'a pas de variable de la forme {f['pattern']}. "
        "Prenez le fichier complet de l'Insee."
    ),
    "unknown_grid": lambda f: (
        f"{file_of(f)} n'est pas une grille de 1 km en EPSG:3035 (« {f['example']} »). "
        "Prenez la grille du recensement d'Eurostat."
    ),
    "grid_without_communes": lambda f: (
        f"{file_of(f)} ne dit pas la commune de ses carreaux, et aucun contour n'est là. "
        "Ajoutez les contours des communes au dossier."
    ),
    "unknown_flows": lambda f: (
        f"{file_of(f)} n'est ni la base des flux (NBFLUX_…) ni le fichier détail (IPONDI) de "
        "l'Insee. Donnez l'un des deux avec --flows."
    ),
    "flows_elsewhere": lambda f: (
        f"{file_of(f)} ne couvre que {f['covered']} des {f['members']} communes du territoire. "
        "Donnez un fichier complet, ou retirez --flows pour un modèle."
    ),
    "cells_empty": lambda f: (
        f"Aucun carreau habité ne tombe dans {f['name']}. Vérifiez la grille et les contours."
    ),
    "unknown_assumption": lambda f: (
        f"Il n'y a pas d'hypothèse « {f['key']} ». « maillage assumptions » les liste."
    ),
    "assumption_out_of_bounds": lambda f: (
        f"L'hypothèse {f['key']} va de {short(f['least'])} à {short(f['most'])} ; vous avez "
        f"écrit {short(f['value'])}. Corrigez --set."
    ),
    "assumption_not_whole": lambda f: (
        f"L'hypothèse {f['key']} est un nombre entier ; vous avez écrit "
        f"{short(f['value'])}. Corrigez --set."
    ),
    "seats_reversed": lambda f: (
        f"Le nombre de places est inversé : au moins {f['fewest']}, au plus {f['most']}. "
        "Donnez les deux avec --hub-seats ou --mini-seats, par exemple 6:15."
    ),
    "no_hub_allowed": lambda _: (
        "Il faut au moins un site structurant : les mini-coworks sont animés par son équipe. "
        "Écrivez par exemple --hubs 1:3."
    ),
    "place_far_from_commune": lambda f: (
        f"« {f['name']} » est à {short(f['km'])} km du bourg de {f['commune']}, la commune écrite "
        "sur sa ligne. Corrigez la longitude, la latitude ou le code de la commune."
    ),
    "existing_and_forbidden": lambda f: (
        f"Règles contradictoires : {f['name']} est ouvert à {f['commune']}, où aucun lieu n'est "
        "permis. Retirez --forbid, ou fermez les lieux existants (--existing-places close)."
    ),
    "unknown_commune": lambda f: (
        f"La commune {f['code']} n'est pas membre de l'intercommunalité {f['name']}. "
        "Donnez le code Insee d'un membre."
    ),
    "required_and_forbidden": lambda f: (
        f"Règles contradictoires : un lieu est à la fois imposé et exclu à "
        f"{french.listed(list(f['communes']))}. Retirez l'une des deux options."  # type: ignore[call-overload]
    ),
    "required_without_candidate": lambda f: (
        f"Aucun lieu possible à {f['commune']} : ni bourg-centre, ni commerce ou service hôte. "
        "Décrivez un local avec --premises, ou ne l'imposez pas."
    ),
    "hubs_reversed": lambda f: (
        f"--hubs {f['fewest']}:{f['most']} est inversé ou négatif. "
        "Écrivez le minimum puis le maximum, par exemple 2:3."
    ),
    "premises_elsewhere": lambda f: (
        f"Le local « {f['name']} » est dans la commune {f['code']}, hors du territoire. "
        "Retirez sa ligne ou corrigez le code."
    ),
    "duplicate_id": lambda f: (
        f"{file_of(f)} a deux lignes de même identifiant « {f['id']} ». Donnez-en un à chacune."
    ),
    "download_cannot_write": lambda f: (
        f"Impossible d'écrire {f['path']} : {_system_reason(f['errno'])}. Ce qui est déjà venu "
        "reste. Libérez de la place ou donnez un autre dossier avec --data."
    ),
    **bank.SENTENCES,
    **downloads.SENTENCES,
    **grr.SENTENCES,
    **hours.SENTENCES,
    **invoices.SENTENCES,
    **lines.SENTENCES,
    **moves.SENTENCES,
    **national.SENTENCES,
    **roads.SENTENCES,
    **siting.SENTENCES,
    **villages.SENTENCES,
}
