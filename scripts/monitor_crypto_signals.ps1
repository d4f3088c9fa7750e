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
$roles = @('run', 'crypto-spot-monitor', 'kalshi-monitor', 'polymarket-monitor', 'execution-service', 'crypto-shard',
    'orchestrator', 'zmq-listener')

function Write-Step([string]$Text) { Write-Host "== $Text" -ForegroundColor White }
function Write-Good([string]$Text) { Write-Host "ok      $Text" -ForegroundColor Green }
function Write-Bad([string]$Text) { Write-Host "FAILED  $Text" -ForegroundColor Red }

# The program on its data folder: in the container that sees all of it, or the one that was named.
function Invoke-Arbees {
    if ($Arbees) { & $Arbees @args --data $Data }
    else { & docker compose -f $composeFile exec -T execution-service arbees @args --data $Data }
}

function Get-RunningRoles {
    foreach ($role in $roles) {
        Invoke-Arbees status --role $role 2>$null | Out-Null
        if ($LASTEXITCODE -eq 0) { $role }
    }
}

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
        $told = Invoke-Arbees status --role $role --healthy
        if ($LASTEXITCODE -eq 0) { Write-Good $role } else { Write-Bad $role; $failed = 1 }
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
    Invoke-Arbees ledger export --json | Set-Content -Encoding utf8 (Join-Path $folder 'ledger.json')
    foreach ($role in @(Get-RunningRoles)) {
        Invoke-Arbees status --role $role --json | Set-Content -Encoding utf8 (Join-Path $folder "status-$role.json")
        Invoke-Arbees metrics --role $role | Set-Content -Encoding utf8 (Join-Path $folder "metrics-$role.prom")
    }
    Write-Good "exported to $folder"
}

function Show-Menu {
    while ($true) {
        $choice = Read-Host "`n1 activity  2 metrics  3 watch  4 health  5 export  6 halt  7 resume  q quit"
        switch ($choice) {
            '1' { Show-Activity }
            '2' { Show-Metrics | Out-Host }
            '3' { Show-Watch }
            '4' { Test-Health | Out-Null }
            '5' { Export-All }
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
    'export' { Export-All }
    'menu' { Show-Menu }
}
exit 0
