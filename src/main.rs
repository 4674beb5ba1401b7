//! The program: the window without a verb, the command line with one.
// Released for Windows it has no console of its own; `vmnet-doctor.com` beside it serves those who have one.
#![cfg_attr(
    all(windows, feature = "window", not(debug_assertions)),
    windows_subsystem = "windows"
)]

fn main() -> std::process::ExitCode {
    vmnet_doctor::cli::main()
}
