"""Account numbers whose check digits are right, at a bank that does not exist."""

from random import Random

# No bank has a sort code that begins with 00, and none the code EXBK.
_SORT_CODE = "000142"
_BANK_CODE = "EXBK"

# The weights most sort codes use with modulus 11, for the eight digits.
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 1)


def sort_code() -> str:
    """The branch where all corporate accounts are, as printed on a cheque."""
    return "-".join(_SORT_CODE[at : at + 2] for at in (0, 2, 4))


def sort_code_and(account_number: str) -> str:
    """Fourteen digits: the branch, and an account there (UK Open Banking)."""
    return f"{_SORT_CODE}{account_number}"


def bic() -> str:
    """The bank's BIC, ISO 9362."""
    return f"{_BANK_CODE}GB2L"


def new_account_number(choice: Random) -> str:
    """Eight digits that pass the modulus check of the UK: weighted, sum modulo 11."""
    while True:
        number = f"{choice.randrange(10_000_000, 100_000_000)}"
        if _weighted(number) % 11 == 0:
            return number


def new_card_number(choice: Random) -> str:
    """
    Sixteen digits that pass the check of ISO/IEC 7812-1 (Luhn's).

    They begin with 9 and the number of a country, 826: no card scheme has these.
    """
    digits = f"982600{choice.randrange(1_000_000_000):09}"
    return f"{digits}{-_luhn(digits + '0') % 10}"


def masked(card_number: str) -> str:
    """Its first six and last four digits, the most that may be shown in general."""
    return f"{card_number[:6]}******{card_number[-4:]}"


def _luhn(digits: str) -> int:
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return sum(map(int, digits[-1::-2])) + sum(d // 10 + d % 10 for d in doubled)


def iban(account_number: str) -> str:
    """The IBAN of an account: ISO 13616, its two check digits by ISO 7064 MOD 97-10."""
    bban = f"{_BANK_CODE}{_SORT_CODE}{account_number}"
    return f"GB{98 - iban_remainder(f'GB00{bban}'):02}{bban}"


def iban_remainder(text: str) -> int:
    """ISO 7064 MOD 97-10 of an IBAN; 1 where its check digits are right."""
    rearranged = text[4:] + text[:4]
    return int("".join(str(int(character, 36)) for character in rearranged)) % 97


def _weighted(number: str) -> int:
    return sum(
        weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=True)
    )
