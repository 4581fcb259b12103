"""Passwords that anyone attacking this product would try first."""

from typing import Any

from django.core.exceptions import ValidationError

CONTEXT_WORDS = ("maillage", "coworking", "tierslieu", "tiers-lieu", "intercommunalite")
# the French ones, which Django's list of common passwords lacks
COMMON_WORDS = ("motdepasse", "mot de passe", "azerty", "bonjour", "123456")


class NotTheProductsName:
    """Refuses passwords built on the words of the product, of the trade or of everyone."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        del user
        if any(word in password.lower() for word in (*CONTEXT_WORDS, *COMMON_WORDS)):
            raise ValidationError(self.get_help_text(), code="contextual")

    def get_help_text(self) -> str:
        """What to do instead."""
        return "Choisissez un mot de passe sans le nom du produit ni suite courante."
