//! Ways through the application, without a worker.

use std::net::IpAddr;

use super::super::settings::Theme;
use super::*;
use crate::collect::rights::NoRights;
use crate::model::{
    Case, Fact, GuestAddress, Hypervisor, HypervisorId, Machine, Mode, Nic, Place, PowerState,
};
use crate::probe::{Outcome, Sample, Told};
use crate::wizard::Settings;
use crate::wizard::event::Opened;
use crate::wizard::example::Example;
use crate::wizard::run::judge;
use crate::wizard::state::Origin;

fn machine(name: &str, mode: Mode, address: &str) -> Machine {
    Machine {
        name: name.to_owned(),
        state: PowerState::Running,
        nics: vec![Nic {
            mode,
            addresses: vec![GuestAddress {
                address: address.parse().expect("an address"),
                prefix: None,
                source: "agent".to_owned(),
            }],
            ..Nic::default()
        }],
        ..Machine::default()
    }
}

fn scanned(machines: Vec<Machine>) -> Case {
    Case {
        hypervisors: vec![Hypervisor {
            id: HypervisorId::Libvirt,
            installed: Some(true),
            running: Some(true),
            machines: Fact::known(machines, "virsh"),
            ..Hypervisor::default()
        }],
        ..Case::default()
    }
}

/// A state with a hand-turned worker.
struct Play {
    state: State,
    now: Instant,
    effects: Vec<Effect>,
}

impl Play {
    fn new() -> Self {
        Self {
            state: State::new(Settings::default()),
            now: Instant::now(),
            effects: Vec::new(),
        }
    }

    /// With a finished scan that found these machines.
    fn with(machines: Vec<Machine>) -> Self {
        let mut play = Self::new();
        play.wish(Command::Scan);
        let job = play.state.jobs.scan.expect("a scan");
        play.news(Event::Scanned {
            job,
            facts: Box::new(scanned(machines)),
            took: Duration::from_millis(120),
        });
        play.effects.clear();
        play
    }

    fn wish(&mut self, command: Command) {
        let effects = apply(&mut self.state, Input::Wish(command), self.now);
        self.effects.extend(effects);
    }

    fn news(&mut self, event: Event) {
        let effects = apply(&mut self.state, Input::News(event), self.now);
        self.effects.extend(effects);
    }

    fn later(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
    }

    /// Ends the running check without results.
    fn probed(&mut self) {
        let job = self.state.jobs.check.expect("a check");
        self.news(Event::Probed {
            job,
            probes: Vec::new(),
            host: Box::default(),
        });
    }

    /// Answers the last question for a judgment.
    fn judged(&mut self) {
        let job = self.state.jobs.judge.expect("a judgment");
        let judged = judge(&self.state.case);
        self.news(Event::Judged { job, judged });
    }

    fn open(&mut self, example: Example, is_report: bool) {
        self.wish(Command::OpenExample(example));
        let job = self.state.jobs.open.expect("an opening");
        let case = example.case().expect("a case");
        self.news(Event::Opened {
            job,
            origin: Origin::Example(example),
            result: Ok(Opened {
                judged: judge(&case),
                case: Arc::new(case),
                is_report,
            }),
        });
    }

    fn choose(&mut self, name: &str) {
        self.wish(Command::ChooseMachine {
            hypervisor: HypervisorId::Libvirt,
            name: name.to_owned(),
        });
    }

    fn sends_packets(&self) -> bool {
        let sends = |effect: &Effect| {
            matches!(
                effect,
                Effect::Scan { .. } | Effect::Probe { .. } | Effect::Sweep { .. }
            )
        };
        self.effects.iter().any(sends)
    }
}

