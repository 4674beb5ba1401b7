//! One fix with a command for each system: what every way of it shares is said once.

use super::{Lines, Remedy, Risk, Shell, Where, build};
use crate::model::{Message, Os};

/// A fix under construction: its place, title, effect and risk, and the ways to do it.
pub(crate) struct Fix {
    on: Where,
    os: Os,
    title: &'static str,
    effect: Message,
    risk: Risk,
    ways: Vec<Remedy>,
}

impl Fix {
    /// A fix without a way yet.
    pub fn new(on: Where, os: Os, title: &'static str, effect: Message, risk: Risk) -> Self {
        Self {
            on,
            os,
            title,
            effect,
            risk,
            ways: Vec::new(),
        }
    }

    /// The fix as one line for a POSIX shell; it needs root where it says `sudo`.
    #[must_use]
    pub fn sh(self, command: impl Into<String>, undo: impl Into<String>, verify: impl Into<String>) -> Self {
        let command = command.into();
        let admin = command.contains("sudo ");
        self.by(Shell::Sh, admin, command, undo.into(), verify.into())
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
            command.into(),
            undo.into(),
            verify.into(),
        )
    }

    /// The fix as one line for the command prompt with administrator rights.
    #[must_use]
    pub fn cmd(self, command: impl Into<String>, undo: impl Into<String>, verify: impl Into<String>) -> Self {
        self.by(Shell::Cmd, true, command.into(), undo.into(), verify.into())
    }

    /// The ways, best first.
    pub fn ways(self) -> Vec<Remedy> {
        self.ways
    }

    fn by(mut self, shell: Shell, admin: bool, command: String, undo: String, verify: String) -> Self {
        let lines = Lines {
            title: self.title,
            effect: self.effect.clone(),
            risk: self.risk,
            command,
            undo,
            verify,
        };
        self.ways.push(build(self.on, self.os, shell, admin, lines));
        self
    }
}
