//! One scan: all sources side by side, each with its own deadline, the case growing as they hand in.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{OnceCell, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::run::Tools;
use super::source::{Apply, Entry, Ledger, Machine, Position, Source, reason};
use super::{complete, here};
use crate::model::{Case, Gap, Os, Unread, Why};

/// What a scan is told.
#[derive(Clone, Debug)]
pub struct ScanOptions {
    /// The time at which it is taken, from the caller's clock.
    pub now: Timestamp,
    /// Where tools are looked for.
    pub tools: Tools,
    /// The folder that stands for `/` when files are read; another one in tests. The kernel's own tables are
    /// always those of this process.
    pub root: PathBuf,
    /// Names of the only sources to read; empty is all of them.
    pub only: Vec<String>,
}

impl ScanOptions {
    /// A scan of this machine at this time.
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            tools: Tools::of_this_machine(),
            root: PathBuf::from("/"),
            only: Vec::new(),
        }
    }
}

/// What happens during a scan, in the order in which it happens.
#[derive(Clone, Debug)]
pub enum ScanEvent {
    /// A source is being read. All sources start before the first one finishes.
    Started {
        /// Its name: `scan-source-…` in the texts.
        source: &'static str,
    },
    /// Everything that is known so far.
    Partial(Box<Case>),
    /// A source is done, or given up.
    Finished {
        /// Its name.
        source: &'static str,
        /// How long it took.
        elapsed: Duration,
        /// Why nothing of it, or not all of it, could be read.
        gap: Option<Gap>,
    },
}

/// What one source has handed in.
#[derive(Default)]
struct Handed {
    facts: Vec<(usize, Apply)>,
    unread: Vec<(usize, Unread)>,
}

/// Reads this machine: all sources side by side. `events` is called from this task whenever a source starts,
/// hands in something or is done. What could not be read stands in [`Case::unread`] with the command that
/// would read it. The same readings give the same case, in whatever order they came in.
///
/// Dropping the future ends every tool that runs for it. A file that blocks for ever holds one blocking
/// thread of the runtime, so shut that down with a time-out.
pub async fn scan(options: ScanOptions, events: impl Fn(ScanEvent) + Send) -> Case {
    let mut sources = here::sources();
    if !options.only.is_empty() {
        sources.retain(|source| options.only.iter().any(|name| name == source.id));
    }
    run_sources(options, sources, events).await
}

/// [`scan`] with these sources.
pub(super) async fn run_sources(
    options: ScanOptions,
    sources: Vec<Source>,
    events: impl Fn(ScanEvent) + Send,
) -> Case {
    let start = Instant::now();
    // In a folder that stands for another machine nothing runs.
    let elsewhere = options.root.as_path() != Path::new("/");
    let machine = Arc::new(Machine {
        processes: OnceCell::new_with(elsewhere.then(|| Ok(Vec::new()))),
        tools: options.tools,
        root: options.root,
        is_root: here::is_root(),
    });
    let (to, mut inbox) = mpsc::unbounded_channel();
    let mut tasks = JoinSet::new();
    let mut index_of = HashMap::new();
    for (index, source) in sources.iter().enumerate() {
        events(ScanEvent::Started { source: source.id });
        let until = start + source.deadline;
        let ledger = Ledger {
            machine: Arc::clone(&machine),
            until,
            place: Position {
                source: index,
                piece: 0,
            },
            to: to.clone(),
        };
        let reading = (source.read)(ledger);
        let task = tasks.spawn(async move {
            let result = tokio::time::timeout_at(until, reading).await;
            result.unwrap_or_else(|_| {
                Err(Gap {
                    why: Why::TimedOut,
                    detail: String::new(),
                })
            })
        });
        index_of.insert(task.id(), index);
    }
    drop(to);

    let mut case = begin(options.now);
    let mut handed: Vec<Handed> = sources.iter().map(|_| Handed::default()).collect();
    let mut running = sources.len();
    while running > 0 {
        let mut entries = Vec::new();
        let done = tokio::select! {
            // What a source handed in before its end is taken in before its end is told.
            biased;
            count = inbox.recv_many(&mut entries, 64), if !inbox.is_closed() || !inbox.is_empty() => {
                if count == 0 { inbox.close(); }
                None
            }
            Some(done) = tasks.join_next_with_id() => Some(done),
        };
        while let Ok(entry) = inbox.try_recv() {
            entries.push(entry);
        }
        if !entries.is_empty() {
            for (Position { source, piece }, entry) in entries {
                let Some(slot) = handed.get_mut(source) else {
                    continue;
                };
                match entry {
                    Entry::Facts(apply) => {
                        apply(&mut case);
                        slot.facts.push((piece, apply));
                    }
                    Entry::Unread(unread) => slot.unread.push((piece, unread)),
                }
            }
            let mut partial = case.clone();
            complete::complete(&mut partial, options.now);
            events(ScanEvent::Partial(Box::new(partial)));
        }
        if let Some(done) = done {
            running -= 1;
            let (id, result) = match done {
                Ok(done) => done,
                Err(error) => {
                    let gap = Gap {
                        why: Why::Failed,
                        detail: "internal error".to_owned(),
                    };
                    (error.id(), Err(gap))
                }
            };
            let Some(&index) = index_of.get(&id) else { continue };
            let (Some(source), Some(slot)) = (sources.get(index), handed.get_mut(index)) else {
                continue;
            };
            let mut gap = result.err();
            if let Some(gap) = gap.clone() {
                let lost = source.lost;
                slot.facts
                    .push((usize::MAX, Box::new(move |case| lost(case, &gap))));
            }
            if let Some(gap) = &gap
                && slot.unread.is_empty()
                && gap.why != Why::ToolMissing
            {
                let unread = Unread {
                    what: source.id.to_owned(),
                    why: reason(gap),
                    how: source.by_hand.to_owned(),
                };
                slot.unread.push((usize::MAX, unread));
            }
            if gap.is_none()
                && let Some((_, first)) = slot.unread.first()
            {
                gap = Some(Gap {
                    why: Why::Failed,
                    detail: format!("{}: {}", first.what, first.why),
                });
            }
            events(ScanEvent::Finished {
                source: source.id,
                elapsed: start.elapsed(),
                gap,
            });
        }
    }
    // Once more in the order of the sources, so that the order of arrival leaves no trace.
    let mut case = begin(options.now);
    for mut slot in handed {
        // Stable: what one piece of work handed in stays in its order.
        slot.facts.sort_by_key(|(piece, _)| *piece);
        slot.unread.sort_by_key(|(piece, _)| *piece);
        slot.facts.iter().for_each(|(_, apply)| apply(&mut case));
        case.unread
            .extend(slot.unread.into_iter().map(|(_, unread)| unread));
    }
    complete::complete(&mut case, options.now);
    case
}

