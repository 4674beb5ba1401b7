//! One fix in the words of several systems: what it changes and risks is said once, the lines differ.

use super::{Lines, Remedy, Risk, Shell, Where, build};
use crate::model::{Message, Os};

/// A fix whose lines are still to come.
#[derive(Clone, Debug)]
pub(crate) struct Fix {
    on: Where,
    title: &'static str,
    effect: Message,
    risk: Risk,
}

/// A line to run, the line that takes it back (empty when nothing has to be), and the line that shows whether it worked.
pub(crate) type Line = (String, String, String);

impl Fix {
    /// A fix on the host.
    pub fn host(title: &'static str, effect: Message, risk: Risk) -> Self {
        Self::at(Where::Host, title, effect, risk)
    }

    /// A fix on one of the machines.
    pub fn at(on: Where, title: &'static str, effect: Message, risk: Risk) -> Self {
        Self {
            on,
            title,
            effect,
            risk,
        }
    }

    /// Its line for a POSIX shell, as root.
    pub fn sh(&self, os: Os, line: Line) -> Remedy {
        self.in_shell(os, Shell::Sh, true, line)
    }

    /// Its line for PowerShell, as administrator.
    pub fn powershell(&self, line: Line) -> Remedy {
        self.in_shell(Os::Windows, Shell::Powershell, true, line)
    }

    /// Its line for the Windows command prompt, as administrator.
    pub fn cmd(&self, line: Line) -> Remedy {
        self.in_shell(Os::Windows, Shell::Cmd, true, line)
    }

    /// Its line for any shell.
    pub fn in_shell(&self, os: Os, shell: Shell, admin: bool, (command, undo, verify): Line) -> Remedy {
        let lines = Lines {
            title: self.title,
            effect: self.effect.clone(),
            risk: self.risk,
            command,
            undo,
            verify,
        };
        build(self.on, os, shell, admin, lines)
    }
}
