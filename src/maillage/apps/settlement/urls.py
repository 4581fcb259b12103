"""Addresses of shares and settlements."""

from django.urls import path

from maillage.apps.settlement.pages import (
    copies,
    cost_statements,
    costs,
    home,
    hosts,
    orders,
    pairs,
)

HOME = "reversements/"
HOST = f"{HOME}commerces/<int:pk>/"
STATEMENT = f"{HOME}releves/<int:pk>/"
PAIR = f"{HOME}organismes/<int:first>-<int:second>/<str:month>/"
SITE = f"{HOME}frais/<int:pk>/"
COPIES = f"{HOME}copieurs/<int:pk>/"
IMPORT = f"{HOME}compteurs/<int:pk>/"

urlpatterns = [
    path(HOME, home.home, name="settlements"),
    path(f"{HOME}commerces/nouveau/", hosts.new, name="host_new"),
    path(HOST, hosts.agreement, name="host_agreement"),
    path(f"{HOST}emettre/", hosts.issue, name="host_issue"),
    path(f"{HOST}fin/", hosts.end, name="host_end"),
    path(STATEMENT, hosts.statement, name="host_statement"),
    path(f"{STATEMENT}payer/", hosts.pay, name="host_pay"),
    path(f"{STATEMENT}paiement/annuler/", hosts.unpay, name="host_unpay"),
    path(f"{STATEMENT}facturer/", orders.invoice, name="host_invoice"),
    path(f"{STATEMENT}fichiers/<str:name>", hosts.statement_file, name="host_statement_file"),
    path(f"{HOME}virements/", orders.orders, name="host_orders"),
    path(f"{HOME}virements/<int:pk>/fichier/", orders.transfers, name="host_transfers"),
    path(f"{HOME}virements/<int:pk>/etat.csv", orders.order_list, name="host_order_list"),
    path(f"{HOME}organismes/nouveau/", pairs.new, name="pair_new"),
    path(f"{HOME}organismes/accords/<int:pk>/fin/", pairs.end, name="pair_end"),
    path(PAIR, pairs.month, name="pair_month"),
    path(f"{PAIR}accepter/", pairs.accept, name="pair_accept"),
    path(f"{PAIR}arreter/", pairs.close, name="pair_close"),
    path(f"{HOME}decomptes/", cost_statements.statements, name="cost_statements"),
    path(f"{HOME}decomptes/<int:pk>/", cost_statements.statement, name="cost_statement"),
    path(
        f"{HOME}decomptes/<int:pk>/fichiers/<str:name>",
        cost_statements.statement_file,
        name="cost_statement_file",
    ),
    path(f"{HOME}parts/<int:pk>/facturer/", cost_statements.charge, name="cost_charge"),
    path(f"{HOME}depenses/<int:pk>/retirer/", costs.remove, name="cost_remove"),
    path(f"{HOME}ressources/<int:pk>/retirer/", costs.resource_remove, name="resource_remove"),
    path(SITE, costs.costs, name="costs"),
    path(f"{SITE}depense/", costs.new, name="cost_new"),
    path(f"{SITE}cle/", costs.key, name="cost_key_new"),
    path(f"{SITE}emettre/", costs.issue, name="cost_issue"),
    path(f"{SITE}ressource/", costs.resource, name="resource_new"),
    path(COPIES, copies.copies, name="copies"),
    path(f"{COPIES}importer/", copies.new, name="copies_new"),
    path(f"{COPIES}prix/", copies.price, name="copies_price"),
    path(f"{COPIES}code/", copies.match, name="copies_match"),
    path(IMPORT, copies.preview, name="copies_import"),
    path(f"{IMPORT}annuler/", copies.undo, name="copies_undo"),
    path("comptoir/part/", hosts.part, name="host_part"),
]
