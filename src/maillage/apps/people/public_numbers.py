"""Numbers that the State gives to bodies: their form and their check digit."""

import re

# La Poste's establishments share this SIREN and follow a rule of their own
LA_POSTE = "356000000"


def is_siren(text: str) -> bool:
    """Nine digits that satisfy the Luhn sum."""
    return bool(re.fullmatch(r"\d{9}", text)) and _luhn(text) % 10 == 0


def is_siret(text: str) -> bool:
    """A SIREN and five digits that satisfy the Luhn sum; at La Poste, digits that add up to 5n."""
    if not re.fullmatch(r"\d{14}", text) or not is_siren(text[:9]):
        return False
    if text.startswith(LA_POSTE) and sum(map(int, text)) % 5 == 0:
        return True
    return _luhn(text) % 10 == 0


def is_rna(text: str) -> bool:
    """W, three signs of the place of the register, six digits."""
    return bool(re.fullmatch(r"W[0-9][0-9AB][0-9]\d{6}", text))


def _luhn(digits: str) -> int:
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if rank % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total
