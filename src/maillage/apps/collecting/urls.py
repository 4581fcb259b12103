"""Addresses of money that comes in."""

from django.urls import path

from maillage.apps.collecting.pages import (
    bank,
    board,
    debits,
    own,
    public,
    receipts,
    reminders,
    told,
)

BODY = "encaissements/<int:pk>/"
RECEIPT = "encaissements/recus/<int:pk>/"
LINE = "encaissements/lignes/<int:pk>/"
DOCUMENT = "encaissements/factures/<int:pk>/"
BATCH = "prelevements/remises/<int:pk>/"

urlpatterns = [
    path("encaissements/", board.collecting, name="collecting"),
    path(BODY, board.body, name="collecting_body"),
    path(f"{BODY}recevoir/", receipts.receipt_new, name="receipt_new"),
    path(f"{BODY}journal/", receipts.receipts, name="receipts"),
    path(f"{BODY}releve/", bank.statement, name="statement"),
    path(f"{BODY}releve/sures/", bank.statement_sure, name="statement_sure"),
    path(f"{BODY}regie/", public.till_page, name="till"),
    path(f"{BODY}regie/versement/", public.till_deposit, name="till_deposit"),
    path(f"{BODY}regie/<str:on>.pdf", public.till_day, name="till_day"),
    path(f"{BODY}titres/", public.titles, name="titles"),
    path(f"{BODY}titres/<slug:kind>/", public.hand_over_page, name="hand_over"),
    path(f"{BODY}moyens/", board.means, name="means"),
    path(f"{BODY}en-ligne/", board.online, name="online"),
    path(
        "encaissements/versements/<int:pk>/annuler/", public.deposit_undo, name="till_deposit_undo"
    ),
    path("encaissements/bordereaux/<int:pk>/", public.list_file, name="list_file"),
    path(RECEIPT, receipts.receipt, name="receipt"),
    path(f"{RECEIPT}annuler/", receipts.receipt_reverse, name="receipt_reverse"),
    path(DOCUMENT, receipts.document_payments, name="document_payments"),
    path(f"{DOCUMENT}rembourser/", receipts.refund, name="refund"),
    path(f"{DOCUMENT}avoir/garder/", receipts.credit_keep, name="credit_keep"),
    path(f"{DOCUMENT}avoir/utiliser/", receipts.credit_use, name="credit_use"),
    path(f"{DOCUMENT}suspendre/", receipts.pause_page, name="pause"),
    path(f"{DOCUMENT}reprendre/", receipts.pause_end, name="pause_end"),
    path(f"{DOCUMENT}decider/", receipts.decide_page, name="decide"),
    path(LINE, bank.bank_line, name="bank_line"),
    path(f"{LINE}accepter/", bank.line_accept, name="line_accept"),
    path(f"{LINE}mettre-de-cote/", bank.line_aside, name="line_aside"),
    path(f"{LINE}defaire/", bank.line_undo, name="line_undo"),
    path("prelevements/<int:pk>/", debits.debits, name="debits"),
    path("prelevements/<int:pk>/rejet/", debits.debit_reject, name="debit_reject"),
    path(BATCH, debits.debit_batch, name="debit_batch"),
    path(f"{BATCH}fichier/", debits.batch_send, name="batch_send"),
    path(f"{BATCH}abandonner/", debits.batch_drop, name="batch_drop"),
    path(f"{BATCH}pain008.xml", debits.batch_file, name="batch_file"),
    path("mandats/<int:pk>/", debits.mandates, name="mandates"),
    path("mandats/<int:pk>/nouveau/", debits.mandate_new, name="mandate_new"),
    path("mandats/<int:pk>/revoquer/", debits.mandate_revoke, name="mandate_revoke"),
    path("relances/<int:pk>/", reminders.reminders, name="reminders"),
    path("relances/<int:pk>/textes/<int:step>/", reminders.reminder_text, name="reminder_text"),
    path("relances/lettres/<int:pk>.pdf", reminders.reminder_letter, name="reminder_letter"),
    path("mes-paiements/", own.own_payments, name="own_payments"),
    path("mes-paiements/mandat/<int:pk>/", own.own_mandate, name="own_mandate"),
    path("mes-paiements/payer/<int:pk>/", own.own_pay, name="own_pay"),
    path("mes-paiements/retour/<slug:reference>/", own.payment_back, name="payment_back"),
    path("paiements/stripe/<slug:siren>/", told.stripe_told, name="stripe_told"),
    path("paiements/payfip/", told.payfip_told, name="payfip_told"),
]
