from django.apps import AppConfig

ACTS = {
    "copies.import": "Compteurs de copieur importés",
    "copies.match": "Code de copieur attribué",
    "copies.price": "Prix des copies fixé",
    "copies.undo": "Import de compteurs annulé",
    "cost.charge": "Part de frais mise à facturer",
    "cost.enter": "Dépense partagée notée",
    "cost.issue": "Décompte de frais émis",
    "cost.key": "Clé de partage votée",
    "cost.remove": "Dépense partagée retirée",
    "cost.restore": "Dépense partagée remise",
    "host.agree": "Convention de commerce hôte",
    "host.end": "Fin d'une convention de commerce hôte",
    "host.invoice": "Facture émise au nom d'un commerce",
    "host.issue": "Relevé de commerce hôte émis",
    "host.pay": "Reversement noté comme payé",
    "host.pay_file": "Fichier de virements produit",
    "host.unpay": "Paiement d'un reversement annulé",
    "pair.accept": "Règlement entre organismes accepté",
    "pair.agree": "Accord entre organismes",
    "pair.end": "Fin d'un accord entre organismes",
    "pair.freeze": "Règlement entre organismes arrêté",
    "resource.enter": "Ressource d'un lieu notée",
    "resource.remove": "Ressource d'un lieu retirée",
    "resource.restore": "Ressource d'un lieu remise",
}
WORDS = {
    "body_agreement": "accord entre organismes",
    "copy_import": "fichier de compteurs",
    "cost_item": "dépense partagée",
    "cost_key": "clé de partage",
    "cost_statement": "décompte de frais",
    "host_agreement": "convention de commerce hôte",
    "host_statement": "relevé de commerce hôte",
    "pair_settlement": "règlement entre organismes",
    "site_resource": "ressource d'un lieu",
}


class Settlement(AppConfig):
    """Shares of shops, months between bodies, costs shared by key, copies."""

    name = "maillage.apps.settlement"
    label = "settlement"

    def ready(self) -> None:
        """Name its acts, give a person what is hers."""
        from maillage.apps.people import acts  # models are ready only now
        from maillage.apps.settlement import own_data

        acts.also(ACTS, WORDS)
        own_data.declare()