#[test]
fn one_click_on_a_machine_starts_the_check_and_skipped_pages_stay_one_step_back() {
    let mut play = Play::with(vec![machine("web", Mode::Nat, "192.168.122.9")]);
    play.choose("web");
    assert_eq!(play.state.page, Page::Check);
    assert!(play.state.check.is_running());
    assert!(
        matches!(play.effects.as_slice(), [Effect::Probe { .. }]),
        "{:?}",
        play.effects
    );
    // The product was recognized and not told.
    assert_eq!(play.state.case.intake.hypervisor, None);
    for page in [
        Page::Symptom,
        Page::HypervisorMode,
        Page::Overview,
        Page::Overview,
    ] {
        play.wish(Command::Back);
        assert_eq!(play.state.page, page);
    }
}

#[test]
fn what_is_not_clear_is_asked() {
    let unclear = Machine {
        nics: vec![
            Nic {
                mode: Mode::Nat,
                ..Nic::default()
            },
            Nic {
                slot: 1,
                mode: Mode::Bridged,
                ..Nic::default()
            },
        ],
        ..machine("two-cards", Mode::Nat, "10.0.2.15")
    };
    let mut play = Play::with(vec![unclear]);
    play.choose("two-cards");
    assert_eq!(play.state.page, Page::HypervisorMode);
    assert!(!play.sends_packets());
    play.wish(Command::ChooseNic(Some(1)));
    assert_eq!(play.state.detection.mode, Some(Mode::Bridged));
    assert_eq!(play.state.page, Page::HypervisorMode);
}

#[test]
fn a_check_ends_with_an_answer_and_test_again_keeps_the_one_before() {
    let mut play = Play::with(vec![machine("web", Mode::Nat, "192.168.122.9")]);
    play.choose("web");
    play.later(2);
    play.probed();
    assert!(play.state.check.is_running(), "the answer is still to come");
    play.judged();
    assert!(matches!(play.state.check, CheckStatus::Done { took } if took == Duration::from_secs(2)));
    assert!(play.state.diagnosis.is_some() && play.state.before.is_none() && play.state.unsaved);

    play.wish(Command::Go(Page::Verify));
    play.effects.clear();
    play.wish(Command::TestAgain);
    assert_eq!(
        play.state.page,
        Page::Verify,
        "before and after stand where they were asked for"
    );
    assert!(play.state.before.is_some() && play.state.diagnosis.is_some());
    // This machine is read anew first: a fix changes it.
    assert!(
        matches!(play.effects.as_slice(), [Effect::Scan { .. }]),
        "{:?}",
        play.effects
    );
    let job = play.state.jobs.scan.expect("a scan");
    play.news(Event::Scanned {
        job,
        facts: Box::new(scanned(vec![machine("web", Mode::Nat, "192.168.122.9")])),
        took: Duration::ZERO,
    });
    assert!(matches!(play.effects.last(), Some(Effect::Probe { .. })));
    play.probed();
    play.judged();
    assert!(matches!(play.state.check, CheckStatus::Done { .. }));
}

#[test]
fn without_an_address_the_check_waits_for_the_scan_and_with_one_it_does_not() {
    let mut play = Play::new();
    play.wish(Command::Scan);
    play.wish(Command::StartCheck);
    assert!(matches!(
        play.state.check,
        CheckStatus::Running {
            waiting_for_scan: true,
            ..
        }
    ));
    assert!(
        !play
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Probe { .. }))
    );
    play.wish(Command::SetGuestAddress(" 192.168.122.9/24 ".to_owned()));
    play.wish(Command::StartCheck);
    assert!(matches!(play.effects.last(), Some(Effect::Probe { .. })));
    // The scan comes in while probes run: the answer waits for the probes, and stands on both.
    let job = play.state.jobs.scan.expect("a scan");
    play.news(Event::Scanned {
        job,
        facts: Box::new(scanned(Vec::new())),
        took: Duration::ZERO,
    });
    assert!(play.state.check.is_running());
    play.probed();
    play.judged();
    assert!(play.state.diagnosis.is_some());
    assert_eq!(play.state.case.hypervisors.len(), 1);
}

