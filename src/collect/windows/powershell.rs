//! One PowerShell process for all questions. Each answer is a line of JSON, taken in as it comes: what was
//! answered before the time is up, or before something hangs, stays.
//!
//! The script keeps to what a locked-down PowerShell ("constrained language") allows, or catches the refusal. It
//! only reads; nothing of this machine or of the user stands in it.

use std::time::Duration;

use super::super::run::{self, OUTPUT_CAP};
use super::super::source::{Ledger, cut};
use super::fallback;
use crate::model::{Gap, Why};

/// The rest of the scan's time belongs to the tools that stand in for it.
const LIMIT: Duration = Duration::from_millis(4400);
/// When nothing at all was answered by then, other tools are asked beside it.
const PATIENCE: Duration = Duration::from_millis(2500);

/// What every answer's line begins with.
const MARK: &str = "#vmnet-doctor";

/// One question.
struct Question {
    /// What it is about, for what could not be read.
    what: &'static str,
    /// The command by which a person asks the same, and by which the parsers know the answer.
    command: &'static str,
    /// What PowerShell is asked. Nothing at all (`$null`) is "does not apply here".
    script: &'static str,
}

/// Quick and telling ones first. Enums stay numbers in JSON; the parsers know both.
const QUESTIONS: [Question; 19] = [
    Question {
        what: "adapters",
        command: "Get-NetAdapter -IncludeHidden",
        // Hidden ones are layers of Windows itself, but for those of hypervisors and VPNs.
        script: "@(Get-NetAdapter -IncludeHidden | Where-Object { $_.Name -notmatch '-\\d{4}$' -and (-not $_.Hidden -or \
                 $_.InterfaceDescription -match 'VMware|VirtualBox|Hyper-V|TAP|Wintun|WireGuard|VPN') } | \
                 Select-Object Name,InterfaceDescription,ifIndex,Status,MacAddress,MtuSize,HardwareInterface)",
    },
    Question {
        what: "addresses",
        command: "Get-NetIPAddress",
        script: "@(Get-NetIPAddress | Select-Object IPAddress,PrefixLength,InterfaceAlias,InterfaceIndex,PrefixOrigin,\
                 AddressState)",
    },
    Question {
        what: "adapter settings",
        command: "Get-NetIPInterface",
        script: "@(Get-NetIPInterface | Select-Object ifIndex,InterfaceAlias,AddressFamily,Forwarding,Dhcp,NlMtu,\
                 ConnectionState,InterfaceMetric)",
    },
    Question {
        what: "network profiles",
        command: "Get-NetConnectionProfile",
        script: "@(Get-NetConnectionProfile | Select-Object Name,InterfaceAlias,InterfaceIndex,NetworkCategory)",
    },
    Question {
        what: "firewall profiles",
        command: "Get-NetFirewallProfile -PolicyStore ActiveStore",
        script: "@(Get-NetFirewallProfile -PolicyStore ActiveStore | Select-Object Name,Enabled,DefaultInboundAction,\
                 DefaultOutboundAction,AllowInboundRules,AllowLocalFirewallRules)",
    },
    Question {
        what: "services",
        command: "Get-Service",
        script: "@(Get-Service -Name $names -ErrorAction SilentlyContinue | Select-Object Name,DisplayName,Status,StartType)",
    },
    Question {
        what: "port proxies",
        command: "netsh interface portproxy show v4tov4",
        script: "@(netsh interface portproxy show v4tov4)",
    },
    Question {
        what: "firewall rules",
        command: "Get-NetFirewallRule",
        // The firewall's own object lists a thousand rules in the time in which the cmdlet finds its first. Rules for a
        // service or an app of the store say nothing about anybody else, and neither does what lets one program in; but
        // what blocks one, as "Cancel" in the question "allow access?" leaves it, wins over all that allow. A block for
        // some adapters, addresses or far ports alone is not what these fields could say, and what is let in for those
        // alone is told in part. Of the messages of ICMP echo is the one that counts: another is let in on every Windows.
        // Blocks first, should there be too many.
        script: "@($i = 0; (New-Object -ComObject HNetCfg.FwPolicy2).Rules | Where-Object { $_.Enabled -and -not $_.ServiceName -and \
                 $(if ($_.Direction -eq 1) { 1, 6, 58, 256 -contains $_.Protocol } else { $_.Action -eq 0 }) -and \
                 (-not $_.ApplicationName -or $_.ApplicationName -eq 'System' -or ($_.Action -eq 0 -and $_.Direction -eq 1)) -and \
                 -not $_.LocalAppPackageId -and ($_.Action -eq 1 -or (everywhere $_)) -and \
                 (1, 58 -notcontains $_.Protocol -or \"$($_.IcmpTypesAndCodes)\" -match '^$|(^|,)(\\*|8|128)(:|,|$)') } | \
                 Sort-Object Action | Select-Object -First 400 | \
                 ForEach-Object { $i++; @{ Name = \"$($_.Name) #$i\"; DisplayName = $_.Name; Enabled = 1; \
                 Direction = $_.Direction; Program = $_.ApplicationName; Partial = [int](-not (everywhere $_)); \
                 Action = $(if ($_.Action -eq 1) { 2 } else { 4 }); Profile = $_.Profiles; LocalPort = $_.LocalPorts; \
                 RemoteAddress = $_.RemoteAddresses; Protocol = $(switch ($_.Protocol) { 1 { 'ICMPv4' } 58 { 'ICMPv6' } \
                 6 { 'TCP' } 17 { 'UDP' } 256 { 'Any' } default { \"$_\" } }) } })",
    },
    Question {
        what: "bindings of drivers to adapters",
        command: "Get-NetAdapterBinding -AllBindings",
        // Of a card everything, so that a driver which is not in the list is not on the card; of other adapters what rules ask for.
        script: "@($cards = @(Get-NetAdapter | Where-Object { $_.HardwareInterface } | ForEach-Object { $_.Name }); \
                 Get-NetAdapterBinding -AllBindings | Where-Object { $cards -contains $_.Name -or $_.ComponentID -match \
                 'vmware_bridge|oracle_vbox|vms_pp|ms_tcpip$|ms_tcpip6|npcap|npf' } | \
                 Select-Object Name,InterfaceAlias,DisplayName,ComponentID,Enabled)",
    },
    Question {
        what: "Windows NAT",
        command: "Get-NetNat",
        script: "$(if (Get-Service winnat -ErrorAction SilentlyContinue) { ,@(Get-NetNat | \
                 Select-Object Name,InternalIPInterfaceAddressPrefix,Active) })",
    },
    Question {
        what: "Hyper-V switches",
        command: "Get-VMSwitch",
        script: "$(if (hyperv) { ,@(Get-VMSwitch | Select-Object Name,@{n='Id';e={\"$($_.Id)\"}},SwitchType,AllowManagementOS,\
                 NetAdapterInterfaceDescription) })",
    },
    Question {
        what: "Hyper-V machines and cards",
        command: "Get-VM; Get-VMNetworkAdapter",
        script: "$(if (hyperv) { ,@(@(Get-VM | Select-Object Name,@{n='Id';e={\"$($_.Id)\"}},State,CPUUsage,MemoryAssigned) + \
                 @(Get-VMNetworkAdapter -VMName * | Select-Object VMName,Name,SwitchName,MacAddress,Connected,IsManagementOs,\
                 MacAddressSpoofing,DhcpGuard,RouterGuard,IPAddresses,@{n='VlanMode';e={\"$($_.VlanSetting.OperationMode)\"}},\
                 @{n='AccessVlanId';e={$_.VlanSetting.AccessVlanId}})) })",
    },
    Question {
        what: "VLANs of the host's cards on Hyper-V switches",
        command: "Get-VMNetworkAdapterVlan -ManagementOS",
        // The card may have another name than its switch.
        script: "$(if (hyperv) { ,@(Get-VMNetworkAdapterVlan -ManagementOS | Select-Object \
                 @{n='ParentAdapterName';e={$_.ParentAdapter.SwitchName}},@{n='OperationMode';e={\"$($_.OperationMode)\"}},\
                 AccessVlanId) })",
    },
    Question {
        what: "Hyper-V access lists",
        command: "Get-VMNetworkAdapterAcl -VMName *",
        script: "$(if (hyperv) { ,@(Get-VMNetworkAdapterAcl -VMName * | Select-Object @{n='VMName';e={$_.ParentAdapter.VMName}},\
                 @{n='Direction';e={\"$($_.Direction)\"}},@{n='Action';e={\"$($_.Action)\"}},RemoteAddress) })",
    },
    Question {
        what: "Hyper-V firewall",
        command: "Get-NetFirewallHyperVVMSetting -PolicyStore ActiveStore",
        script: "$(if (wslfirewall) { ,@(Get-NetFirewallHyperVVMSetting -PolicyStore ActiveStore | \
                 Select-Object Name,Enabled,DefaultInboundAction,AllowHostPolicyMerge) })",
    },
    Question {
        what: "rules of the Hyper-V firewall",
        command: "Get-NetFirewallHyperVRule -PolicyStore ActiveStore",
        script: "$(if (wslfirewall) { ,@(Get-NetFirewallHyperVRule -PolicyStore ActiveStore | \
                 Select-Object VMCreatorId,Direction,Action,Enabled,Protocol,LocalPorts) })",
    },
    Question {
        what: "other firewalls",
        command: "Get-CimInstance -Namespace root/SecurityCenter2 -ClassName FirewallProduct",
        // Windows Server has no security center.
        script: "$(if (Get-Service wscsvc -ErrorAction SilentlyContinue) { ,@(Get-CimInstance -Namespace root/SecurityCenter2 \
                 -ClassName FirewallProduct | Select-Object displayName,productState) })",
    },
    Question {
        what: "connections that are shared",
        command: "(New-Object -ComObject HNetCfg.HNetShare).EnumEveryConnection",
        // SharingConnectionType (ICSSHARINGTYPE): 0 is the way out, 1 those who get it.
        script: "@($m = New-Object -ComObject HNetCfg.HNetShare; $m.EnumEveryConnection | ForEach-Object { \
                 $c = $m.INetSharingConfigurationForINetConnection.Invoke($_); if ($c.SharingEnabled) { \
                 @{ Name = $m.NetConnectionProps.Invoke($_).Name; SharingConnectionType = [int]$c.SharingConnectionType } } })",
    },
    Question {
        what: "offloads of cards",
        command: "Get-NetAdapterAdvancedProperty",
        script: "@(Get-NetAdapterAdvancedProperty | Where-Object { $_.RegistryKeyword -match 'Lso|Rsc|Checksum' } | \
                 Select-Object Name,RegistryKeyword,RegistryValue)",
    },
];

