"""
Which accounts are there, and what happens on them? All made up, and stable.

Everything follows from a `client_id` or a customer's `sub` and the calendar, so nothing
is stored, every customer of the authorization server has accounts here, and no two have
alike ones. Time only adds to it.

`corporate_accounts`  the accounts of a client itself; `statement` what happens on them,
                      `payments` whom it pays and who pays it
`account_numbers`     numbers whose check digits are right
`customer_accounts`   which accounts a customer has
`household`           what she earns, owes and likes to spend money on
`merchants`           where
`drafts`              one booking: what kind it is, and with whom
`months`              one month of that, as bookings
`ledger`              the months up to now, with the balance after each booking

Imports nothing; knows neither Twisted nor pyOpenSSL.
"""