#[test]
fn a_replayed_case_sends_nothing_and_runs_nothing() {
    let mut play = Play::new();
    play.open(Example::LibvirtEchoFiltered, false);
    assert_eq!(play.state.page, Page::Overview);
    play.choose("web01");
    assert_eq!(play.state.page, Page::Check);
    assert!(!play.state.lines.is_empty(), "recorded probes are shown at once");
    play.judged();
    assert!(play.state.diagnosis.is_some());
    play.wish(Command::TestAgain);
    play.judged();
    play.wish(Command::Sweep {
        net: "192.168.122.0/24".parse().expect("a prefix"),
    });
    assert!(!play.sends_packets(), "{:?}", play.effects);
}

#[test]
fn a_report_shows_its_answer_at_once() {
    let mut play = Play::new();
    play.open(Example::VirtualBoxNat, true);
    assert_eq!(play.state.page, Page::Fix);
    assert!(play.state.diagnosis.is_some());
    play.wish(Command::Back);
    assert_eq!(play.state.page, Page::Overview);
}

#[test]
fn a_cancelled_check_hears_no_late_answers() {
    let mut play = Play::with(vec![machine("web", Mode::Nat, "192.168.122.9")]);
    play.choose("web");
    let job = play.state.jobs.check.expect("a check");
    play.wish(Command::Cancel);
    assert!(matches!(play.state.check, CheckStatus::Cancelled));
    assert!(matches!(play.effects.last(), Some(Effect::Stop { job: stopped }) if *stopped == job));
    play.news(Event::Probed {
        job,
        probes: Vec::new(),
        host: Box::default(),
    });
    assert!(play.state.jobs.judge.is_none() && play.state.diagnosis.is_none());
    // What was told is still there.
    assert_eq!(play.state.case.intake.vm.as_deref(), Some("web"));
}

#[test]
fn a_job_that_fails_ends_the_waiting() {
    let mut play = Play::with(vec![machine("web", Mode::Nat, "192.168.122.9")]);
    play.choose("web");
    let problem = Problem {
        text: Message::new("problem-internal"),
        detail: String::new(),
    };
    let job = play.state.jobs.check.expect("a check");
    play.news(Event::Failed { job, problem });
    assert!(!play.state.check.is_running() && play.state.problem.is_some());
}

#[test]
fn clear_all_can_be_undone() {
    let mut play = Play::new();
    play.open(Example::LibvirtEchoFiltered, false);
    play.wish(Command::StartCheck);
    play.judged();
    play.wish(Command::Type(Draft::Target, "half a na".to_owned()));
    let (case, page) = (Arc::clone(&play.state.case), play.state.page);
    play.wish(Command::ClearAll);
    assert!(play.state.case.outputs.is_empty() && play.state.origin.is_live());
    assert!(play.state.toasts.iter().any(|toast| toast.undo));
    play.wish(Command::Undo);
    assert_eq!(play.state.case, case);
    assert_eq!(play.state.page, page);
    assert_eq!(play.state.drafts.get(Draft::Target), "half a na");
    assert!(play.state.diagnosis.is_some() && !play.state.origin.is_live());
    assert!(
        play.state.jobs.scan.is_none(),
        "the scan that clearing began is off"
    );
}

#[test]
fn an_address_that_is_none_is_said_so_and_nothing_is_lost() {
    let mut play = Play::with(vec![machine("web", Mode::Nat, "192.168.122.9")]);
    play.wish(Command::SetGuestAddress("192.168.122.".to_owned()));
    assert_eq!(
        play.state.problem.as_ref().map(|problem| problem.text.key),
        Some("problem-not-an-address")
    );
    assert_eq!(play.state.drafts.get(Draft::GuestAddress), "192.168.122.");
    assert_eq!(play.state.case.intake.guest_ip, None);
    play.wish(Command::Paste {
        place: Place::Guest,
        text: "x".repeat(MAX_PASTE + 1),
    });
    assert_eq!(
        play.state.problem.as_ref().map(|problem| problem.text.key),
        Some("problem-paste-too-long")
    );
    assert!(play.state.case.outputs.is_empty());
}

