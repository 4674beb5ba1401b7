//! Every parser, through the recognizer, on what nobody ever printed: samples cut, spliced, swollen and torn by
//! chance, and noise. No panic, no hang, memory in bounds.
//!
//! `FUZZ_SECONDS=600 cargo test --test property parsers -- --nocapture` is the long run, on two threads; without
//! the variable it runs for a moment. A failure names the seed, and `FUZZ_SEED` runs that one alone.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use vmnet_doctor::model::{Case, Output, Place};
use vmnet_doctor::parse;

/// Longest text that is made.
const LONGEST: usize = 256 * 1024;
/// Processor time that one text may take in a build without optimization.
const SLOWEST: Duration = Duration::from_secs(5);
/// Most memory that the whole process may ever have held.
const MOST_MEMORY: u64 = 2 * 1024 * 1024 * 1024;

/// What parsers stumble over.
const TRAPS: [&str; 24] = [
    "\0",
    "\u{feff}",
    "\u{202e}",
    "\r",
    "\r\n\r\n",
    "\t",
    "\"; shutdown /s #",
    "$(reboot)",
    "%s%n",
    "-1",
    "99999999999999999999",
    "255.255.255.256",
    "::ffff:1.2.3.4/129",
    "0.0.0.0/0",
    "fe80::1%eth0",
    "{",
    "[[[[[[[[",
    "<a><a><a>",
    "<!DOCTYPE x [<!ENTITY a \"&a;\">]>",
    "\"\\u0000\"",
    "ff:ff:ff:ff:ff:ff",
    "：",
    "你好",
    "1e999",
];

/// Chance that can be repeated (xorshift).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// The samples and the commands that print such things.
struct Seeds {
    texts: Vec<Vec<u8>>,
    commands: Vec<String>,
}

impl Seeds {
    fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
        let mut files: Vec<_> = std::fs::read_dir(&folder)
            .expect("samples")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.is_file())
            .collect();
        files.sort();
        let texts = files
            .iter()
            .map(|path| std::fs::read(path).expect("a sample"))
            .collect();
        // The table in their README holds each command in backquotes.
        let table = std::fs::read_to_string(folder.join("README.md")).expect("a table");
        let rows = table.lines().filter(|line| line.starts_with('|'));
        let mut commands: Vec<String> = rows
            .filter_map(|row| row.split('|').nth(2))
            .filter_map(|cell| cell.split('`').nth(1))
            .map(str::to_owned)
            .collect();
        commands.sort();
        commands.dedup();
        assert!(commands.len() > 50, "only {} commands", commands.len());
        Self { texts, commands }
    }

    /// The text and the command of this seed.
    fn make(&self, seed: u64) -> (String, String) {
        let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut bytes = match chance.below(20) {
            0 => (0..chance.below(4000)).map(|_| chance.next() as u8).collect(),
            _ => chance.pick(&self.texts).clone(),
        };
        for _ in 0..chance.below(8) {
            self.mutate(&mut bytes, &mut chance);
            bytes.truncate(LONGEST);
        }
        let command = match chance.below(3) {
            0 => String::new(),
            _ => chance.pick(&self.commands).clone(),
        };
        (parse::decode(&bytes), command)
    }

    fn mutate(&self, bytes: &mut Vec<u8>, chance: &mut Chance) {
        let at = chance.below(bytes.len() + 1);
        let to = (at + chance.below(200)).min(bytes.len());
        match chance.below(11) {
            // Cut in half, from either end.
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(..at)),
            2 => drop(bytes.drain(at..to)),
            3 => drop(bytes.splice(at..at, chance.pick(&TRAPS).bytes())),
            4 => drop(bytes.splice(at..to, chance.pick(&TRAPS).bytes())),
            5 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = chance.next() as u8;
                }
            }
            // Another sample after, or in the middle of, this one.
            6 => drop(bytes.splice(at..at, chance.pick(&self.texts).iter().copied())),
            // A stretch again and again.
            7 => {
                let stretch = bytes[at..to].repeat(1 + chance.below(500));
                bytes.splice(at..at, stretch.into_iter().take(LONGEST));
            }
            // One thing very often.
            8 => {
                let trap = chance.pick(&TRAPS).repeat(1 + chance.below(5000));
                bytes.splice(at..at, trap.bytes());
            }
            // Headers in a language never seen.
            9 => {
                let shift = chance.next() as u8 | 1;
                for byte in bytes[at..to].iter_mut().filter(|byte| byte.is_ascii_alphabetic()) {
                    *byte = b'a' + byte.wrapping_mul(shift) % 26;
                }
            }
            // Lines in another order.
            _ => {
                let mut lines: Vec<Vec<u8>> =
                    bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
                let other = chance.below(lines.len());
                let line = chance.below(lines.len());
                lines.swap(line, other);
                *bytes = lines.join(&b'\n');
            }
        }
    }
}

