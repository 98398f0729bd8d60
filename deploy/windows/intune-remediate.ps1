<#
.SYNOPSIS
Intune remediation, second half: examines the machine with arcdiag and leaves the bundle in a folder.

.DESCRIPTION
Repairs nothing. Needs arcdiag.exe in %ProgramFiles%\arcdiag, such as from a Win32 app of Intune.
The folder is made readable for SYSTEM and administrators only; bundles older than 30 days are deleted.
#>
$program = Join-Path $env:ProgramW6432 'arcdiag\arcdiag.exe'
$output = Join-Path $env:ProgramData 'arcdiag'

if (-not (Test-Path -LiteralPath $program)) {
    Write-Output "There is no $program."
    exit 2
}
if (-not (Test-Path -LiteralPath $output)) {
    New-Item -ItemType Directory -Path $output | Out-Null
    # By their SIDs, as the names differ from language to language: SYSTEM and Administrators.
    icacls.exe $output /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null
}
$oldest = (Get-Date).AddDays(-30)
Get-ChildItem -LiteralPath $output -Filter 'arcdiag-*' -File |
    Where-Object { $_.LastWriteTime -lt $oldest } |
    Remove-Item
& $program collect --quiet --output $output
# 1 is a problem that was found, 3 is that nothing could be told; the bundle is there all the same.
if (@(0, 1, 3) -contains $LASTEXITCODE) {
    exit 0
}
exit $LASTEXITCODE