#[test]
fn pasted_text_is_taken_in_and_the_box_is_emptied() {
    let mut play = Play::with(vec![machine("web", Mode::Nat, "192.168.122.9")]);
    play.wish(Command::Type(Draft::Paste(Place::Guest), "1: lo".to_owned()));
    play.wish(Command::Paste {
        place: Place::Guest,
        text: "1: lo".to_owned(),
    });
    assert_eq!(play.state.case.outputs.len(), 1);
    assert_eq!(play.state.drafts.get(Draft::Paste(Place::Guest)), "");
    play.judged();
    assert!(play.state.diagnosis.is_none(), "nobody asked for an answer yet");
    play.wish(Command::Paste {
        place: Place::Guest,
        text: " \n".to_owned(),
    });
    assert_eq!(play.state.case.outputs.len(), 1);
}

#[test]
fn a_changed_intake_takes_the_old_answer_away() {
    let mut play = Play::with(vec![machine("web", Mode::Nat, "192.168.122.9")]);
    play.choose("web");
    play.probed();
    play.judged();
    play.wish(Command::SetPort(Some(22)));
    assert!(play.state.diagnosis.is_none() && !play.state.check.is_running());
    play.wish(Command::SetPort(Some(0)));
    assert_eq!(play.state.case.intake.port, None);
}

#[test]
fn the_monitor_sends_only_while_it_runs() {
    let mut play = Play::new();
    let address: IpAddr = "192.168.122.1".parse().expect("an address");
    for _ in 0..2 {
        play.wish(Command::MonitorAdd {
            address,
            label: String::new(),
        });
    }
    assert_eq!(play.state.monitor.targets.len(), 1);
    play.wish(Command::MonitorInterval(Duration::ZERO));
    assert_eq!(play.state.monitor.interval.0, Duration::from_millis(100));
    play.wish(Command::MonitorStart);
    assert!(matches!(play.effects.last(), Some(Effect::Monitor { targets, .. }) if targets.len() == 1));
    let id = play.state.monitor.targets[0].id;
    let sample = Sample {
        at_ms: 5,
        time_us: Some(300),
        outcome: Outcome::Reply,
    };
    play.news(Event::Monitored {
        samples: vec![(id, sample, Told::default()), (id + 1, sample, Told::default())],
    });
    play.wish(Command::MonitorPause);
    assert!(matches!(play.effects.last(), Some(Effect::Monitor { targets, .. }) if targets.is_empty()));
    play.news(Event::Monitored {
        samples: vec![(id, sample, Told::default())],
    });
    assert_eq!(play.state.monitor.targets[0].history.len(), 1);
    play.wish(Command::MonitorStart);
    assert_eq!(
        play.state.monitor.targets[0].history.len(),
        1,
        "a pause forgets nothing"
    );
}

