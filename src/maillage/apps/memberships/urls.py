"""Addresses of members, plans, sales and employers."""

from django.urls import path

from maillage.apps.memberships.pages import employer, firms, members, own, plans, sales, selling

MEMBER = "adherents/<int:pk>/"
FIRM = "adherents/entreprises/<int:pk>/"
OWN = "mon-abonnement/<int:pk>/"

urlpatterns = [
    path("tarifs/formules/", plans.plans_page, name="formulas"),
    path("tarifs/formules/nouvelle/<slug:kind>/", plans.new, name="formula_new"),
    path("tarifs/formules/<int:pk>/", plans.correct, name="formula"),
    path("tarifs/formules/<int:pk>/retirer/", plans.withdraw, name="formula_withdraw"),
    path("adherents/", members.people, name="members"),
    path("adherents/nouveau/", members.new, name="member_new"),
    path("adherents/entreprises/", firms.paths, name="firm_paths"),
    path(FIRM, firms.path_page, name="firm_path"),
    path(f"{FIRM}etape/", firms.add_step, name="firm_step"),
    path(f"{FIRM}annuler/", firms.undo_step, name="firm_undo"),
    path(MEMBER, members.member, name="member"),
    path(f"{MEMBER}corriger/", members.change, name="member_change"),
    path(f"{MEMBER}situation/", members.situation, name="member_situation"),
    path(f"{MEMBER}vendre/", selling.sale, name="member_sale"),
    path(f"{MEMBER}fin/", members.leave, name="member_leave"),
    path(f"{MEMBER}reprise/", members.come_back, name="member_come_back"),
    path("mon-abonnement/", own.own_plans, name="own_plans"),
    path(f"{OWN}arreter/", own.stop, name="subscription_stop"),
    path(f"{OWN}reprendre/", own.resume, name="subscription_resume"),
    path(f"{OWN}prolonger/", own.pay_ahead, name="subscription_ahead"),
    path("employeur/", employer.employers, name="employers"),
    path("employeur/<int:pk>/", employer.employer_page, name="employer"),
    path("employeur/<int:pk>/autoriser/", employer.authorise, name="employer_authorise"),
    path("employeur/autorisations/<int:pk>/retirer/", employer.withdraw, name="employer_withdraw"),
    path("ventes/", sales.sales, name="sales"),
    path("ventes/<str:name>", sales.sales_file, name="sales_file"),
]
