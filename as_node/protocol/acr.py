"""How surely a customer was authenticated: the values of `acr` that mean something."""

SCA = "urn:openbanking:psd2:sca"
"""Two factors: the "strong customer authentication" of UK Open Banking."""
