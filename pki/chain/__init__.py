"""
Is a peer's certificate one of ours: roots, dates, usage, revocation.

`ChainJudge` gives the verdict; the rest is what it is made of. May import `pki.names`
and the modules of `pki` itself; knows neither Twisted nor pyOpenSSL.
"""

from pki.chain.crl_file import CrlFile
from pki.chain.judge import ChainJudge, ChainRefused

__all__ = ["ChainJudge", "ChainRefused", "CrlFile"]
