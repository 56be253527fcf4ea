"""What a person runs against the three nodes: `make demo`, `make up` and their kin."""