/// Undo brings back what clearing took away, with what came since behind it.
#[test]
fn clearing_the_monitor_can_be_undone() {
    let mut play = Play::new();
    let address: IpAddr = "192.168.122.1".parse().expect("an address");
    play.wish(Command::MonitorAdd {
        address,
        label: String::new(),
    });
    play.wish(Command::MonitorStart);
    let id = play.state.monitor.targets[0].id;
    let sample = |at_ms| Sample {
        at_ms,
        time_us: Some(300),
        outcome: Outcome::Reply,
    };
    let told = |at_ms| Event::Monitored {
        samples: vec![(id, sample(at_ms), Told::default())],
    };
    play.news(told(1_000));
    play.news(told(2_000));
    play.wish(Command::Copied);
    let marks = |play: &Play| -> Vec<(u64, &str)> {
        let marks = play.state.monitor.marks.iter();
        marks.map(|mark| (mark.at_ms, mark.text.key)).collect()
    };
    assert_eq!(marks(&play), [(2_000, "change-copied")]);
    play.wish(Command::MonitorClear);
    assert!(play.state.monitor.targets[0].history.is_empty() && marks(&play).is_empty());
    assert!(play.state.toasts.iter().any(|toast| toast.undo));
    play.news(told(3_000));
    // A reply that took back a loss of the time since.
    let slow = |outcome| Sample {
        outcome,
        time_us: None,
        ..sample(4_000)
    };
    for outcome in [Outcome::Lost, Outcome::Late] {
        play.news(Event::Monitored {
            samples: vec![(id, slow(outcome), Told::default())],
        });
    }
    play.wish(Command::Undo);
    let times: Vec<u64> = play.state.monitor.targets[0]
        .history
        .samples()
        .map(|sample| sample.at_ms)
        .collect();
    assert_eq!(times, [1_000, 2_000, 3_000, 4_000]);
    assert_eq!(play.state.monitor.targets[0].history.counts(), (4, 4));
    assert_eq!(marks(&play), [(2_000, "change-copied")]);
    assert!(!play.state.toasts.iter().any(|toast| toast.undo));
    play.wish(Command::Undo);
    assert_eq!(play.state.monitor.targets[0].history.len(), 4, "once is enough");
    // Only the last of two can be taken back, and only its note says so.
    play.wish(Command::MonitorClear);
    play.wish(Command::ClearAll);
    assert_eq!(play.state.toasts.iter().filter(|toast| toast.undo).count(), 1);
    // What is no longer held one by one cannot be put behind what was.
    play.wish(Command::MonitorClear);
    let many = (5..6_000).map(|second| (id, sample(second * 1_000), Told::default()));
    play.news(Event::Monitored {
        samples: many.collect(),
    });
    play.wish(Command::Undo);
    assert_eq!(play.state.monitor.targets[0].history.counts(), (5_995, 5_995));
}

/// One address in its own time, and the file that grows: both go to whoever sends.
#[test]
fn an_address_may_have_its_own_interval_and_a_file_may_grow() {
    let mut play = Play::new();
    for last in 1..=2 {
        play.wish(Command::MonitorAdd {
            address: IpAddr::from([192, 168, 122, last]),
            label: String::new(),
        });
    }
    play.wish(Command::MonitorStart);
    let id = play.state.monitor.targets[1].id;
    play.wish(Command::MonitorTargetInterval {
        id,
        interval: Some(Duration::from_millis(1)),
    });
    play.wish(Command::MonitorAppend(Some("/tmp/watch.csv".into())));
    let last = |play: &Play| match play.effects.last() {
        Some(Effect::Monitor {
            targets, append_to, ..
        }) => {
            let intervals: Vec<Option<Duration>> = targets.iter().map(|target| target.interval).collect();
            (intervals, append_to.clone())
        }
        other => panic!("{other:?}"),
    };
    let own = Some(Duration::from_millis(100));
    assert_eq!(last(&play), (vec![None, own], Some("/tmp/watch.csv".into())));
    // Another file's failure is none of this one's.
    play.news(Event::NotAppended {
        path: "/tmp/other.csv".into(),
        why: "no".to_owned(),
    });
    assert!(play.state.problem.is_none());
    play.news(Event::NotAppended {
        path: "/tmp/watch.csv".into(),
        why: "disk full".to_owned(),
    });
    assert_eq!(play.state.monitor.append_to, None);
    assert!(play.state.problem.is_some());
}

