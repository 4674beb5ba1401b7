//! The guest's script, run from the host by the guest tools of a product: lines for a person to copy, whose output is
//! what the script itself would have printed inside.
//!
//! Names stand beside a program that is always the same and reaches them as its arguments, and the script travels in
//! base64, so that each is quoted once and no layer of quotes stands in another.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::{Product, Shell, quote};
use crate::model::{HypervisorId, Message, Os};

/// A line for the host's shell, and what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunInGuest {
    /// The line to copy, quoted for the host's shell. Where an account is needed it asks for the password itself.
    pub command: String,
    /// What it needs, and who may see the password.
    pub needs: Message,
}

/// Why no line can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRunInGuest {
    /// The product has no such tool, or not for these two systems.
    NoTool,
    /// VMware's tool knows machines by the path of their `.vmx` only.
    PathWanted,
    /// The product would take the machine's name for an option.
    NameIsOption,
}

/// The script that a line carries, as the guest's shell wants it.
enum Carried {
    /// A line for `/bin/sh` without quotes of its own.
    Unix(String),
    /// What follows `powershell.exe -NoProfile -EncodedCommand`.
    Windows(String),
}

/// Where Windows guests keep what VMware copies out: every account may write there.
const WINDOWS_OUTPUT: &str = r"C:\Users\Public\vmnet-doctor.txt";

/// Windows PowerShell by its path, for tools that start a program without a search path.
const WINDOWS_POWERSHELL: &str = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe";

/// Asks for the account, unless `$2` tells it, and for its password without showing it. `read -s` is not in every shell.
const ASK: &str = r#"u=$2;[ "$u" ]||{ printf "User in the guest: ">&2;IFS= read -r u;};printf "Password: ">&2;trap "stty echo 2>/dev/null;exit 130" 2;stty -echo 2>/dev/null;IFS= read -r p;stty echo 2>/dev/null;echo>&2;"#;

