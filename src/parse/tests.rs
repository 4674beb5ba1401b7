//! Whole texts through [`super::absorb`].

use super::*;

fn absorbed(command: &str, text: &str) -> Case {
    let mut case = Case::default();
    let output = Output {
        on: Place::Guest,
        command: command.to_owned(),
        text: text.to_owned(),
    };
    absorb(&mut case, &output);
    case
}

#[test]
fn an_unknown_command_is_kept_as_unread() {
    let case = absorbed("frobnicate --all", "some words\nthat mean nothing\n");
    assert_eq!(case.unread.len(), 1);
    assert_eq!(case.unread[0].what, "frobnicate --all");
    assert_eq!(case.unread[0].why, "not understood");
}
