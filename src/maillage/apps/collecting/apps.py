from django.apps import AppConfig

ACTS = {
    "collecting.allocate": "Encaissement réparti",
    "collecting.announce_debits": "Prélèvements annoncés",
    "collecting.close_till": "Caisse arrêtée",
    "collecting.decide": "Suite décidée après trois relances",
    "collecting.deposit": "Espèces versées au comptable",
    "collecting.drop_debits": "Prélèvements abandonnés",
    "collecting.end_pause": "Relances reprises",
    "collecting.export_titles": "Bordereau de titres remis",
    "collecting.import_portal": "États de Chorus Pro lus",
    "collecting.import_statement": "Relevé bancaire lu",
    "collecting.keep_as_credit": "Trop-perçu gardé en avoir",
    "collecting.match": "Ligne de banque rapprochée",
    "collecting.online_begin": "Paiement en ligne commencé",
    "collecting.online_end": "Issue d’un paiement en ligne",
    "collecting.pause": "Relances suspendues",
    "collecting.receive": "Encaissement enregistré",
    "collecting.refund": "Somme remboursée",
    "collecting.reject_debit": "Prélèvement rejeté",
    "collecting.remind": "Relance envoyée",
    "collecting.reverse": "Encaissement annulé",
    "collecting.revoke_mandate": "Mandat de prélèvement révoqué",
    "collecting.send_debits": "Fichier de prélèvements remis",
    "collecting.set_aside": "Ligne de banque mise de côté",
    "collecting.set_means": "Moyen de paiement réglé",
    "collecting.set_reminder": "Texte de relance réglé",
    "collecting.settle_debits": "Prélèvements encaissés",
    "collecting.sign_mandate": "Mandat de prélèvement signé",
    "collecting.unmatch": "Rapprochement défait",
    "collecting.use_credit": "Avoir utilisé",
}
WORDS = {
    "allocation": "répartition",
    "bank_line": "ligne de banque",
    "debit": "prélèvement",
    "debit_batch": "remise de prélèvements",
    "mandate": "mandat de prélèvement",
    "means": "moyen de paiement",
    "online_payment": "paiement en ligne",
    "receipt": "encaissement",
    "revenue_batch": "bordereau",
    "till": "caisse",
}


class Collecting(AppConfig):
    """Money that comes in, and what is done when it does not."""

    name = "maillage.apps.collecting"
    label = "collecting"

    def ready(self) -> None:
        """Name its acts, give a person what is hers, forget her."""
        from maillage.apps.collecting import debited, own_data  # models are ready only now
        from maillage.apps.people import acts

        acts.also(ACTS, WORDS)
        own_data.declare()
        debited.declare()