/// Without these rights `Get-VM` fails, or shows no machine and no error.
const HYPER_V_RIGHTS: &str = "needs Hyper-V Administrators";

/// The whole script. Members of the group have S-1-5-32-578 in their token, elevated administrators S-1-16-12288.
fn script() -> String {
    let names: Vec<String> = super::services::NAMES
        .iter()
        .map(|name| format!("'{name}'"))
        .collect();
    let mut script = format!(
        "$ProgressPreference = 'SilentlyContinue'; $ErrorActionPreference = 'Stop'\n\
         try {{ [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false }} catch {{ }}\n\
         $names = {}\n\
         function say($text) {{ try {{ [Console]::Out.WriteLine($text) }} catch {{ Write-Output $text }} }}\n\
         function hyperv {{ if (-not (Get-Service vmms -ErrorAction SilentlyContinue)) {{ return $false }}\n\
         if (\"$(whoami /groups)\" -notmatch 'S-1-5-32-578|S-1-16-12288|S-1-16-16384') {{ throw '{HYPER_V_RIGHTS}' }}; $true }}\n\
         function everywhere($rule) {{ $rule.InterfaceTypes -eq 'All' -and -not $rule.Interfaces -and \
         $rule.LocalAddresses -eq '*' -and (-not $rule.RemotePorts -or $rule.RemotePorts -eq '*') }}\n\
         function wslfirewall {{ (Get-Service wslservice -ErrorAction SilentlyContinue) -and \
         (Get-Command Get-NetFirewallHyperVVMSetting -ErrorAction SilentlyContinue) }}\n",
        names.join(",")
    );
    for (number, question) in QUESTIONS.iter().enumerate() {
        script.push_str(&format!(
            "try {{ $a = {}; if ($null -eq $a) {{ say '{MARK} {number} none' }} else \
             {{ say ('{MARK} {number} ok ' + (ConvertTo-Json -InputObject @($a) -Compress -Depth 3)) }} }} catch \
             {{ say ('{MARK} {number} no ' + $_.CategoryInfo.Category + ' ' + (\"$_\" -replace '\\s+', ' ')) }}\n",
            question.script
        ));
    }
    script.push_str(&format!("say '{MARK} end'\n"));
    script
}

