"""
Customers of the bank and what happens on their accounts: made up, and stable.

Everything follows from a customer's `sub` and the calendar, so nothing is stored,
every customer of the authorization server has accounts here, and no two have alike
ones. Time only adds to it.

`accounts`    which accounts a customer has
`household`   what she earns, owes and likes to spend money on
`merchants`   where
`drafts`      one booking: what kind it is, and with whom
`months`      one month of that, as bookings
`ledger`      the months up to now, with the balance after each booking
"""
