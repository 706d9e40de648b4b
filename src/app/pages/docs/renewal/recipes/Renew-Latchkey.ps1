# Renews the API token in a file once it is time. The file holds one line,
# LATCHKEY_TOKEN=..., in a folder that only its user can read. Silent when all is
# well; otherwise it says why, leaves the file as it was, and ends with 1.
param([Parameter(Mandatory)][string]$Path)
$ErrorActionPreference = 'Stop'
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
$url = 'https://tokens.example'
$shape = 'lk[ad]_[0-9A-Za-z]{38}'

$file = (Resolve-Path -LiteralPath $Path).ProviderPath
if ([IO.File]::ReadAllText($file).Trim() -cnotmatch "^LATCHKEY_TOKEN=($shape)$") {
    throw "$file does not hold one line LATCHKEY_TOKEN=..."
}
$headers = @{ Authorization = "Bearer $($Matches[1])" }

$token = Invoke-RestMethod -Uri "$url/api/v1/token" -Headers $headers -TimeoutSec 30
if (-not $token.renew_from) { throw 'This token cannot be renewed, or does not expire.' }
if ([DateTimeOffset]$token.renew_from -gt [DateTimeOffset]::UtcNow) { exit 0 }

$next = Invoke-RestMethod -Method Post -Uri "$url/api/v1/token/renew" -Headers $headers -TimeoutSec 30
if ($next.token -cnotmatch "^$shape$") { throw 'The answer holds no token.' }

# Replace takes the file's place in one step, and keeps who may read it.
[IO.File]::WriteAllText("$file.new", "LATCHKEY_TOKEN=$($next.token)`r`n")
[IO.File]::Replace("$file.new", $file, [NullString]::Value)