/// Asks all questions. What was not answered stands among what could not be read, and other tools tell what they
/// can when nothing was.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let (to, mut inbox) = tokio::sync::mpsc::unbounded_channel::<String>();
    let mut lines = Lines::default();
    let script = script();
    let arguments = ["-NoProfile", "-NonInteractive", "-NoLogo", "-Command", &script];
    let tools = ledger.machine.tools.clone();
    let mut heard = |bytes: &[u8]| lines.push(bytes, |line| drop(to.send(line)));
    let mut asking = std::pin::pin!(run::run_heard(
        &tools,
        "powershell",
        &arguments,
        LIMIT,
        OUTPUT_CAP,
        &mut heard
    ));
    let mut answered = [false; QUESTIONS.len()];
    let mut helped = false;
    let patience = tokio::time::sleep(PATIENCE);
    let mut patience = std::pin::pin!(patience);
    let ended = loop {
        tokio::select! {
            biased;
            Some(line) = inbox.recv() => hear(&ledger, &line, &mut answered),
            ended = &mut asking => break ended,
            () = &mut patience, if !helped && answered.iter().all(|told| !told) => {
                helped = true;
                fallback::instead_of_powershell(&ledger.at(HELP)).await;
            }
        }
    };
    while let Ok(line) = inbox.try_recv() {
        hear(&ledger, &line, &mut answered);
    }
    if answered.iter().all(|told| !told) && !helped {
        fallback::instead_of_powershell(&ledger.at(HELP)).await;
    }
    let gap = match ended.and_then(run::Printed::checked) {
        Ok(_) => Gap {
            why: Why::CouldNotParse,
            detail: "PowerShell gave no answer".to_owned(),
        },
        Err(gap) => gap,
    };
    for (number, question) in QUESTIONS.iter().enumerate() {
        if !answered.get(number).copied().unwrap_or_default() {
            ledger.at(number).unread(question.what, &gap, question.command);
        }
    }
    Ok(())
}

