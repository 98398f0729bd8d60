"""Words of public authorities, of makers and of certificates: a name made of them only says nothing of its owner."""

from __future__ import annotations

import re

_WORDS_TEXT = """
a access addtrust amazon and assured authentication authority azure baltimore beta bitdefender blue bluecoat box ca
cas cert certificate certificates certification check class classic cloud cloudflare co code comodo corp corporation
cyberark cybertrust digicert domain device dv ecc ecdsa encrypt entrust ev extended external fire fortigate fortinet
forward gateway generation geotrust global globalsign go godaddy google gts hardware high https hybrid id identity inc
inspection intermediate internal internet isrg issuing juniper let lets limited llc localhost login ltd machine
machines management mcafee microsoft mitm netskope network networks ocsp of operations org organization ov palo alto
point policy primary private proxy public pki point products quovadis root rsa san secure security self sectigo server
service services sha sha1 sha256 sha2 sha384 signed signing sonicwall sophos squid ssl starfield sub subordinate
symantec test tls trust trusted trustwave update us usa usertrust validation verisign web windows wosign x1 x2 x3
zscaler the for default unknown users computers system builtin program data administrators guests configuration
schema sites partitions servers workstations clients groups people accounts departments arc app apps first site name
key aia cdp
"""
_WORDS = frozenset(_WORDS_TEXT.split())
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_NUMBERED = re.compile(r"(?:[a-z]?\d{1,4}|[a-z]|v\d|rs\d)\Z")


def is_public_name(value: str) -> bool:
    """Whether all words of the name of a certificate or of a directory object are such that everybody uses."""
    return all(word in _WORDS or _NUMBERED.match(word) for word in _WORD.findall(value.lower().replace("%20", " ")))
