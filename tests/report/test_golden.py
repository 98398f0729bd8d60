from __future__ import annotations

import pytest

from tests.report.golden import expected, outputs

OUTPUTS = outputs()


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_renderer_says_the_same_as_before(name: str) -> None:
    assert OUTPUTS[name] == expected(name)


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize(
    "said", ["The configured proxy cannot be reached", "azcmagent config get proxy.url", "azcmagent.log", "AZCM0026"]
)
def test_every_renderer_says_what_matters(name: str, said: str) -> None:
    assert said in " ".join(OUTPUTS[name].split())
