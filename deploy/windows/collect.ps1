<#
.SYNOPSIS
Examines this server with arcdiag and leaves the bundle in a folder or on a share.

.DESCRIPTION
For a start-up script of Group Policy, or by hand. Changes nothing on the server; see README.md beside it.

.PARAMETER Output
Where the bundle goes: \\server\share, or a folder, which is made readable for SYSTEM and administrators only.

.PARAMETER Program
arcdiag.exe; by default the one beside this script.

.PARAMETER Sha256
The hash that arcdiag.exe must have, from the list of the release. Nothing is run if it has another.

.EXAMPLE
.\collect.ps1 -Output \\files.example.com\arcdiag$ -Sha256 0123...
#>
param(
    [Parameter(Mandatory = $true)] [string] $Output,
    [string] $Program = (Join-Path $PSScriptRoot 'arcdiag.exe'),
    [string] $Sha256 = ''
)

if (-not (Test-Path -LiteralPath $Program)) {
    [Console]::Error.WriteLine("collect.ps1: there is no $Program")
    exit 2
}
if ($Sha256 -and (Get-FileHash -LiteralPath $Program -Algorithm SHA256).Hash -ne $Sha256) {
    [Console]::Error.WriteLine("collect.ps1: $Program has another hash than -Sha256 says; it was not run")
    exit 2
}
if (-not $Output.StartsWith('\\') -and -not (Test-Path -LiteralPath $Output)) {
    New-Item -ItemType Directory -Path $Output | Out-Null
    # By their SIDs, as the names differ from language to language: SYSTEM and Administrators.
    icacls.exe $Output /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null
}
& $Program collect --quiet --output $Output
# 1 is a problem that was found, 3 is that nothing could be told; the bundle is there all the same.
if (@(0, 1, 3) -contains $LASTEXITCODE) {
    exit 0
}
exit $LASTEXITCODE