/// What other tools told stands before what PowerShell tells, whose words are surer.
const HELP: usize = 0;

/// Takes in one line. Lines of others are left out.
fn hear(ledger: &Ledger, line: &str, answered: &mut [bool]) {
    let Some((number, outcome)) = answer(line) else {
        return;
    };
    let (Some(question), Some(told)) = (QUESTIONS.get(number), answered.get_mut(number)) else {
        return;
    };
    *told = true;
    let ledger = ledger.at(number + 1);
    match outcome {
        Outcome::None => {}
        Outcome::Refused(gap) => ledger.unread(question.what, &gap, question.command),
        Outcome::Told(json) => match parts(question.command, json) {
            // One answer may be of several commands, each known by the keys of its rows.
            Some(parts) => {
                for (command, text) in parts {
                    ledger.output(command, text);
                }
            }
            // What was cut off says what its whole rows say, and is never an answer of "none".
            None => {
                ledger.unread(question.what, &cut(), question.command);
                if !question.command.contains("; ") && !question.command.starts_with("netsh ") {
                    ledger.part(question.command, json.to_owned());
                }
            }
        },
    }
}

/// What became of a question.
#[derive(Debug, PartialEq, Eq)]
enum Outcome<'a> {
    /// It does not apply here.
    None,
    /// PowerShell said why not.
    Refused(Gap),
    /// The answer in JSON.
    Told(&'a str),
}

/// The number of the question and what became of it.
fn answer(line: &str) -> Option<(usize, Outcome<'_>)> {
    let rest = line
        .trim_start_matches('\u{feff}')
        .strip_prefix(MARK)?
        .trim_start();
    let (number, rest) = rest.split_once(' ')?;
    let number = number.parse().ok()?;
    let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let outcome = match word.trim() {
        "none" => Outcome::None,
        "ok" => Outcome::Told(rest),
        "no" => {
            let detail: String = rest.trim().chars().take(400).collect();
            // The category is not translated; the message is.
            // The number of E_ACCESSDENIED, which COM objects say in words of the system's language.
            let refused = ["PermissionDenied", "SecurityError", "0x80070005", HYPER_V_RIGHTS];
            let why = match refused.iter().any(|word| detail.contains(word)) {
                // Its own words say which rights.
                true if detail.contains(HYPER_V_RIGHTS) => Why::Failed,
                true => Why::NoPermission,
                false => Why::Failed,
            };
            let detail = match detail.contains(HYPER_V_RIGHTS) {
                true => HYPER_V_RIGHTS.to_owned(),
                false => detail,
            };
            Outcome::Refused(Gap { why, detail })
        }
        _ => return None,
    };
    Some((number, outcome))
}

