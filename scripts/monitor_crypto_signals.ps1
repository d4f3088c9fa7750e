# Shows what runs in the containers of deploy/docker-compose.yml: a thin front of `arbees`, which counts for itself.
#
#   powershell -ExecutionPolicy Bypass -File scripts/monitor_crypto_signals.ps1 [MODE] [-Out DIR] [-Arbees PROGRAM -Data DIR]
#     watch, metrics, activity, health, export; without a mode: a menu
param(
    [ValidateSet('watch', 'metrics', 'activity', 'health', 'export', 'menu')][string]$Mode = 'menu',
    [string]$Out = '',
    [string]$Arbees = '',
    [string]$Data = '/data'
)
$ErrorActionPreference = 'Stop'

$root = Split-Path -Parent $PSScriptRoot
$composeFile = Join-Path $root 'deploy/docker-compose.yml'

function Write-Step([string]$Text) { Write-Host "== $Text" -ForegroundColor White }
function Write-Good([string]$Text) { Write-Host "ok      $Text" -ForegroundColor Green }
function Write-Bad([string]$Text) { Write-Host "FAILED  $Text" -ForegroundColor Red }

# The program on its data folder: in the container that sees all of it, or the one that was named. What it says on
# standard error is no error of this script: Windows PowerShell would end it.
function Invoke-Arbees {
    $ErrorActionPreference = 'Continue'
    if ($Arbees) { & $Arbees @args --data $Data }
    else { & docker compose -f $composeFile exec -T execution-service arbees @args --data $Data }
}

function Get-RunningRoles { @(Invoke-Arbees status --list 2>$null | Where-Object { $_ -cmatch '^[a-z][A-Za-z0-9._-]*$' }) }

# Redrawn every second, until a key is pressed.
function Show-Watch {
    do {
        $page = Invoke-Arbees watch --once
        Clear-Host
        $page | ForEach-Object {
            if ($_ -match 'HALTED|DEAD|down') { Write-Host $_ -ForegroundColor Red }
            elseif ($_ -match 'stale') { Write-Host $_ -ForegroundColor Yellow }
            else { Write-Host $_ }
        }
        Start-Sleep -Seconds 1
    } until ([Console]::KeyAvailable)
    [void][Console]::ReadKey($true)
}

function Show-Metrics {
    $names = 'prices_processed|bus_published|opportunities_total|execution_requests|requests_(received|executed)|trades|' +
        'refused|feed_(errors|gaps|disconnects|age)|halted|exposure|cheapest_dollar'
    $running = @(Get-RunningRoles)
    foreach ($role in $running) {
        Write-Step $role
        Invoke-Arbees metrics --role $role | Where-Object { $_ -match "^arbees_[a-z_]*($names)" }
    }
    if ($running.Count -eq 0) { Write-Bad 'nothing runs'; return 1 }
    return 0
}

function Show-Activity {
    Write-Step 'opportunities'; Invoke-Arbees opportunities --limit 10 | Out-Host
    Write-Step 'where opportunities end'; Invoke-Arbees funnel | Out-Host
    Write-Step 'orders'; Invoke-Arbees orders | Out-Host
    Write-Step 'positions'; Invoke-Arbees positions | Out-Host
    Write-Step 'profit'; Invoke-Arbees pnl | Out-Host
}

function Test-Health {
    $failed = 0
    $running = @(Get-RunningRoles)
    foreach ($role in $running) {
        $told = @(Invoke-Arbees status --role $role --healthy 2>&1 | ForEach-Object { "$_" })
        # The last line says what is wrong.
        if ($LASTEXITCODE -eq 0) { Write-Good $role } else { Write-Bad "${role}: $($told[-1])"; $failed = 1 }
        $told | Where-Object { $_ -match '^  ' } | Out-Host
    }
    $dead = @(Invoke-Arbees watch --once | Where-Object { $_ -cmatch '^DEAD  ' })
    foreach ($line in $dead) { Write-Bad $line.Substring(6); $failed = 1 }
    if ($running.Count + $dead.Count -eq 0) { Write-Bad 'nothing runs'; $failed = 1 }
    return $failed
}

function Export-All {
    $folder = if ($Out) { $Out } else { 'arbees-export-' + (Get-Date).ToUniversalTime().ToString('yyyyMMddTHHmmssZ') }
    New-Item -ItemType Directory -Force -Path $folder | Out-Null
    $failed = 0
    # What could not be had is said and leaves no empty file; the rest is exported all the same.
    function Save([string]$Name, [string[]]$Words) {
        $text = @(Invoke-Arbees @Words)
        if ($LASTEXITCODE -eq 0) { $text | Set-Content -Encoding utf8 (Join-Path $folder $Name); return 0 }
        Write-Bad "there is no $Name"
        return 1
    }
    $failed += Save 'ledger.json' @('ledger', 'export', '--json')
    $failed += Save 'opportunities.json' @('opportunities', '--json', '--limit', '1000')
    foreach ($role in @(Get-RunningRoles)) {
        $failed += Save "status-$role.json" @('status', '--role', $role, '--json')
        $failed += Save "metrics-$role.prom" @('metrics', '--role', $role)
    }
    Write-Good "exported to $folder"
    if ($failed -gt 0) { return 1 }
    return 0
}

function Show-Menu {
    while ($true) {
        $choice = Read-Host "`n1 activity  2 metrics  3 watch  4 health  5 export  6 halt  7 resume  q quit"
        switch ($choice) {
            '1' { Show-Activity }
            '2' { Show-Metrics | Where-Object { $_ -isnot [int] } | Out-Host }
            '3' { Show-Watch }
            '4' { Test-Health | Out-Null }
            '5' { Export-All | Out-Null }
            '6' { Invoke-Arbees halt --reason 'monitor_crypto_signals.ps1' }
            '7' { Invoke-Arbees resume }
            'q' { return }
            default { Write-Host 'choose 1 to 7, or q' }
        }
    }
}

switch ($Mode) {
    'watch' { Show-Watch }
    'metrics' { Show-Metrics | Tee-Object -Variable told | Where-Object { $_ -isnot [int] }; exit ($told | Select-Object -Last 1) }
    'activity' { Show-Activity }
    'health' { exit (Test-Health) }
    'export' { exit (Export-All) }
    'menu' { Show-Menu }
}
exit 0
