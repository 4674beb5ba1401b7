use std::os::unix::fs::{MetadataExt as _, symlink};
use std::time::Instant;

use super::super::fake::Fake;
use super::*;

/// Asks through a stand-in for the system's prompt. It is called as
/// `pkexec --disable-internal-agent PROGRAM scan --into FILE`.
async fn ask(script: &str, patience: Duration) -> Result<Case, NoRights> {
    let fake = Fake::new().tool("pkexec", script).tool("osascript", script);
    read(Asking {
        tools: fake.options().tools,
        program: PathBuf::from("/opt/it's here/vmnet-doctor"),
        text: "a reason".to_owned(),
        patience,
    })
    .await
}

const LONG: Duration = Duration::from_secs(20);

/// The last argument of both tools' calls that is a file of ours.
const FILE: &str = "for file; do case $file in */case.json) break;; esac; done";

#[tokio::test]
async fn a_case_comes_back_and_nothing_is_left() {
    let script = format!(
        "{FILE}\n[ -O $file ] && [ ! -s $file ] && [ \"$(stat -c %a $file ${{file%/*}} | xargs)\" = '600 700' ] || exit 9\n\
         echo \"$file\" >/tmp/vmnet-doctor-test-$PPID; \
         printf '{{\"schema\":1,\"kind\":\"scan\",\"case\":{{\"host\":{{\"host_name\":\"read\"}}}}}}' >$file"
    );
    let case = ask(&script, LONG).await.expect("a case");
    assert_eq!(case.host.host_name.as_deref(), Some("read"));
    let note = format!("/tmp/vmnet-doctor-test-{}", std::process::id());
    let file = std::fs::read_to_string(&note).expect("noted");
    std::fs::remove_file(note).expect("removed");
    assert!(!Path::new(file.trim()).parent().expect("a folder").exists());
}

#[tokio::test]
async fn what_is_no_case_changes_nothing() {
    assert_eq!(ask("exit 126", LONG).await, Err(NoRights::Refused));
    assert!(matches!(
        ask("echo 'Not authorized' >&2; exit 127", LONG).await,
        Err(NoRights::Failed(words)) if words == "Not authorized"
    ));
    // Nothing written, garbage, half a case, no UTF-8.
    for write in [
        "",
        "printf nonsense >$file",
        "printf '{\"schema\":1,\"host\":{' >$file",
        "head -c 1000 /dev/urandom >$file",
    ] {
        let asked = ask(&format!("{FILE}\n{write}"), LONG).await;
        assert!(matches!(asked, Err(NoRights::Failed(_))), "{write}: {asked:?}");
    }
    // A file as large as a disk is not read to its end.
    let start = Instant::now();
    let asked = ask(&format!("{FILE}\ntruncate -s 1T $file"), LONG).await;
    assert!(matches!(asked, Err(NoRights::Failed(words)) if words.starts_with("more than")));
    assert!(start.elapsed() < LONG / 2);
    // Another file in its place is not looked at.
    let asked = ask(
        &format!("{FILE}\nprintf '{{}}' >$file.other; rm $file; ln -s $file.other $file"),
        LONG,
    )
    .await;
    assert!(matches!(asked, Err(NoRights::Failed(_))), "{asked:?}");
}

#[tokio::test]
async fn a_prompt_that_nobody_answers_is_taken_away() {
    let start = Instant::now();
    assert_eq!(
        ask("sleep 77", Duration::from_millis(300)).await,
        Err(NoRights::Late)
    );
    assert!(start.elapsed() < Duration::from_secs(5));
    let fake = Fake::new();
    let asking = Asking {
        tools: fake.options().tools,
        program: PathBuf::from("/x"),
        text: String::new(),
        patience: LONG,
    };
    assert!(matches!(read(asking).await, Err(NoRights::NoPrompt(_))));
}

#[test]
fn only_an_empty_file_of_its_own_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    assert!(hand_over(&at("missing"), "x").is_err());
    assert!(!at("missing").exists());
    std::fs::write(at("full"), "kept").expect("written");
    std::fs::write(at("aim"), "").expect("written");
    symlink(at("aim"), at("link")).expect("linked");
    std::fs::write(at("two"), "").expect("written");
    std::fs::hard_link(at("two"), at("names")).expect("linked");
    let made = std::process::Command::new("mkfifo").arg(at("pipe")).status();
    assert!(made.is_ok_and(|status| status.success()));
    for name in ["full", "link", "two", "names", "pipe", "."] {
        assert!(hand_over(&at(name), "x").is_err(), "{name}");
    }
    assert_eq!(std::fs::read_to_string(at("full")).expect("read"), "kept");
    assert_eq!(at("aim").metadata().expect("there").size(), 0);
    std::fs::write(at("right"), "").expect("written");
    hand_over(&at("right"), "x").expect("written");
    assert_eq!(std::fs::read_to_string(at("right")).expect("read"), "x");
}

#[test]
fn each_system_is_asked_its_own_way() {
    let (tool, arguments) = prompt(Os::Linux, "/usr/bin/p", "/tmp/f", "why");
    assert_eq!(
        (tool, arguments.join(" ").as_str()),
        ("pkexec", "--disable-internal-agent /usr/bin/p scan --into /tmp/f")
    );
    let (tool, arguments) = prompt(Os::Macos, "/a'b", "/tmp/f", "why");
    assert_eq!(
        (tool, arguments[2..].join(" ").as_str()),
        ("osascript", "/a'b /tmp/f why")
    );
    let said = |status, stderr: &str| Printed {
        status: Some(status),
        stdout: String::new(),
        stderr: stderr.to_owned(),
    };
    let cancelled = "execution error: User canceled. (-128)";
    assert_eq!(judge(Os::Macos, said(1, cancelled)), Err(NoRights::Refused));
    assert_eq!(
        judge(Os::Macos, said(1, "")),
        Err(NoRights::Failed("exit status 1".to_owned()))
    );
    assert_eq!(judge(Os::Linux, said(0, "")), Ok(()));
}

#[test]
fn an_image_is_started_by_hand() {
    let command = |os, image: Option<&str>| by_hand_of(os, image.map(Into::into));
    assert_eq!(command(Os::Linux, None), None);
    assert_eq!(command(Os::Linux, Some("")), None);
    // Others have no such images, whatever the variable says.
    assert_eq!(command(Os::Macos, Some("/a/x.AppImage")), None);
    assert_eq!(
        command(Os::Linux, Some("/home/me/my tools/x.AppImage")).as_deref(),
        Some("sudo '/home/me/my tools/x.AppImage' scan")
    );
}

#[test]
fn what_runs_with_more_rights_is_the_machines() {
    let options = options(Timestamp::UNIX_EPOCH);
    assert!(options.only.iter().any(|name| name == "adapters"));
    assert!(
        !options
            .only
            .iter()
            .any(|name| OF_THE_USER.contains(&name.as_str()))
    );
}
