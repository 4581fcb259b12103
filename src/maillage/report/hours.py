"""Bank holidays and opening hours, in French."""

HOLIDAYS = {
    "new_year": "jour de l'an",
    "labour_day": "fête du Travail",
    "victory_1945": "8 mai",
    "national_day": "14 juillet",
    "assumption": "Assomption",
    "all_saints": "Toussaint",
    "armistice_1918": "11 novembre",
    "christmas": "Noël",
    "easter_monday": "lundi de Pâques",
    "ascension": "Ascension",
    "whit_monday": "lundi de Pentecôte",
    "good_friday": "Vendredi saint",
    "second_christmas_day": "lendemain de Noël",
    "abolition_of_slavery": "abolition de l'esclavage",
}
"""The codes of `core.periods.HOLIDAYS`."""

AREAS = {
    "metropole": "métropole",
    "alsace-moselle": "Alsace-Moselle",
    "guadeloupe": "Guadeloupe",
    "guyane": "Guyane",
    "martinique": "Martinique",
    "mayotte": "Mayotte",
    "nouvelle-caledonie": "Nouvelle-Calédonie",
    "reunion": "La Réunion",
    "polynesie-francaise": "Polynésie française",
    "saint-barthelemy": "Saint-Barthélemy",
    "saint-martin": "Saint-Martin",
    "wallis-et-futuna": "Wallis-et-Futuna",
    "saint-pierre-et-miquelon": "Saint-Pierre-et-Miquelon",
}
"""The areas of `core.periods.AREAS`."""
