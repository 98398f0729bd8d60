"""How Azure has set up a virtual machine: `az vm show`, `az vm list`, `Get-AzVM`, the REST interface, as facts."""

from __future__ import annotations

import re
from typing import Any

from arcdiag.logs.values.azure_json import (
    Doc,
    body,
    cut_off,
    documents,
    flag_of,
    part,
    parts,
    text_of,
)
from arcdiag.logs.values.instance_view import instance_facts, is_instance_view
from arcdiag.logs.values.patch_status import is_patch_result, patch_facts, result_facts
from arcdiag.logs.values.vm_extension import extension_facts, is_extension
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.subject import Subject, SubjectKind

_BY = "azure-vm-json"
_MACHINE_TYPE = "microsoft.compute/virtualmachines"
_OS_NAMES = {"0": "windows", "1": "linux", "windows": "windows", "linux": "linux"}
_SPEAKS = re.compile(
    r'"(?:osProfile|instanceView|vmAgent|patchS(?:ettings|tatus)|typeHandlerVersion|\w{1,40}ActivityId)"', re.I
)
_TEMPLATE = ("$schema", "contentversion")


def parse_azure_vm_json(text: str, source: str) -> list[Fact]:
    """All facts about Azure virtual machines in a text; [] if it holds none.

    `vm.model` (how it is set up), `vm.instance` (what the VM agent reports), `vm.extension`, `patch.assessment`,
    `patch.installation`, `patch.configuration`; their subject is the machine by its name in Azure, in lower case.
    """
    found: list[Fact] = []
    for doc in documents(text):
        found += _of_document(doc, source)
    return found


def speaks_of_a_vm(text: str) -> bool:
    """Whether it is worth looking for JSON about a virtual machine in the text of a console."""
    return _SPEAKS.search(text) is not None


def machines_in(facts: list[Fact]) -> set[str]:
    """Names of the machines that facts are about; the empty one stands for any that are not named."""
    return {f.subject.id for f in facts if f.subject and f.subject.kind is SubjectKind.MACHINE}


def _of_document(doc: Doc, source: str) -> list[Fact]:
    whole = body(doc)
    if _is_no_machine(whole):
        return []
    name = (text_of(whole, "name", "vmname", "computername") or "").lower()
    subject = Subject(SubjectKind.MACHINE, name)
    if is_extension(whole):
        return extension_facts([whole], source)
    if is_patch_result(whole):
        return result_facts(whole, subject, source)
    found = _model(whole, subject, source)
    view = part(whole, "instanceview") or (whole if is_instance_view(whole) else None)
    if view is not None:
        found += instance_facts(view, subject, source)
        found += patch_facts(view, subject, source)
        found += extension_facts(parts(view, "extensions"), source)
    return found + extension_facts(parts(whole, "resources"), source)


def _is_no_machine(whole: Doc) -> bool:
    """A template is a plan, not a machine; an image has a storageProfile, a machine of Azure Arc an osProfile too."""
    type_ = (text_of(whole, "type") or "").lower()
    other = "/" in type_ and type_ != _MACHINE_TYPE and not type_.startswith(_MACHINE_TYPE + "/")
    return other or any(key in whole for key in _TEMPLATE) or "agentversion" in whole


def _model(whole: Doc, subject: Subject, source: str) -> list[Fact]:
    windows = part(whole, "osprofile", "windowsconfiguration") or _bare_configuration(whole)
    linux = part(whole, "osprofile", "linuxconfiguration")
    profile = part(whole, "osprofile")
    storage = part(whole, "storageprofile")
    if windows is None and linux is None and profile is None and storage is None:
        cut = cut_off(whole, "osprofile", "storageprofile", "instanceview", "patchstatus", "vmagent")
        return [_cut(subject, cut, source)] if cut else []
    configuration = windows or linux or {}
    cut = cut_off(profile or {}, "windowsconfiguration", "linuxconfiguration")
    if cut:
        return [_cut(subject, cut, source)]
    value: dict[str, Any] = {
        "provision_vm_agent": flag_of(configuration, "provisionvmagent"),
        "allow_extension_operations": flag_of(profile or {}, "allowextensionoperations"),
        "automatic_updates": flag_of(windows or {}, "enableautomaticupdates"),
        **_patch_settings(configuration),
        **_image(storage or {}),
        "os": _os(storage or {}, windows, linux),
        "has_os_profile": profile is not None or windows is not None,
        "provisioning_state": _lower_text(whole, "provisioningstate"),
        "computer_name": text_of(profile or {}, "computername"),
        "vm_id": text_of(whole, "vmid"),
        "resource_id": text_of(whole, "id"),
        "location": text_of(whole, "location"),
    }
    return [Fact("vm.model", subject, FactStatus.OK, value, by=_BY, raw=source)]


def _bare_configuration(whole: Doc) -> Doc | None:
    """What `--query osProfile.windowsConfiguration` leaves."""
    return whole if {"enableautomaticupdates", "patchsettings"} & whole.keys() and "osprofile" not in whole else None


def _patch_settings(configuration: Doc) -> dict[str, Any]:
    settings = part(configuration, "patchsettings") or {}
    platform = part(settings, "automaticbyplatformsettings") or {}
    return {
        "patch_mode": _mode(text_of(settings, "patchmode")),
        "assessment_mode": text_of(settings, "assessmentmode"),
        "reboot_setting": text_of(platform, "rebootsetting"),
        "own_schedule": flag_of(platform, "bypassplatformsafetychecksonuserschedule"),
    }


def _mode(text: str | None) -> str | None:
    """The documentation of 2020 spells one mode without its r."""
    return "AutomaticByPlatform" if text and text.lower() == "automaticbyplatfom" else text


def _image(storage: Doc) -> dict[str, Any]:
    reference = part(storage, "imagereference") or {}
    names = [text_of(reference, key) for key in ("publisher", "offer", "sku")]
    named = all(names)
    from_gallery = text_of(reference, "id", "sharedgalleryimageid", "communitygalleryimageid")
    return {
        "image": ":".join(n.lower() for n in names if n) if named else None,
        "custom_image": True if from_gallery else (False if named else None),
    }


def _os(storage: Doc, windows: Doc | None, linux: Doc | None) -> str | None:
    kind = body(part(storage, "osdisk") or {}).get("ostype")
    told = _OS_NAMES.get(str(kind).lower()) if isinstance(kind, str | int) else None
    return told or ("windows" if windows is not None else "linux" if linux is not None else None)


def _lower_text(doc: Doc, key: str) -> str | None:
    text = text_of(doc, key)
    return text.lower() if text else None


def _cut(subject: Subject, member: str, source: str) -> Fact:
    reason = f"ConvertTo-Json cut off {member} in {source}; repeat it with -Depth 20"
    return Fact("vm.model", subject, FactStatus.ERROR, by=_BY, raw=source, reason=reason)
