//! The line to run inside a guest, whose output is made to be pasted.

use crate::model::Os;

/// One line for the shell of `os` that prints addresses, routes, neighbors, name servers, open ports and the results
/// of a few tests, each under the command that printed it. It changes nothing.
pub fn guest_script(os: Os) -> String {
    let text = match os {
        Os::Windows => include_str!("../../assets/guest-script/windows.txt"),
        Os::Macos => include_str!("../../assets/guest-script/macos.txt"),
        Os::Bsd => include_str!("../../assets/guest-script/bsd.txt"),
        Os::Linux | Os::Other => include_str!("../../assets/guest-script/linux.txt"),
    };
    text.trim_end().to_owned()
}
