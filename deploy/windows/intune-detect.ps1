<#
.SYNOPSIS
Intune remediation, detection: exit code 1 where the Connected Machine agent is installed and not connected.

.DESCRIPTION
Only asks the agent; sends nothing and writes nothing. Exit code 1 makes Intune run intune-remediate.ps1.
#>
$agent = Join-Path $env:ProgramW6432 'AzureConnectedMachineAgent\azcmagent.exe'
if (-not (Test-Path -LiteralPath $agent)) {
    Write-Output 'The Connected Machine agent is not installed.'
    exit 0
}
try {
    $status = (& $agent show -j | Out-String | ConvertFrom-Json).status
}
catch {
    $status = 'no answer'
}
Write-Output "The Connected Machine agent says: $status"
if ($status -eq 'Connected') {
    exit 0
}
exit 1