#[test]
fn the_monitor_holds_while_nobody_can_see_it_when_it_is_told_to() {
    let mut play = Play::new();
    play.wish(Command::MonitorAdd {
        address: "192.168.122.1".parse().expect("an address"),
        label: String::new(),
    });
    play.wish(Command::MonitorStart);
    let watched = |play: &Play| -> Vec<usize> {
        let effects = play.effects.iter().filter_map(|effect| match effect {
            Effect::Monitor { targets, .. } => Some(targets.len()),
            _ => None,
        });
        effects.collect()
    };
    let before = watched(&play);
    play.wish(Command::Unseen(true));
    play.wish(Command::Unseen(false));
    assert_eq!(
        watched(&play),
        before,
        "it goes on in the background unless told otherwise"
    );
    play.wish(Command::MonitorRests(true));
    play.wish(Command::Unseen(true));
    play.wish(Command::Unseen(true));
    play.wish(Command::Unseen(false));
    assert_eq!(watched(&play)[before.len()..], [0, 1]);
    play.wish(Command::Unseen(true));
    play.wish(Command::MonitorRests(false));
    assert_eq!(watched(&play)[before.len() + 2..], [0, 1]);
    play.wish(Command::MonitorRests(true));
    play.wish(Command::MonitorStop);
    play.wish(Command::Unseen(false));
    assert_eq!(watched(&play).last(), Some(&0), "what was stopped stays so");
}

#[test]
fn toasts_go_by_themselves() {
    let mut play = Play::new();
    play.wish(Command::Copied);
    play.wish(Command::Copied);
    assert_eq!(play.state.toasts.len(), 1);
    let (went, next) = tidy(&mut play.state, play.now);
    assert_eq!((went, next), (false, Some(TOAST_TIME)));
    play.now += TOAST_TIME;
    assert_eq!(tidy(&mut play.state, play.now), (true, None));
}

#[test]
fn settings_are_kept_when_they_change_and_only_then() {
    let mut play = Play::new();
    play.wish(Command::SetTheme(Theme::Dark));
    play.wish(Command::SetTheme(Theme::Dark));
    let kept = play
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::SaveSettings(_)));
    assert_eq!(kept.count(), 1);
}

#[test]
fn an_address_that_stops_answering_has_the_case_before_and_after_kept() {
    let mut play = Play::new();
    play.wish(Command::MonitorAdd {
        address: "192.168.122.45".parse().expect("an address"),
        label: "web01".to_owned(),
    });
    play.wish(Command::MonitorStart);
    let id = play.state.monitor.targets[0].id;
    let samples = |range: std::ops::Range<u64>, outcome: Outcome| Event::Monitored {
        samples: range
            .map(|second| {
                let sample = Sample {
                    at_ms: second * 1000,
                    time_us: (outcome == Outcome::Reply).then_some(300),
                    outcome,
                };
                (id, sample, Told::default())
            })
            .collect(),
    };
    play.news(samples(0..5, Outcome::Reply));
    assert!(play.state.monitor.flips.is_empty());
    play.news(samples(5..9, Outcome::Lost));
    assert_eq!(play.state.monitor.flips.len(), 1);
    let Some(Effect::Record { job }) = play.effects.last() else {
        panic!("{:?}", play.effects.last())
    };
    let job = *job;
    assert!(play.state.monitor.flips[0].after.is_none() && !play.state.monitor.flips[0].answers);
    let after = Case {
        taken_at: Some("2026-01-01T00:00:00Z".to_owned()),
        ..Case::default()
    };
    play.news(Event::Recorded {
        job,
        facts: Box::new(after.clone()),
    });
    assert_eq!(play.state.monitor.flips[0].after.as_deref(), Some(&after));
    play.news(samples(9..10, Outcome::Reply));
    let back = &play.state.monitor.flips[1];
    assert!(back.answers);
    assert_eq!(
        *back.before, after,
        "what was read after the fall is what was before the return"
    );
    let keys: Vec<&str> = play
        .state
        .monitor
        .marks
        .iter()
        .map(|mark| mark.text.key)
        .collect();
    assert_eq!(keys, ["change-silent", "change-back"]);
    play.wish(Command::MonitorClear);
    assert!(play.state.monitor.flips.is_empty() && play.state.monitor.marks.is_empty());
}

