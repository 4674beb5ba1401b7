//! Error texts that come instead of an answer: the tool is missing, or the rights are.

/// Why a command did not answer.
pub struct Complaint {
    /// In the words of the list of what could not be read.
    pub why: &'static str,
    /// Whether the same command with more rights would answer.
    pub needs_rights: bool,
}

/// Longest text that can be nothing but a complaint, in bytes.
const MAX_COMPLAINT: usize = 1500;

const MISSING: [&str; 12] = [
    "command not found",
    ": not found",
    "not found: ",
    "is not recognized as",
    "不是内部或外部命令",
    "无法将",
    "ist entweder falsch geschrieben",
    "wurde nicht als name",
    "unknown command: ",
    "no such file or directory",
    "is not installed",
    "applet not found",
];

const RIGHTS: [&str; 18] = [
    "permission denied",
    "operation not permitted",
    "must be root",
    "need to be root",
    "needs root",
    "are you root",
    "you must be root",
    "requires elevation",
    "run as administrator",
    "access is denied",
    "access denied",
    "拒绝访问",
    "请求的操作需要提升",
    "zugriff verweigert",
    "erhöhte rechte",
    "authentication is required",
    "a password is required",
    "not in the sudoers file",
];

/// The complaint that a text is; `None` when it holds more than a few lines or no known complaint.
pub fn of(text: &str) -> Option<Complaint> {
    let text = text.trim();
    if text.len() > MAX_COMPLAINT || text.lines().count() > 12 {
        return None;
    }
    let text = text.to_lowercase();
    if RIGHTS.iter().any(|words| text.contains(words)) {
        return Some(Complaint {
            why: "needs root",
            needs_rights: true,
        });
    }
    MISSING
        .iter()
        .any(|words| text.contains(words))
        .then_some(Complaint {
            why: "tool missing",
            needs_rights: false,
        })
}

/// The command with more rights, for systems that have `sudo`.
pub fn with_rights(command: &str) -> String {
    let windows = command.contains('\\') || command.contains(".exe") || command.contains("netsh");
    if command.is_empty() || windows || command.starts_with("sudo ") || command.starts_with("Get-") {
        return String::new();
    }
    format!("sudo {command}")
}
