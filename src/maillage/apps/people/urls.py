"""Addresses of accounts, people, organisations and the journal.

The library's own views keep the names it looks for, under our rules and our addresses.
"""

from typing import Any

from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from maillage.apps.people.pages import (
    account,
    arrive,
    confirm,
    journal,
    organisations,
    own_data,
    people,
    positions,
    provider,
    register,
    sign_in,
    tokens,
)
from maillage.apps.people.pages.common import after_confirmation
from maillage.kit.pages import anyone, signed_in, under_rule


def _sensitive(view: Any) -> Any:
    return under_rule(after_confirmation(view), signed_in)


_PROVIDER = {"provider_id": settings.OIDC_PROVIDER}

_ways_in: list[URLPattern | URLResolver] = [
    path("connexion/", sign_in.sign_in, name="account_login"),
    path("connexion/lien/", sign_in.ask_link, name="ask_link"),
    path("connexion/lien/<str:secret>/", sign_in.open_link, name="open_link"),
    path("connexion/mot-de-passe-oublie/", sign_in.forgotten, name="account_reset_password"),
    path(
        "connexion/code/", under_rule(second_factor.authenticate, anyone), name="mfa_authenticate"
    ),
    path("connexion/agents/", provider.go, _PROVIDER, name="openid_connect_login"),
    path("connexion/agents/retour/", provider.come_back, _PROVIDER, name="openid_connect_callback"),
    path("connexion/agents/abandon/", provider.cancelled, name="socialaccount_login_cancelled"),
    path("deconnexion/", sign_in.sign_out, name="account_logout"),
    path("invitations/<str:secret>/", arrive.invitation, name="invitation"),
    path("bienvenue/", arrive.landing, name="landing"),
]

_account: list[URLPattern | URLResolver] = [
    path("compte/", account.account, name="account"),
    path("compte/nom/", account.name, name="account_name"),
    path("compte/adresse/", account.address, name="account_address"),
    path("compte/adresse/garder/", account.keep_address, name="account_keep_address"),
    path("compte/adresse/<str:secret>/", account.confirm_address, name="account_confirm_address"),
    path("compte/mot-de-passe/", account.password, name="account_change_password"),
    path("compte/securite/", account.security, name="mfa_index"),
    path("compte/securite/confirmer/", confirm.confirm, name="account_reauthenticate"),
    path("compte/securite/confirmer/lien/", confirm.confirm_by_link, name="confirm_by_link"),
    path(
        "compte/securite/confirmer/code/",
        under_rule(second_factor.reauthenticate, signed_in),
        name="mfa_reauthenticate",
    ),
    path(
        "compte/securite/confirmer/cle/",
        under_rule(keys.reauthenticate_webauthn, signed_in),
        name="mfa_reauthenticate_webauthn",
    ),
    path("compte/securite/identite/<int:pk>/retirer/", account.unlink, name="identity_unlink"),
    path("compte/securite/identites/", account.security, name="socialaccount_connections"),
    path(
        "compte/securite/application/",
        _sensitive(confirm.adding_means(totp.activate_totp)),
        name="mfa_activate_totp",
    ),
    path(
        "compte/securite/application/retirer/",
        _sensitive(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path("compte/securite/cles/", account.security, name="mfa_list_webauthn"),
    path(
        "compte/securite/cles/ajouter/",
        _sensitive(confirm.adding_means(keys.add_webauthn)),
        name="mfa_add_webauthn",
    ),
    path(
        "compte/securite/cles/<int:pk>/",
        _sensitive(keys.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
    path(
        "compte/securite/cles/<int:pk>/retirer/",
        _sensitive(keys.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path(
        "compte/securite/codes/",
        _sensitive(codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "compte/securite/codes/nouveaux/",
        _sensitive(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "compte/securite/codes/fichier/",
        _sensitive(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("compte/donnees/", own_data.data, name="own_data"),
    path("compte/donnees/emporter/", own_data.take_away, name="take_away"),
    path("compte/donnees/effacer/", own_data.erase_me, name="erase_me"),
    path("compte/donnees/accords/<slug:purpose>/", own_data.agree, name="agree"),
    path("compte/jetons/", tokens.tokens, name="tokens"),
    path("compte/jetons/nouveau/", tokens.create, name="token_create"),
    path("compte/jetons/<int:pk>/revoquer/", tokens.revoke, name="token_revoke"),
]

_people: list[URLPattern | URLResolver] = [
    path("personnes/", people.people, name="people"),
    path("personnes/inviter/", people.invite_page, name="invite"),
    path("personnes/<int:pk>/", people.person, name="person"),
    path(
        "personnes/invitations/<int:pk>/retirer/", people.withdraw_page, name="invitation_withdraw"
    ),
    path("personnes/postes/nouveau/", positions.new, name="position_new"),
    path("personnes/postes/<int:pk>/", positions.position_page, name="position"),
    path("personnes/postes/<int:pk>/confier/", positions.give, name="position_give"),
    path("personnes/postes/<int:pk>/supprimer/", positions.close, name="position_close"),
    path("personnes/postes/<int:pk>/dossier/", positions.dossier, name="dossier"),
    path("personnes/postes/<int:pk>/dossier.zip", positions.dossier_file, name="dossier_file"),
    path("personnes/roles/<int:pk>/terminer/", positions.end, name="role_end"),
    path("personnes/roles/<int:pk>/reprendre/", positions.cancel_end, name="role_cancel_end"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/nouvelle/", organisations.new, name="organisation_new"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/corriger/", organisations.edit, name="organisation_edit"),
    path("reglages/", journal.settings_page, name="settings"),
    path("reglages/journal/", journal.journal, name="journal"),
    path("donnees-personnelles/", register.register, name="personal_data"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_ways_in, *_account, *_people]
