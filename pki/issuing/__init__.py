"""Issue certificates and revocation lists, and lay down the deployment's."""
