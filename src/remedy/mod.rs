//! The vocabulary of fixes: typed commands for each system and shell. The one place where anything is quoted for a shell.
