"""The names, in French, of the acts that the journal keeps."""

NAMES = {
    "account.open_by_provider": "Compte ouvert par l'identité professionnelle",
    "consent.give": "Accord donné",
    "consent.withdraw": "Accord retiré",
    "email.ask_change": "Changement d'adresse demandé",
    "email.change": "Adresse changée",
    "email.withdraw_change": "Changement d'adresse abandonné",
    "handover.download": "Dossier de passation téléchargé",
    "handover.take": "Dossier de passation pris en main",
    "invitation.accept": "Invitation acceptée",
    "invitation.send": "Invitation envoyée",
    "invitation.withdraw": "Invitation retirée",
    "organisation.correct": "Organisation corrigée",
    "organisation.register": "Organisation enregistrée",
    "password.change": "Mot de passe changé",
    "person.erase": "Compte effacé",
    "person.erase_again": "Effacement refait après une restauration",
    "person.export": "Données personnelles exportées",
    "person.read": "Fiche d'une personne lue",
    "person.rename": "Nom changé",
    "position.close": "Poste supprimé",
    "position.open": "Poste créé",
    "retention.apply": "Durées de conservation appliquées",
    "role.assign": "Rôle confié",
    "role.cancel_end": "Fin de rôle annulée",
    "role.end": "Fin de rôle notée",
    "role.over": "Rôle terminé",
    "sign_in_link.issue": "Lien de connexion envoyé",
    "sign_in_link.use": "Lien de connexion utilisé",
    "sign_in_means.change": "Moyen de connexion changé",
    "token.create": "Jeton créé",
    "token.revoke": "Jeton révoqué",
}

# the names of what acts bear on, and of the figures they keep
WORDS = {
    "api_token": "jeton",
    "consent": "accord",
    "day": "jour",
    "invitation": "invitation",
    "kind": "type",
    "means": "moyen",
    "organisation": "organisation",
    "person": "personne",
    "platform": "plateforme",
    "position": "poste",
    "purpose": "objet",
    "role": "rôle",
    "scopes": "droits",
    "sign_in_link": "lien",
    "tables": "tables",
    "token": "jeton",
    "version": "version",
}


def also(names: dict[str, str], words: dict[str, str] | None = None) -> None:
    """Name the acts of another app, and what they bear on; called from its AppConfig.ready."""
    NAMES.update(names)
    WORDS.update(words or {})


def name(code: str) -> str:
    """In French; the code itself for an act of a version to come."""
    return NAMES.get(code, code)


def word(code: str) -> str:
    """The French name of an object or of a fact."""
    return WORDS.get(code, code)