/// The commands of an answer with what each of them printed; `None` when it is no whole list.
fn parts<'a>(command: &'a str, json: &str) -> Option<Vec<(&'a str, String)>> {
    let rows: Vec<serde_json::Value> = serde_json::from_str(json).ok()?;
    // The lines of a tool of the command prompt.
    if command.starts_with("netsh ") {
        let lines: Option<Vec<&str>> = rows.iter().map(|line| line.as_str()).collect();
        return Some(vec![(command, lines?.join("\n"))]);
    }
    let Some((first, second)) = command.split_once("; ") else {
        return Some(vec![(command, json.to_owned())]);
    };
    let (of_second, of_first): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| row.get("VMName").is_some());
    let parted = [(first, of_first), (second, of_second)].into_iter();
    let texts = parted.map(|(command, rows)| (command, serde_json::Value::Array(rows).to_string()));
    Some(texts.collect())
}

/// Bytes into lines of answers, as they come.
#[derive(Default)]
struct Lines {
    /// The beginning of a line whose end has not come.
    rest: Vec<u8>,
}

impl Lines {
    fn push(&mut self, bytes: &[u8], mut told: impl FnMut(String)) {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.rest.extend_from_slice(line);
            if line.ends_with(b"\n") {
                let whole = std::mem::take(&mut self.rest);
                // Lines of others are not looked at: there may be millions.
                if whole
                    .strip_prefix(b"\xef\xbb\xbf")
                    .unwrap_or(&whole)
                    .starts_with(MARK.as_bytes())
                {
                    told(crate::parse::decode(&whole).trim_end().to_owned());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_is_known_to_a_parser() {
        for question in &QUESTIONS {
            for command in question.command.split("; ") {
                let call = crate::parse::command::call(command);
                assert!(crate::parse::formats::of_command(&call).is_some(), "{command}");
            }
        }
    }

    #[test]
    fn the_script_fits_a_command_line_and_only_reads() {
        let script = script();
        // CreateProcess takes 32767 characters, quotes doubled.
        assert!(script.len() < 16_000, "{}", script.len());
        for verb in [
            "Set-", "New-Net", "Remove-", "Enable-", "Disable-", "Start-", "Stop-", "Invoke-",
        ] {
            assert!(!script.contains(verb), "{verb}");
        }
    }

    #[test]
    fn lines_are_whole_however_they_come() {
        let mut lines = Lines::default();
        let mut told = Vec::new();
        for piece in [
            "#vmnet-doctor 0 o",
            "k [1]\r\n#vmnet",
            "-doctor 1 none\r",
            "\nrest",
        ] {
            lines.push(piece.as_bytes(), |line| told.push(line));
        }
        assert_eq!(told, ["#vmnet-doctor 0 ok [1]", "#vmnet-doctor 1 none"]);
    }

    #[test]
    fn refusals_keep_their_words() {
        assert_eq!(answer("WARNING: something"), None);
        assert_eq!(answer("#vmnet-doctor 3 none"), Some((3, Outcome::None)));
        let Some((10, Outcome::Refused(gap))) =
            answer("#vmnet-doctor 10 no OperationStopped needs Hyper-V Administrators")
        else {
            panic!("a refusal");
        };
        assert_eq!(gap.detail, HYPER_V_RIGHTS);
        let Some((9, Outcome::Refused(gap))) = answer("#vmnet-doctor 9 no PermissionDenied 拒绝访问。")
        else {
            panic!("a refusal");
        };
        assert_eq!(gap.why, Why::NoPermission);
    }

    #[test]
    fn one_answer_of_two_commands_is_parted() {
        let found = parts(
            "Get-VM; Get-VMNetworkAdapter",
            r#"[{"Name":"web","State":2},{"VMName":"web","Name":"n"}]"#,
        )
        .expect("parted");
        assert_eq!(found[0].0, "Get-VM");
        assert!(found[0].1.contains("State") && !found[0].1.contains("VMName"));
        assert!(found[1].1.contains("VMName") && !found[1].1.contains("State"));
        let lines = |json| parts("netsh x", json).map(|parts| parts[0].1.clone());
        assert_eq!(lines("[\"a\",\"b\"]").as_deref(), Some("a\nb"));
        assert_eq!(lines("[]").as_deref(), Some(""));
        // Neither half a list nor something else is an answer of no lines.
        for broken in ["[\"a\",\"b", "", "null", "[1]"] {
            assert_eq!(lines(broken), None, "{broken}");
        }
    }
}
