"""Words that messages are made of: a machine of such a name is hidden where its name stands, not in every sentence."""

from __future__ import annotations

import re

from arcdiag.knowledge.rule_set import RuleSet

_WORD = re.compile(r"[a-z][a-z0-9]{2,}")
_COMMON_TEXT = """
about access account action active address admin agent agents alert allow allowed also and answer any api app apps
arc archive args array assigned attempt audit auth authority auto azure azcmagent backup bad base bash basic bearer
been before begin beta bin block blue body boot box branch build bundle bytes cache call called cannot case cause
cert certificate change chain check client clock cloud cluster code collect color command common computer config
configuration connect connected connection console contact container content context control core corp could cpu
create created current custom daemon data database date debug default delete demo deploy desktop dev device dial
direct directory disable disabled disk dll dns doc docs domain done down download drive driver dump edge edit email
enable enabled end endpoint engine entra env error errors event events every exec exit expected expired export
extension extensions external fail failed failure false fatal file files filter find finished firewall first flag
folder for force format found free from front full function gateway get global go grant group guest handler has hash
have head header health heartbeat help himds home host hostname hosts hotfix html http https hybrid identity image
import info init input install installed instance interactive internal internet into invalid issue item job journal
json kernel key kube lab lan last launch level library license limit line link linux list listen live load local
localhost location lock log logged login logon logs loop machine mail main manage managed management manager master
memory message meta metadata method metric microsoft minutes missing mode model module monitor more mount msg name
namespace net network new next node none not note notification null number object office offline old online onboard
open operation option options order org origin other output owner package page parent part pass password patch path
pending permission ping pipe plan platform policy pool port portal post power prod product production profile
program project property protocol provider proxy public pull push put query queue raw read ready reboot record
region register relay release remote remove repo report request required reset resolve resource response rest
restart result retry return role root route router rule run running runtime sample scale scan schema scope script
search second secret secure security seen self send sent server servers service services session set setting
settings setup share shared shell show sign signal site size snap socket software source space spec ssh ssl stack
stage staging start started state static status stop stopped storage store stream string sub subject subscription
success suffix sudo support switch sync system table tag target task team temp template tenant test tests text the
then thread time timeout tls token tool trace traffic transport true trust try type unable unit unknown update
upgrade upload upstream url usage use used user users using vault value values verify version view virtual vm vms
volume wait warn warning was web west while will win window windows with work worker workspace write yes zone
adfs apt crl dmz ftp git ldap mirror ntp ocsp pki rpc smtp sso sts vpn wsus yum
"""
_COMMON = frozenset(_COMMON_TEXT.split())


def vocabulary(rules: RuleSet) -> frozenset[str]:
    """Common words and those of every rule's patterns, in lower case."""
    words = set(_COMMON)
    for signal in rules.signals.values():
        for pattern in signal.patterns:
            words.update(_WORD.findall(pattern.source.lower()))
    for step in rules.steps.values():
        for pattern in (*step.begin, *step.ok, *step.failed, *step.end, *step.alive):
            words.update(_WORD.findall(pattern.source.lower()))
    for patterns in rules.run_marks.values():
        for pattern in patterns:
            words.update(_WORD.findall(pattern.source.lower()))
    return frozenset(words)


def catalogue(rules: RuleSet) -> list[str]:
    """The host names and globs of the endpoint catalogue."""
    found: list[str] = []
    for rule in rules.endpoints.values():
        found += rule.match
        for hosts in rule.hosts.values():
            found += hosts
    return found
