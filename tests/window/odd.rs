//! Input that nobody would choose: three hundred adapters, a clock that went back, names of any kind.

use vmnet_doctor::locale::Language;
use vmnet_doctor::model::Case;
use vmnet_doctor::wizard::example::Example;
use vmnet_doctor::wizard::state::Page;
use vmnet_doctor::wizard::{Command, Theme};

use super::painted::Frame;
use super::{EVERY_PAGE, Walk, plain_window};

fn scanned<'a>(language: Language, size: [f32; 2], facts: Case) -> Walk<'a> {
    let mut walk = plain_window(language, Theme::Light, size, 1.0);
    walk.window
        .ctx
        .set_missing_glyph_policy(egui::MissingGlyphPolicy::Tofu);
    walk.scan(facts);
    walk.window.run_ok();
    walk.dismiss_toasts();
    walk
}

fn sound_on_every_page(walk: &mut Walk<'_>) {
    for page in EVERY_PAGE {
        walk.send(Command::Go(page));
        let frame = Frame::of(&walk.window);
        assert!(frame.visible() > 0, "{page:?}");
        assert_eq!(frame.faults(), Vec::<String>::new(), "{page:?}");
    }
}

/// Containers leave such lists behind; long names with them.
#[test]
fn three_hundred_adapters_leave_every_page_usable() {
    let rows: Vec<serde_json::Value> = (0..300)
        .map(|index| {
            let name = match index % 3 {
                0 => format!("veth{index:04x}abcdef"),
                1 => format!("Hyper-V Virtual Ethernet Adapter of container network number {index}"),
                _ => format!("br-{index:012x}"),
            };
            let (high, low) = (index / 250, index % 250);
            serde_json::json!({ "name": name, "kind": "bridge", "enabled": index % 7 != 0,
                "addresses": [{ "net": format!("172.{}.{low}.1/24", 16 + high) }] })
        })
        .collect();
    let text = serde_json::json!({ "host": { "os": "linux", "adapters": rows } }).to_string();
    for (language, size) in [
        (Language::English, [900.0, 600.0]),
        (Language::Chinese, [480.0, 320.0]),
    ] {
        let mut walk = scanned(language, size, Case::from_json(&text).expect("a case"));
        sound_on_every_page(&mut walk);
    }
}

/// What a scan leaves of tools that are blocked, slow, cut short or in a language never seen, beside an adapter whose name
/// is a command: every page shows the rest.
#[test]
fn what_could_not_be_read_leaves_every_page_usable() {
    const WHYS: [&str; 7] = [
        "timed-out",
        "no-permission",
        "tool-missing",
        "failed",
        "could-not-parse",
        "too-large",
        "a word of tomorrow",
    ];
    let gap = |why: &str| serde_json::json!({ "unknown": { "why": why, "detail": "powershell: \"; shutdown /s #" } });
    for why in WHYS {
        let product = |version: &str| serde_json::json!({ "id": "vmware-workstation", "version": version, "machines": gap(why), "networks": gap(why) });
        let case = serde_json::json!({
            "host": { "os": "windows",
                "adapters": [{ "name": "\"; shutdown /s #", "kind": "ethernet", "enabled": true, "addresses": [{ "net": "192.168.1.5/24" }] }],
                "routes": gap(why), "neighbors": gap(why), "filter": gap(why), "services": gap(why), "firewall": gap(why),
                "listeners": gap(why), "resolvers": gap(why) },
            "hypervisors": [product("17.5"), product("16.0")],
            "unread": [{ "what": "adapters", "why": why, "how": "" }, { "what": "Get-NetFirewallRule", "why": "needs root", "how": "\"; shutdown /s #" }],
        });
        for (language, size) in [
            (Language::English, [900.0, 600.0]),
            (Language::Chinese, [480.0, 320.0]),
        ] {
            let facts = Case::from_json(&case.to_string()).expect("a case");
            let mut walk = scanned(language, size, facts);
            sound_on_every_page(&mut walk);
        }
    }
}

/// A clock that was set back between the facts and the file: ages are negative then, and say nothing.
#[test]
fn a_clock_that_went_back_changes_no_answer() {
    for example in Example::ALL {
        let answer = |taken_at: &str| {
            let mut walk = plain_window(Language::English, Theme::Light, [900.0, 600.0], 1.0);
            let mut case = example.case().expect("a case");
            case.taken_at = Some(taken_at.to_owned());
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("case.json");
            std::fs::write(&path, case.to_json()).expect("written");
            walk.send(Command::OpenFile(path));
            walk.send(Command::StartCheck);
            walk.dismiss_toasts();
            sound_on_every_page(&mut walk);
            let diagnosis = walk.window.state().wizard().state().diagnosis.clone();
            let diagnosis = diagnosis.expect("an answer");
            let causes: Vec<_> = diagnosis.causes.iter().map(|cause| cause.id).collect();
            (diagnosis.verdict, causes)
        };
        let usual = example.case().expect("a case").taken_at.expect("a time");
        let then = answer(&usual);
        for odd in ["1970-01-01T00:00:00Z", "2199-12-31T23:59:59Z", "yesterday", ""] {
            assert_eq!(answer(odd), then, "{} {odd}", example.name());
        }
    }
}

/// Everything a person told stays while the pages come and go, and *Back* finds it.
#[test]
fn back_remembers_everything() {
    use vmnet_doctor::wizard::state::Draft;
    let mut walk = plain_window(Language::English, Theme::Light, [900.0, 600.0], 1.0);
    walk.send(Command::OpenExample(Example::LibvirtEchoFiltered));
    walk.send(Command::Go(Page::HypervisorMode));
    walk.send(Command::Go(Page::Symptom));
    walk.send(Command::SetPort(Some(8080)));
    walk.send(Command::Type(Draft::Target, "exa".to_owned()));
    walk.send(Command::Go(Page::Check));
    for page in [Page::Symptom, Page::HypervisorMode] {
        walk.window.key_press(egui::Key::Escape);
        walk.window.run_ok();
        assert_eq!(walk.page(), page);
        let state = walk.window.state().wizard().state();
        assert_eq!(state.case.intake.port, Some(8080));
        assert_eq!(state.drafts.get(Draft::Target), "exa");
    }
}
