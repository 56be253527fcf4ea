"""
Is a peer's certificate one of ours: roots, dates, usage, revocation.

`ChainJudge` gives the verdict; the rest is what it is made of.
"""

from pki.chain.crl_file import CrlFile
from pki.chain.judge import ChainJudge, ChainRefused

__all__ = ["ChainJudge", "ChainRefused", "CrlFile"]
