"""What a client asks to see, in a customer's words."""

from as_node.consent.permissions import permissions_in_words


def test_permissions_in_words() -> None:
    """Groups of data in a constant order, and what says less is left out."""
    permissions = (
        *("ReadTransactionsDebits", "ReadTransactionsBasic"),
        *("ReadTransactionsDetail", "ReadBalances", "ReadAccountsBasic"),
        "ReadBalances",
    )
    assert permissions_in_words(permissions) == {
        "Your account details": (
            "the name, kind and currency of each account",
            "how much money is in each account",
        ),
        "Your transactions": (
            "dates and amounts of payments, and with whom",
            "money that goes out",
        ),
    }


def test_a_permission_without_words() -> None:
    """What we have no words for is shown all the same: nothing is asked in secret."""
    found = permissions_in_words(("WriteEverything", "ReadBalances"))
    assert list(found.items())[-1] == ("Also", ("WriteEverything",))
