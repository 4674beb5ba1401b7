; Installs for the user who runs it, without administrator rights. `build` gives VERSION, FILES and OUT.
Unicode true
; 64 bits, as the program is.
Target amd64-unicode
!include "MUI2.nsh"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\vmnet-doctor"

Name "VM Net Doctor"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\VM Net Doctor"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "VM Net Doctor"
VIAddVersionKey "FileDescription" "VM Net Doctor setup"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "MIT or Apache-2.0"

!define MUI_ICON "${FILES}\vmnet-doctor.ico"
!define MUI_UNICON "${FILES}\vmnet-doctor.ico"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\vmnet-doctor.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"

Section
    SetOutPath "$INSTDIR"
    File "${FILES}\vmnet-doctor.exe"
    File "${FILES}\vmnet-doctor.com"
    File "${FILES}\vmnet-doctor.ico"
    File "${FILES}\LICENSE.txt"
    File "${FILES}\THIRD-PARTY-LICENSES.txt"
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\VM Net Doctor.lnk" "$INSTDIR\vmnet-doctor.exe"
    WriteRegStr HKCU "${KEY}" "DisplayName" "VM Net Doctor"
    WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\vmnet-doctor.ico"
    WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${KEY}" "NoModify" 1
    WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

Section "Uninstall"
    ; File by file: the folder may be one that the user chose and fills with other things.
    Delete "$INSTDIR\vmnet-doctor.exe"
    Delete "$INSTDIR\vmnet-doctor.com"
    Delete "$INSTDIR\vmnet-doctor.ico"
    Delete "$INSTDIR\LICENSE.txt"
    Delete "$INSTDIR\THIRD-PARTY-LICENSES.txt"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\VM Net Doctor.lnk"
    DeleteRegKey HKCU "${KEY}"
SectionEnd
