"""169.254.169.254: does a metadata service answer, and whose is it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.probe.local import IMDS_PATH, IMDS_SECONDS, LocalAnswer, ask_local, json_object

# Asked only where something answers that is not Azure's.
AWS_PATH = "/latest/meta-data/"
OCI_PATH = "/opc/v2/instance/"


def imds_value(address: str, port: int, deadline: Deadline) -> dict[str, Any]:
    """The value of `probe.imds`. `azure` only if the answer is Azure's; `cloud`: azure, aws, gcp, oci or unknown."""
    answer = ask_local(address, port, IMDS_PATH, IMDS_SECONDS, deadline)
    compute = _compute(answer.body) if answer.status == 200 else {}
    cloud = None
    if answer.result == "ok":
        known = bool(compute.get("azEnvironment") or compute.get("vmId")) or _server(answer).startswith("imds/")
        cloud = "azure" if known else _other(answer, address, port, deadline)
    return {
        "result": answer.result,
        "status": answer.status,
        "azure": cloud == "azure",
        "cloud": cloud,
        "environment": compute.get("azEnvironment"),
        "ms": answer.ms,
        "detail": answer.detail,
    }


def _other(answer: LocalAnswer, address: str, port: int, deadline: Deadline) -> str:
    if answer.headers.get("metadata-flavor", "").lower() == "google":
        return "gcp"
    if _server(answer).startswith("ec2ws"):
        return "aws"
    amazon = ask_local(address, port, AWS_PATH, IMDS_SECONDS, deadline, {})
    # With version 2 of its service Amazon refuses whoever brings no token.
    if _server(amazon).startswith("ec2ws") or (amazon.status == 200 and b"instance-id" in amazon.body):
        return "aws"
    oracle = ask_local(address, port, OCI_PATH, IMDS_SECONDS, deadline, {"Authorization": "Bearer Oracle"})
    return "oci" if oracle.status == 200 and "compartmentId" in json_object(oracle.body) else "unknown"


def _server(answer: LocalAnswer) -> str:
    return answer.headers.get("server", "").lower()


def _compute(body: bytes) -> Mapping[str, Any]:
    compute = json_object(body).get("compute")
    return compute if isinstance(compute, dict) else {}
