"""Addresses of contracts: the manager's, the party's, those of a mail."""

from django.urls import path

from maillage.apps.contracts.pages import contracts, ending, signing, texts, writing
from maillage.apps.people.pages.common import after_confirmation

CONTRACT = "contrats/<int:pk>/"
OWN = "mes-contrats/<int:pk>/"
LINK = "signer/<str:secret>/"
TEXTS = "contrats/textes/<int:pk>/"


urlpatterns = [
    path("contrats/", contracts.contracts, name="contracts"),
    path("contrats/nouveau/", writing.new, name="contract_new"),
    path("contrats/nouveau/<int:operator>/<slug:kind>/", writing.write, name="contract_write"),
    path(
        "contrats/nouveau/<int:operator>/<slug:kind>/plusieurs/",
        writing.many,
        name="contract_many",
    ),
    path(TEXTS, texts.texts, name="contract_texts"),
    path(f"{TEXTS}reglement/", texts.house_rules, name="contract_rules"),
    path(f"{TEXTS}agrement/", texts.approval, name="contract_approval"),
    path(f"{TEXTS}<slug:kind>/", texts.articles, name="contract_articles"),
    path(CONTRACT, contracts.contract, name="contract"),
    path(f"{CONTRACT}corriger/", writing.correct, name="contract_correct"),
    path(f"{CONTRACT}projet.pdf", contracts.preview, name="contract_preview"),
    path(f"{CONTRACT}documents/<str:name>", contracts.paper, name="contract_paper"),
    path(f"{CONTRACT}envoyer/", writing.send_page, name="contract_send"),
    path(f"{CONTRACT}rappeler/", writing.remind_page, name="contract_remind"),
    path(f"{CONTRACT}retirer/", writing.withdraw_page, name="contract_withdraw"),
    # whoever signs for a body has just proved who she is
    path(f"{CONTRACT}signer/", after_confirmation(signing.for_operator), name="contract_sign"),
    path(f"{CONTRACT}fin/", ending.notice_page, name="contract_notice"),
    path(f"{CONTRACT}fin/retirer/", ending.cancel_page, name="contract_notice_cancel"),
    path(f"{CONTRACT}depot/recu/", ending.receive, name="deposit_receive"),
    path(f"{CONTRACT}depot/rendu/", ending.give_back, name="deposit_return"),
    path(f"{CONTRACT}depot/garde/", ending.keep_part, name="deposit_keep"),
    path(f"{CONTRACT}depot/<int:movement>/annuler/", ending.undo, name="deposit_undo"),
    path("mes-contrats/", signing.own, name="own_contracts"),
    path(OWN, signing.own_contract, name="own_contract"),
    path(f"{OWN}signer/", signing.own_sign, name="own_contract_sign"),
    path(f"{OWN}refuser/", signing.own_refuse, name="own_contract_refuse"),
    path(f"{OWN}documents/<str:name>", signing.own_paper, name="own_contract_paper"),
    path("signature/", signing.signed, name="signed"),
    path(LINK, signing.by_link, name="sign_link"),
    path(f"{LINK}code/", signing.code, name="sign_code"),
    path(f"{LINK}contrat.pdf", signing.link_paper, name="sign_paper"),
    path(f"{LINK}refuser/", signing.link_refuse, name="sign_refuse"),
]
