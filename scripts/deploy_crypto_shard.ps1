# Starts all roles with docker compose on Windows, checks ports and health, and then watches for 30 seconds whether
# prices really flow. Exit code 0 only if they do. A deployment that fails stops the services that this call has
# brought up, and nothing else: what ran before goes on.
#
#   powershell -ExecutionPolicy Bypass -File scripts/deploy_crypto_shard.ps1 [-Seconds 30] [-NoBuild]
param(
    [ValidateRange(1, 86400)][int]$Seconds = 30,
    [switch]$NoBuild
)
$ErrorActionPreference = 'Stop'

$root = Split-Path -Parent $PSScriptRoot
$composeFile = Join-Path $root 'deploy/docker-compose.yml'
$roles = @('crypto-spot-monitor', 'kalshi-monitor', 'polymarket-monitor', 'execution-service', 'crypto-shard',
    'orchestrator', 'zmq-listener')

function Write-Step([string]$Text) { Write-Host "== $Text" -ForegroundColor White }
function Write-Good([string]$Text) { Write-Host "ok      $Text" -ForegroundColor Green }
function Write-Bad([string]$Text) { Write-Host "FAILED  $Text" -ForegroundColor Red }
# Its progress comes on standard error, which Windows PowerShell would take for an error of this script.
function Invoke-Compose {
    $ErrorActionPreference = 'Continue'
    & docker compose -f $composeFile @args
}

# A TCP connection within two seconds.
function Test-Port([int]$Port) {
    $client = New-Object System.Net.Sockets.TcpClient
    try {
        return $client.ConnectAsync('127.0.0.1', $Port).Wait(2000) -and $client.Connected
    }
    catch {
        return $false
    }
    finally {
        $client.Dispose()
    }
}

function Stop-WithTrouble([string]$Text) {
    Write-Bad $Text
    exit 1
}

# For what goes wrong once something may have been started.
function Stop-WhatWasStarted([string]$Text) {
    Write-Bad "$Text; what did not run before is stopped again"
    $ours = @(Invoke-Compose config --services | Where-Object { $ranBefore -notcontains $_ })
    if ($ours.Count -gt 0) {
        Invoke-Compose stop @ours
        if ($LASTEXITCODE -ne 0) { Write-Bad 'not every service could be stopped' }
    }
    Write-Host "see: docker compose -f deploy/docker-compose.yml ps --all, and logs SERVICE"
    exit 1
}

if (-not (Get-Command docker -ErrorAction SilentlyContinue)) { Stop-WithTrouble 'docker is missing: install Docker Desktop' }

$ranBefore = @(Invoke-Compose ps --services --status running)
if ($LASTEXITCODE -ne 0) { Stop-WithTrouble 'docker compose does not answer; nothing was started' }

Write-Step 'building and starting'
if ($NoBuild) { Invoke-Compose up -d } else { Invoke-Compose up -d --build }
if ($LASTEXITCODE -ne 0) { Stop-WhatWasStarted 'docker compose could not start the services' }

Write-Step 'waiting for health'
Invoke-Compose up -d --wait --wait-timeout 180
if ($LASTEXITCODE -ne 0) { Stop-WhatWasStarted 'not every service became healthy' }

Write-Step 'ports'
$closed = 0
foreach ($port in @(9090, 3000)) {
    if (Test-Port $port) { Write-Good "port $port answers" } else { Write-Bad "nothing listens on port $port"; $closed++ }
}
if ($closed -gt 0) { Stop-WhatWasStarted 'a port does not answer' }

Write-Step "watching for $Seconds seconds whether prices flow"
$wanted = $roles | ForEach-Object { '--role', $_ }
Invoke-Compose exec -T execution-service arbees verify --seconds $Seconds @wanted
if ($LASTEXITCODE -ne 0) { Stop-WhatWasStarted 'prices do not flow' }

Write-Step 'endpoints'
Write-Host 'Grafana      http://127.0.0.1:3000'
Write-Host 'Prometheus   http://127.0.0.1:9090'
Write-Host 'bus          inside the network arbees_default: spot 5560, kalshi 5555, polymarket 5556, requests 5559, results 5561, contracts 5562'
foreach ($role in $roles) { Write-Host ("{0,-12} http://{1}:9464/metrics (inside)" -f 'metrics', $role) }
Write-Good 'deployed: prices flow'
exit 0
