from __future__ import annotations

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    return load_rules()