/// Time that this thread has had a processor; on systems that do not tell, the time by the clock.
fn processor_time(start: Instant) -> Duration {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse().ok())
        .map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// The most memory that this process ever held, in bytes; `None` where the system does not tell.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

#[derive(Default)]
struct Told {
    texts: u64,
    bytes: u64,
    slowest: (Duration, u64),
}

impl Told {
    fn run(&mut self, seeds: &Seeds, seed: u64, start: Instant) {
        let (text, command) = seeds.make(seed);
        let before = processor_time(start);
        let place = [Place::Host, Place::Guest, Place::Esxi][(seed % 3) as usize];
        let size = text.len();
        let parsed = catch_unwind(AssertUnwindSafe(|| {
            let mut case = Case::default();
            parse::absorb(
                &mut case,
                &Output {
                    on: place,
                    command: command.clone(),
                    text,
                },
            );
            case
        }));
        let took = processor_time(start).saturating_sub(before);
        let case = parsed.unwrap_or_else(|_| panic!("FUZZ_SEED={seed}: a panic on {command:?}"));
        assert!(
            took < SLOWEST,
            "FUZZ_SEED={seed}: {took:?} for {size} bytes of {command:?}"
        );
        // What was read is held in bounds by what was given.
        if seed.is_multiple_of(64) {
            let made = case.to_json().len();
            assert!(
                made < 1_000_000 + 200 * size,
                "FUZZ_SEED={seed}: {made} bytes of case from {size}"
            );
        }
        self.texts += 1;
        self.bytes += size as u64;
        self.slowest = self.slowest.max((took, seed));
    }
}

#[test]
fn parsers_survive_what_nobody_printed() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = Seeds::read();
    let start = Instant::now();
    if let Some(seed) = number("FUZZ_SEED") {
        let (text, command) = seeds.make(seed);
        println!(
            "{command:?}, {} bytes: {:?}",
            text.len(),
            std::env::temp_dir().join("fuzz.txt")
        );
        std::fs::write(std::env::temp_dir().join("fuzz.txt"), text).expect("written");
        return Told::default().run(&seeds, seed, start);
    }
    let until = Duration::from_secs(number("FUZZ_SECONDS").unwrap_or(2));
    let told: Vec<Told> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|thread| {
                let seeds = &seeds;
                scope.spawn(move || {
                    let mut told = Told::default();
                    let mut seed = thread;
                    while start.elapsed() < until {
                        told.run(seeds, seed, start);
                        seed += 2;
                    }
                    told
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a parser failed; its seed stands above"))
            .collect()
    });
    let texts: u64 = told.iter().map(|told| told.texts).sum();
    let bytes: u64 = told.iter().map(|told| told.bytes).sum();
    let (slowest, seed) = told.iter().map(|told| told.slowest).max().expect("two threads");
    let memory = most_memory();
    println!(
        "{texts} texts, {} MB, slowest {slowest:?} (FUZZ_SEED={seed}), most memory {} MB",
        bytes / 1_000_000,
        memory.unwrap_or_default() / 1_000_000
    );
    assert!(texts > 10, "{texts} texts in {until:?}");
    assert!(memory.is_none_or(|memory| memory < MOST_MEMORY), "{memory:?}");
}
