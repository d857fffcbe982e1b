# Prints what the agent asks of Windows as one JSON object. What cannot be asked is null.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
function Ask([scriptblock]$act) { try { & $act } catch { $null } }
function All($items) { if ($null -eq $items) { $null } else { , @($items) } }

$route = Ask { Get-NetRoute -DestinationPrefix '0.0.0.0/0' | Sort-Object { $_.RouteMetric + $_.InterfaceMetric } | Select-Object -First 1 }
$network = Ask {
  if ($route) {
    @{
      medium = [string](Get-NetAdapter -InterfaceIndex $route.InterfaceIndex).MediaType
      router = [string](Get-NetNeighbor -InterfaceIndex $route.InterfaceIndex -IPAddress $route.NextHop | Select-Object -First 1).LinkLayerAddress
    }
  }
}

[ordered]@{
  bitlocker = Ask { [int](New-Object -ComObject Shell.Application).NameSpace($env:SystemDrive).Self.ExtendedProperty('System.Volume.BitLockerProtection') }
  updates   = Ask { All @(Get-CimInstance Win32_QuickFixEngineering | Where-Object InstalledOn | ForEach-Object { $_.InstalledOn.ToString('yyyy-MM-dd', [Globalization.CultureInfo]::InvariantCulture) }) }
  antivirus = Ask { All @(Get-CimInstance -Namespace root/SecurityCenter2 AntiVirusProduct | ForEach-Object { @{ name = [string]$_.displayName; state = [uint32]$_.productState } }) }
  processes = Ask { All @(Get-CimInstance Win32_Process -Property Name | ForEach-Object { [string]$_.Name } | Sort-Object -Unique) }
  cameras   = Ask { All @(Get-CimInstance Win32_PnPEntity -Filter "PNPClass='Camera' OR PNPClass='Image'" | ForEach-Object { [string]$_.Name }) }
  usb       = Ask { @(Get-CimInstance Win32_DiskDrive -Filter "InterfaceType='USB'").Count }
  machine   = Ask { $c = Get-CimInstance Win32_ComputerSystem; $b = Get-CimInstance Win32_BIOS; All @([string]$c.Manufacturer, [string]$c.Model, [string]$b.Manufacturer, [string]$b.SMBIOSBIOSVersion) }
  network   = $network
  air       = Ask { [string](& "$env:SystemRoot\System32\netsh.exe" wlan show networks mode=bssid | Out-String) }
  own       = Ask { [string](& "$env:SystemRoot\System32\netsh.exe" wlan show interfaces | Out-String) }
} | ConvertTo-Json -Depth 4 -Compress
