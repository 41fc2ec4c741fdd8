@echo off
rem SPDX-License-Identifier: MIT
rem
rem record.cmd NAME     asks Windows' spooler one question, and records what it does
rem
rem NAME is that of a script beside this file, without .spool: record.cmd open-refused
rem Wanted in one folder with this file: platen.exe, platen-record.dll, moody.dll; and an
rem administrator's prompt. The traces are left in the folder NAME. Not proven here: nobody has run
rem this on a Windows yet. doc/recording.md is the guide.
setlocal
set name=%~1
set here=%~dp0
if "%name%"=="" (echo record.cmd NAME, see doc/recording.md& exit /b 2)
net session >nul 2>&1 || (echo An administrator's prompt is needed.& exit /b 1)

rem What is printed on; a reaction has the name of its port.
set ports=%name%:
set size=1
set pool=
if /i "%name%"=="not-ejected" set ports=WELL:
if /i "%name%"=="point-01-threads" set ports=WELL: WRITE-SHORT:
if /i "%name%"=="point-02-next-port" set ports=OPEN-REFUSED:& set pool=OPEN-REFUSED:,WELL:
if /i "%name%"=="point-03-written" set ports=WRITE-PART:
if /i "%name%"=="point-04-failed-start" set ports=START-REFUSED:
if /i "%name%"=="point-05-codes" set ports=OPEN-REFUSED: START-REFUSED: END-REFUSED:
if /i "%name%"=="point-06-cancel" set ports=WRITE-STALLED:
for %%n in (07-bidi-off 08-instance 09-init 10-notify 11-access 12-enum 15-shutdown 16-limits) do (
    if /i "%name%"=="point-%%n" set ports=WELL:
)
if /i "%name%"=="point-16-limits" set size=300000
for %%n in (13-device-id 14-storage) do (
    if /i "%name%"=="point-%%n" (echo Its script says which monitors to record.& exit /b 2)
)

"%here%platen.exe" install --dll "%here%moody.dll" --name moody || exit /b 1
"%here%platen.exe" install --record moody --output "%here%%name%" || goto :monitor
call :restart

for %%p in (%ports%) do call :printer %%p
for %%p in (%ports%) do call :print %%p
if /i "%name%"=="point-06-cancel" echo Delete the job in the queue now.
if /i "%name%"=="point-10-notify" echo Let the machine sleep, and wake it.
if /i "%name%"=="point-11-access" echo Add and configure a port in the printer's properties, as administrator and as user.
echo.
echo Write down what the queue shows, and what the event log says (PrintService).
echo When the job has gone, or nothing happens any more:
pause
for %%p in (%ports%) do rundll32 printui.dll,PrintUIEntry /dl /n "platen %%p" /q

"%here%platen.exe" uninstall --name moody
call :restart
:monitor
"%here%platen.exe" uninstall --name moody
echo The traces are in "%here%%name%".
exit /b 0

:restart
net stop spooler /y
net start spooler
exit /b 0

:printer
rundll32 printui.dll,PrintUIEntry /if /b "platen %1" /f "%windir%\inf\ntprint.inf" /r "%1" /m "Generic / Text Only" /z /q
if not "%pool%"=="" rundll32 printui.dll,PrintUIEntry /Xs /n "platen %1" portname "%pool%"
exit /b 0

:print
powershell -NoProfile -Command "'0123456789' * %size% | Out-Printer 'platen %1'"
exit /b 0
