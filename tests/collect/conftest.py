from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from arcdiag.knowledge.rule_set import RuleSet, RuleSetBuilder
from arcdiag.knowledge.rule_types import EndpointRule
from arcdiag.knowledge.sources import data_dir, read_file, rule_files


def endpoint_rules(folder: Path) -> RuleSet:
    """The endpoint catalogue alone, so that these tests do not hang on the rules of other rooms."""
    builder = RuleSetBuilder()
    for path in rule_files(folder):
        for item in read_file(path, path.name):
            rule = msgspec.convert(item.data, EndpointRule)
            builder.add(rule, rule, path.name, replace=False)
    return builder.build("test")


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    return endpoint_rules(data_dir("rules") / "endpoints")
