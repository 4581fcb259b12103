"""The rules of EN 16931 that an invoice of ours could break, in French: what is wrong.

The French rules (BR-FR) already speak French; a rule without words here is said as it is written.
"""

_TOTAL = "Ce total ne correspond pas aux lignes et aux taux : le document ne peut pas être émis."

RULES = {
    "BR-02": "Le document n’a pas de numéro.",
    "BR-03": "Le document n’a pas de date d’émission.",
    "BR-06": "Le vendeur n’a pas de nom.",
    "BR-07": "Le client n’a pas de nom.",
    "BR-09": "Le pays du vendeur manque.",
    "BR-11": "Le pays du client manque.",
    "BR-16": "Le document n’a aucune ligne.",
    "BR-25": "Une ligne n’a pas de désignation.",
    "BR-27": "Une ligne a un prix unitaire en dessous de 0 €.",
    "BR-29": "La période facturée finit avant de commencer.",
    "BR-30": "Une ligne finit avant de commencer.",
    "BR-61": "Le paiement se fait par virement, mais l’IBAN du vendeur manque.",
    "BR-62": "L’adresse électronique du vendeur n’a pas de schéma.",
    "BR-63": "L’adresse électronique du client n’a pas de schéma.",
    "FX-SCH-A-000613": "L’unité d’une ligne n’est pas dans la liste officielle.",
    "BR-CO-09": "Un numéro de TVA ne commence pas par le code d’un pays.",
    "BR-CO-10": f"Total des lignes hors taxe (BT-106). {_TOTAL}",
    "BR-CO-13": f"Total hors taxe (BT-109). {_TOTAL}",
    "BR-CO-14": f"Total de la TVA (BT-110). {_TOTAL}",
    "BR-CO-15": f"Total TTC (BT-112). {_TOTAL}",
    "BR-CO-16": f"Reste à payer (BT-115). {_TOTAL}",
    "BR-CO-17": f"TVA d’un taux (BT-117). {_TOTAL}",
    "BR-CO-18": "Le document n’a aucun taux de TVA.",
    "BR-CO-25": "Il reste à payer, mais l’échéance manque.",
    "BR-CO-26": "Le vendeur n’a ni SIREN ni numéro de TVA.",
    "BR-E-02": "Une ligne est exonérée, mais le vendeur n’a ni numéro de TVA ni SIREN.",
    "BR-E-08": f"Base exonérée (BT-116). {_TOTAL}",
    "BR-E-10": "Une ligne est exonérée sans que le motif soit dit.",
    "BR-O-02": "Hors du champ de la TVA, aucun numéro de TVA ne figure sur le document.",
    "BR-O-08": f"Base hors du champ de la TVA (BT-116). {_TOTAL}",
    "BR-O-10": "Le document est hors du champ de la TVA sans que le motif soit dit.",
    "BR-O-11": "Un document hors du champ de la TVA ne porte aucune ligne taxée.",
    "BR-S-02": "Une ligne porte de la TVA, mais le vendeur n’a pas de numéro de TVA.",
    "BR-S-08": f"Base d’un taux (BT-116). {_TOTAL}",
    "BR-S-09": f"TVA d’un taux (BT-117). {_TOTAL}",
}