/// What a scan with administrator rights tells: a packet filter, of which the other one knows nothing.
fn unlocked() -> Result<Box<Case>, NoRights> {
    let mut case = scanned(vec![machine("web01", Mode::Nat, "192.168.122.45")]);
    case.host.filter = Fact::known(crate::model::PacketFilter::default(), "nft");
    Ok(Box::new(case))
}

fn ask_for_rights(play: &mut Play, result: Result<Box<Case>, NoRights>) {
    play.wish(Command::ReadWithRights);
    let job = play.state.jobs.rights.expect("a reading");
    assert!(matches!(play.effects.last(), Some(Effect::ReadWithRights { .. })));
    play.news(Event::ReadWithRights { job, result });
    assert_eq!(play.state.jobs.rights, None);
}

#[test]
fn what_rights_unlock_joins_the_case_until_the_next_scan() {
    let mut play = Play::with(vec![machine("web01", Mode::Nat, "192.168.122.45")]);
    ask_for_rights(&mut play, unlocked());
    assert!(play.state.facts.host.filter.is_known());
    // A check a minute later does not throw it away, though a scan would be old by then.
    play.later(60);
    play.effects.clear();
    play.wish(Command::StartCheck);
    assert!(
        !play
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Scan { .. }))
    );
    play.probed();
    play.judged();
    // After a fix the machine is read anew, and nothing old is believed beside it.
    play.wish(Command::TestAgain);
    let job = play.state.jobs.scan.expect("a scan");
    play.news(Event::Scanned {
        job,
        facts: Box::new(scanned(Vec::new())),
        took: Duration::from_millis(100),
    });
    assert!(!play.state.case.host.filter.is_known());
}

#[test]
fn rights_that_come_while_the_scan_runs_wait_for_it() {
    let mut play = Play::with(Vec::new());
    play.wish(Command::Scan);
    ask_for_rights(&mut play, unlocked());
    assert!(!play.state.facts.host.filter.is_known());
    let job = play.state.jobs.scan.expect("a scan");
    play.news(Event::Scanned {
        job,
        facts: Box::new(scanned(Vec::new())),
        took: Duration::from_millis(100),
    });
    assert!(play.state.facts.host.filter.is_known());
}

#[test]
fn no_rights_change_nothing_but_what_is_said() {
    for why in [
        NoRights::Refused,
        NoRights::Late,
        NoRights::NoPrompt("pkexec".to_owned()),
        NoRights::Failed("broken".to_owned()),
    ] {
        let mut play = Play::with(vec![machine("web01", Mode::Nat, "192.168.122.45")]);
        let (case, facts) = (Arc::clone(&play.state.case), Arc::clone(&play.state.facts));
        ask_for_rights(&mut play, Err(why));
        assert!(Arc::ptr_eq(&case, &play.state.case) && Arc::ptr_eq(&facts, &play.state.facts));
        assert!(!play.state.toasts.is_empty() || play.state.problem.is_some());
    }
    // A replayed case is of another machine.
    let mut play = Play::new();
    play.open(Example::VmwareNatService, false);
    play.effects.clear();
    play.wish(Command::ReadWithRights);
    assert!(play.effects.is_empty() && play.state.jobs.rights.is_none());
    // Where the prompt could not start the program, it is not shown.
    let mut play = Play::with(Vec::new());
    play.state.rights_by_hand = Some("sudo ./x.AppImage scan".to_owned());
    play.effects.clear();
    play.wish(Command::ReadWithRights);
    assert!(play.effects.is_empty() && play.state.jobs.rights.is_none());
    // Waiting for the prompt can be called off.
    let mut play = Play::with(Vec::new());
    play.wish(Command::ReadWithRights);
    let job = play.state.jobs.rights.expect("a reading");
    play.wish(Command::Cancel);
    assert!(
        play.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Stop { job: stopped } if *stopped == job))
    );
    play.news(Event::ReadWithRights {
        job,
        result: unlocked(),
    });
    assert!(!play.state.facts.host.filter.is_known());
}