fn begin(now: Timestamp) -> Case {
    let mut case = Case {
        taken_at: Some(now.to_string()),
        ..Case::default()
    };
    case.host.os = Some(Os::here());
    case
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::super::source::{Reading, lose};
    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn options() -> ScanOptions {
        ScanOptions::new(Timestamp::from_second(NOW).expect("valid"))
    }

    fn source(id: &'static str, read: fn(Ledger) -> Reading) -> Source {
        Source {
            id,
            deadline: Duration::from_millis(300),
            by_hand: "by hand",
            read,
            lost: |case, gap| lose(&mut case.host.services, gap),
        }
    }

    fn name(ledger: &Ledger, name: &'static str) {
        ledger.facts(move |case| case.host.host_name = Some(name.to_owned()));
    }

    #[tokio::test]
    async fn a_source_that_hangs_keeps_what_it_told_and_says_what_it_missed() {
        let sources = vec![
            source("hangs", |ledger| {
                Box::pin(async move {
                    name(&ledger, "told");
                    std::future::pending().await
                })
            }),
            source("panics", |_| Box::pin(async { panic!("on purpose") })),
            source("not-here", |_| {
                Box::pin(async {
                    Err(Gap {
                        why: Why::ToolMissing,
                        detail: "x".to_owned(),
                    })
                })
            }),
        ];
        let seen = Mutex::new(Vec::new());
        let start = std::time::Instant::now();
        let case = run_sources(options(), sources, |event| seen.lock().expect("free").push(event)).await;
        assert!(start.elapsed() < Duration::from_secs(2));
        assert_eq!(case.host.host_name.as_deref(), Some("told"));
        assert_eq!(
            case.host.services.gap().map(|gap| gap.why),
            Some(Why::ToolMissing)
        );
        let unread: Vec<_> = case
            .unread
            .iter()
            .map(|unread| (unread.what.as_str(), unread.why.as_str()))
            .collect();
        assert_eq!(
            unread,
            [("hangs", "timed out"), ("panics", "failed: internal error")]
        );
        assert_eq!(case.taken_at.as_deref(), Some("2023-11-14T22:13:20Z"));

        let seen = seen.into_inner().expect("free");
        let started = seen
            .iter()
            .filter(|event| matches!(event, ScanEvent::Started { .. }))
            .count();
        let finished: Vec<_> = seen
            .iter()
            .filter_map(|event| match event {
                ScanEvent::Finished { source, gap, .. } => Some((*source, gap.as_ref().map(|gap| gap.why))),
                _ => None,
            })
            .collect();
        assert_eq!((started, finished.len()), (3, 3));
        assert!(finished.contains(&("hangs", Some(Why::TimedOut))));
        assert!(
            seen.iter()
                .any(|event| matches!(event, ScanEvent::Partial(case) if case.host.host_name.is_some()))
        );
    }

    #[tokio::test]
    async fn the_order_of_arrival_leaves_no_trace() {
        let sources = || {
            vec![
                source("slow", |ledger| {
                    Box::pin(async move {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        name(&ledger, "slow");
                        Ok(())
                    })
                }),
                source("quick", |ledger| {
                    Box::pin(async move {
                        name(&ledger, "quick");
                        Ok(())
                    })
                }),
            ]
        };
        let case = run_sources(options(), sources(), |_| ()).await;
        assert_eq!(
            case.host.host_name.as_deref(),
            Some("quick"),
            "the later source holds, not the later answer"
        );
    }

    #[tokio::test]
    async fn every_source_of_this_system_has_its_text_in_both_languages() {
        for language in ["en", "zh-CN"] {
            let path = format!(
                "{}/assets/locales/{language}/scan.ftl",
                env!("CARGO_MANIFEST_DIR")
            );
            let text = std::fs::read_to_string(path).expect("a file of texts");
            for source in here::source_names() {
                assert!(
                    text.contains(&format!("\nscan-source-{source} = ")),
                    "{language}: {source}"
                );
            }
        }
    }
}