impl Product<'_> {
    /// Runs a script of `guest` in this machine from the host, as `user` where the product wants an account: when
    /// nobody is told, the line asks for one.
    pub fn run_in_guest(
        &self,
        guest: Os,
        script: &str,
        user: Option<&str>,
    ) -> Result<RunInGuest, NoRunInGuest> {
        let by_position = !matches!(
            self.id,
            HypervisorId::Libvirt | HypervisorId::HyperV | HypervisorId::Wsl2
        );
        if by_position && self.raw_handle().starts_with('-') {
            return Err(NoRunInGuest::NameIsOption);
        }
        let host_is_windows = self.os == Os::Windows;
        let guest_is_windows = guest == Os::Windows;
        let (command, needs) = match self.id {
            HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion => {
                if !self.raw_handle().to_ascii_lowercase().ends_with(".vmx") {
                    return Err(NoRunInGuest::PathWanted);
                }
                (self.through_vmware(guest, script, user), "through-needs-vmware")
            }
            HypervisorId::VirtualBox => (
                self.through_virtualbox(&carried(guest, script), user),
                "through-needs-virtualbox",
            ),
            HypervisorId::HyperV if host_is_windows && guest_is_windows => {
                (self.through_hyper_v(script, user), "through-needs-hyper-v")
            }
            HypervisorId::Libvirt if !host_is_windows => (
                self.through_libvirt(&carried(guest, script)),
                "through-needs-libvirt",
            ),
            HypervisorId::Parallels if !host_is_windows => (
                self.through_parallels(&carried(guest, script)),
                "through-needs-parallels",
            ),
            HypervisorId::Multipass if !guest_is_windows => (
                self.through_shell(guest, script, &["multipass", "exec", self.machine, "--"]),
                "through-needs-nothing",
            ),
            HypervisorId::Lima if !host_is_windows && !guest_is_windows => (
                // It enters the host's folder of that name otherwise, which is rarely there.
                self.through_shell(
                    guest,
                    script,
                    &["limactl", "shell", "--workdir", "/", self.machine],
                ),
                "through-needs-nothing",
            ),
            HypervisorId::Wsl2 if host_is_windows && !guest_is_windows => (
                // Behind `--` the default shell would read the line once more; `-e` starts the program itself.
                self.through_shell(guest, script, &["wsl.exe", "-d", self.machine, "-e"]),
                "through-needs-nothing",
            ),
            _ => return Err(NoRunInGuest::NoTool),
        };
        Ok(RunInGuest {
            command,
            needs: Message::new(needs),
        })
    }

    /// `vmrun` gives nothing back of what a script prints: the guest keeps it in a file, which is copied out, shown and
    /// deleted. ("Using vmrun to Control Virtual Machines", Broadcom: `runScriptInGuest`, `copyFileFromGuestToHost`.)
    ///
    /// A script for Unix gets a file that is new, readable by its owner alone. A Windows guest gets a program with plain
    /// arguments instead, for Windows PowerShell on the host drops the empty word that would name the default interpreter.
    fn through_vmware(&self, guest: Os, script: &str, user: Option<&str>) -> String {
        let into_file =
            format!("[IO.File]::WriteAllLines('{WINDOWS_OUTPUT}',[string[]]@(&{{{SILENT}{script}}}))");
        let carried = match guest {
            Os::Windows => Carried::Windows(BASE64_STANDARD.encode(utf16(&into_file))),
            _ => carried(guest, script),
        };
        if self.shell() == Shell::Powershell {
            let (name, run) = match carried {
                Carried::Unix(_) => (
                    "'/tmp/vmnet-doctor-'+$t.Name",
                    "runScriptInGuest $vm /bin/sh ('umask 077;set -C;('+$script+')>'+$g+' 2>&1;:')"
                        .to_owned(),
                ),
                Carried::Windows(_) => (
                    "'C:\\Users\\Public\\vmnet-doctor.txt'",
                    format!("runProgramInGuest $vm {WINDOWS_POWERSHELL} -NoProfile -EncodedCommand $script"),
                ),
            };
            let tool = "${env:ProgramFiles(x86)}\\VMware\\VMware Workstation\\vmrun.exe";
            let body = format!(
                "$c={};$t=New-TemporaryFile;$g={name};$v=\"{tool}\";$a='-T','ws','-gu',$c.UserName,'-gp',$c.GetNetworkCredential().Password;& $v @a {run};& $v @a copyFileFromGuestToHost $vm $g $t.FullName;Get-Content -Encoding UTF8 $t.FullName;& $v @a deleteFileInGuest $vm $g;Remove-Item $t.FullName",
                self.credential(user)
            );
            return self.block(&body, carried.text());
        }
        let (name, run) = match carried {
            Carried::Unix(_) => (
                "/tmp/vmnet-doctor-${t##*/}".to_owned(),
                r#"runScriptInGuest "$1" /bin/sh "umask 077;set -C;($3)>$g 2>&1;:""#.to_owned(),
            ),
            Carried::Windows(_) => (
                format!("\"{WINDOWS_OUTPUT}\""),
                format!(r#"runProgramInGuest "$1" "{WINDOWS_POWERSHELL}" -NoProfile -EncodedCommand "$3""#),
            ),
        };
        // A function's own arguments hide those of the line: tool and kind are kept first.
        let body = format!(
            r#"tool=$4;kind=$5;{ASK}t=$(mktemp)||exit;g={name};v(){{ "$tool" -T "$kind" -gu "$u" -gp "$p" "$@";}};v {run}&&v copyFileFromGuestToHost "$1" "$g" "$t"&&cat "$t";v deleteFileInGuest "$1" "$g";rm -f "$t""#
        );
        let (tool, kind) = match self.os {
            Os::Macos => ("/Applications/VMware Fusion.app/Contents/Library/vmrun", "fusion"),
            _ => ("vmrun", "ws"),
        };
        let words = [
            "sh",
            "-c",
            &body,
            "sh",
            self.raw_handle(),
            user.unwrap_or_default(),
            carried.text(),
            tool,
            kind,
        ];
        quote::line(Shell::Sh, words)
    }

    /// The program is the first word behind `--`. With `--exe` versions differ on whether that word is the program's name
    /// or its first argument ("Guest Control … handling argument 0" in VirtualBox's change log); `stdin` as the file of the
    /// password is read from there (`readPasswordFile` of `VBoxManage`).
    fn through_virtualbox(&self, carried: &Carried, user: Option<&str>) -> String {
        let program = match carried {
            Carried::Unix(_) => "/bin/sh -c".to_owned(),
            Carried::Windows(_) => format!("{WINDOWS_POWERSHELL} -NoProfile -EncodedCommand"),
        };
        if self.shell() == Shell::Powershell {
            let body = format!(
                "$c={};$OutputEncoding=New-Object Text.UTF8Encoding $false;$c.GetNetworkCredential().Password|{} guestcontrol $vm run --username $c.UserName --passwordfile stdin --wait-stdout -- {program} $script",
                self.credential(user),
                self.vboxmanage(),
            );
            return self.block(&body, carried.text());
        }
        let program = program.replace(WINDOWS_POWERSHELL, &format!("\"{WINDOWS_POWERSHELL}\""));
        let body = format!(
            r#"{ASK}printf "%s\n" "$p"|VBoxManage guestcontrol "$1" run --username "$u" --passwordfile stdin --wait-stdout -- {program} "$3""#
        );
        let words = [
            "sh",
            "-c",
            &body,
            "sh",
            self.machine,
            user.unwrap_or_default(),
            carried.text(),
        ];
        quote::line(Shell::Sh, words)
    }

    /// PowerShell Direct ("Manage Windows virtual machines with PowerShell Direct", Microsoft Learn): a block of
    /// PowerShell, as which the script can stand as it is.
    fn through_hyper_v(&self, script: &str, user: Option<&str>) -> String {
        format!(
            "Invoke-Command -VMName {} -Credential ({}) -ScriptBlock {{ {script} }}",
            self.quote(self.machine),
            self.credential_for(&self.quote(self.machine), user),
        )
    }

    /// The guest agent starts the program, answers with its number, and is asked until it has ended; output comes in
    /// base64 ("QEMU Guest Agent Protocol Reference": `guest-exec`, `guest-exec-status`).
    fn through_libvirt(&self, carried: &Carried) -> String {
        let (path, arguments) = match carried {
            Carried::Unix(line) => ("/bin/sh", vec!["-c", line]),
            Carried::Windows(encoded) => ("powershell.exe", vec!["-NoProfile", "-EncodedCommand", encoded]),
        };
        let request = serde_json::json!({
            "execute": "guest-exec",
            "arguments": { "path": path, "arg": arguments, "capture-output": true },
        })
        .to_string();
        let body = concat!(
            r#"d=$1;j(){ virsh -c qemu:///system qemu-agent-command --domain "$d" "$1";};"#,
            r#"r=$(j "$2")||exit;n=$(printf %s "$r"|tr -dc 0-9);i=0;"#,
            r#"while [ $i -lt 90 ];do sleep 1;"#,
            r#"r=$(j "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":$n}}")||exit;"#,
            r#"case $r in *\"exited\":true*)break;;esac;i=$((i+1));done;"#,
            r#"o(){ printf %s "$r"|sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"|base64 -d;};o err-data>&2;o out-data"#,
        );
        quote::line(Shell::Sh, ["sh", "-c", body, "sh", self.machine, &request])
    }

    /// Parallels joins the words and has the guest's shell read them (`prlctl exec`, "Parallels Desktop Command-Line
    /// Reference"): the line means the same read once or twice, for it is free of quotes and its first part only adds to
    /// the search path.
    fn through_parallels(&self, carried: &Carried) -> String {
        let mut words = vec!["prlctl", "exec", self.machine];
        match carried {
            Carried::Unix(line) => words.extend(["sh", "-c", line]),
            Carried::Windows(encoded) => {
                words.extend(["powershell.exe", "-NoProfile", "-EncodedCommand", encoded]);
            }
        }
        quote::line(Shell::Sh, words)
    }

    /// Products whose own shell takes a program and its arguments as they are.
    fn through_shell(&self, guest: Os, script: &str, entry: &[&str]) -> String {
        let line = unix_line(guest, script);
        let words = entry.iter().copied().chain(["sh", "-c", line.as_str()]);
        quote::line(self.shell(), words)
    }

    /// A block of PowerShell with the machine as `$vm` and what it carries as `$script`.
    fn block(&self, body: &str, carried: &str) -> String {
        let (machine, carried) = (self.quote(self.raw_handle()), self.quote(carried));
        format!("& {{ param($vm,$script) {body} }} {machine} {carried}")
    }

    fn credential(&self, user: Option<&str>) -> String {
        self.credential_for("$vm", user)
    }

    /// PowerShell's own question for account and password, which shows neither.
    fn credential_for(&self, message: &str, user: Option<&str>) -> String {
        match user {
            Some(user) => format!("Get-Credential -UserName {} -Message {message}", self.quote(user)),
            None => format!("Get-Credential -Message {message}"),
        }
    }

    /// The identifier where the product's commands want one, else the name.
    fn raw_handle(&self) -> &str {
        match (self.id, self.machine_id) {
            (HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion, Some(path)) => path,
            _ => self.machine,
        }
    }
}

impl Carried {
    fn text(&self) -> &str {
        match self {
            Self::Unix(text) | Self::Windows(text) => text,
        }
    }
}

/// Progress that cmdlets report would come out as XML among the errors.
const SILENT: &str = "$ProgressPreference='SilentlyContinue';";

fn carried(guest: Os, script: &str) -> Carried {
    match guest {
        Os::Windows => Carried::Windows(BASE64_STANDARD.encode(utf16(&format!("{SILENT}{script}")))),
        _ => Carried::Unix(unix_line(guest, script)),
    }
}

/// The script for a Unix shell that was started by a service: such a one often lacks the folders of `ip` and `sysctl`.
/// macOS knows `-d` since version 12 only, and the BSDs have no `base64` in common.
fn unix_line(guest: Os, script: &str) -> String {
    let decoder = match guest {
        Os::Macos => "base64 -D",
        Os::Bsd => "openssl base64 -d -A",
        _ => "base64 -d",
    };
    let script = BASE64_STANDARD.encode(script);
    format!("PATH=$PATH:/usr/sbin:/sbin;export PATH;echo {script}|{decoder}|sh")
}

/// What `-EncodedCommand` takes: UTF-16, the lower byte first.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
