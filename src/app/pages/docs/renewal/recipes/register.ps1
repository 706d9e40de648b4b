# As an administrator. First: nobody but you reads the folder.
icacls C:\Latchkey /inheritance:r /grant:r "${env:USERDOMAIN}\${env:USERNAME}:(OI)(CI)F"
$run = '-NoProfile -ExecutionPolicy RemoteSigned -File C:\Latchkey\Renew-Latchkey.ps1 -Path C:\Latchkey\latchkey.env'
Register-ScheduledTask -TaskName 'Renew the Latchkey token' `
    -Action (New-ScheduledTaskAction -Execute powershell.exe -Argument $run) `
    -Trigger (New-ScheduledTaskTrigger -Daily -At '04:17' -RandomDelay (New-TimeSpan -Hours 2)) `
    -Settings (New-ScheduledTaskSettingsSet -StartWhenAvailable) `
    -Principal (New-ScheduledTaskPrincipal -UserId "$env:USERDOMAIN\$env:USERNAME" -LogonType S4U)
Start-ScheduledTask -TaskName 'Renew the Latchkey token'  # once now
