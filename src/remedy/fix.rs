//! One fix in the words of several systems: what it changes and risks is said once, the lines differ. [`Fix`] gives one
//! card a line; [`Ways`] collects the lines for one system, best first.

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

/// Ways to carry out one fix on one system, best first.
pub(crate) struct Ways {
    fix: Fix,
    os: Os,
    ways: Vec<Remedy>,
}

impl Ways {
    /// A fix without a way yet.
    pub fn new(on: Where, os: Os, title: &'static str, effect: Message, risk: Risk) -> Self {
        Self {
            fix: Fix::at(on, title, effect, risk),
            os,
            ways: Vec::new(),
        }
    }

    /// The fix as one line for a POSIX shell; it needs root where it says `sudo`.
    #[must_use]
    pub fn sh(self, command: impl Into<String>, undo: impl Into<String>, verify: impl Into<String>) -> Self {
        let command = command.into();
        let admin = command.contains("sudo ");
        self.by(Shell::Sh, admin, (command, undo.into(), verify.into()))
    }

    /// The fix as one line for PowerShell with administrator rights.
    #[must_use]
    pub fn powershell(
        self,
        command: impl Into<String>,
        undo: impl Into<String>,
        verify: impl Into<String>,
    ) -> Self {
        self.by(
            Shell::Powershell,
            true,
            (command.into(), undo.into(), verify.into()),
        )
    }

    /// The fix as one line for the command prompt with administrator rights.
    #[must_use]
    pub fn cmd(self, command: impl Into<String>, undo: impl Into<String>, verify: impl Into<String>) -> Self {
        self.by(Shell::Cmd, true, (command.into(), undo.into(), verify.into()))
    }

    /// The ways, best first.
    pub fn ways(self) -> Vec<Remedy> {
        self.ways
    }

    fn by(mut self, shell: Shell, admin: bool, line: Line) -> Self {
        self.ways.push(self.fix.in_shell(self.os, shell, admin, line));
        self
    }
}
