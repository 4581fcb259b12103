from django.apps import AppConfig

ACTS = {
    "contract.adapt": "Articles d'un contrat adaptés",
    "contract.alert": "Échéance d'un contrat annoncée",
    "contract.approve": "Agrément de domiciliation enregistré",
    "contract.begin": "Contrat commencé",
    "contract.cancel_notice": "Préavis retiré",
    "contract.charge": "Contrat facturable",
    "contract.correct": "Brouillon de contrat corrigé",
    "contract.deposit_keep": "Part d'un dépôt gardée",
    "contract.deposit_receive": "Dépôt reçu",
    "contract.deposit_return": "Dépôt rendu",
    "contract.deposit_undo": "Mouvement de dépôt annulé",
    "contract.draft": "Contrat préparé",
    "contract.end": "Contrat terminé",
    "contract.house_rules": "Règlement intérieur adopté",
    "contract.forget": "Signataires d'un contrat oubliés",
    "contract.not_sent": "Envoi d'un contrat refusé",
    "contract.notice": "Préavis donné",
    "contract.open": "Contrat ouvert par son signataire",
    "contract.refuse": "Contrat refusé",
    "contract.remind": "Signature rappelée",
    "contract.seat": "Place d'un contrat gardée plus longtemps",
    "contract.send": "Contrat envoyé à la signature",
    "contract.sign": "Contrat signé",
    "contract.withdraw": "Contrat retiré",
}
WORDS = {
    "contract": "contrat",
    "contract_wording": "articles de contrat",
    "house_rules": "règlement intérieur",
    "side": "partie",
    "until": "jusqu'au",
}


class Contracts(AppConfig):
    """Contracts from template to signature, term, charges and deposit."""

    name = "maillage.apps.contracts"
    label = "contracts"

    def ready(self) -> None:
        """Name its acts, give a person what is hers, forget her."""
        from maillage.apps.contracts import own_data  # models are ready only now
        from maillage.apps.people import acts

        acts.also(ACTS, WORDS)
        own_data.declare()
