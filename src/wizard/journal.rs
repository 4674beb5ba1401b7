//! The monitor's samples on disk as they come, so that the end of the program, however sudden, loses no more than
//! its last second.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::probe::{Sample, Told};

/// How often what was written is pushed through to the disk itself, for the power may fail, too.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// The first line of a new file.
const TITLES: &str = "time,address,time_us,outcome,by,mtu\n";

/// A file that samples are appended to.
#[derive(Debug)]
pub struct Journal {
    file: File,
    synced: Instant,
}

impl Journal {
    /// Opens or makes the file. A line that an earlier end cut off is ended, so that it spoils no other.
    ///
    /// # Errors
    /// When the file can be neither opened nor made.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(path)?;
        let length = file.metadata()?.len();
        if length == 0 {
            file.write_all(TITLES.as_bytes())?;
        } else {
            let mut last = [0];
            file.seek(SeekFrom::Start(length - 1))?;
            file.read_exact(&mut last)?;
            if last != *b"\n" {
                file.write_all(b"\n")?;
            }
        }
        Ok(Self {
            file,
            synced: Instant::now(),
        })
    }

    /// Appends samples, each with its address and the time of sending in milliseconds since the epoch. One call
    /// is one write, which a sudden end of the program cannot take back.
    ///
    /// # Errors
    /// When the file cannot be written to: the disk is full, or gone.
    pub fn append(
        &mut self,
        samples: impl IntoIterator<Item = (u64, IpAddr, Sample, Told)>,
    ) -> io::Result<()> {
        let mut text = String::new();
        for (at_ms, address, sample, told) in samples {
            let time = sample.time_us.map(|time| time.to_string()).unwrap_or_default();
            let by = told.by.map(|by| by.to_string()).unwrap_or_default();
            let mtu = told.mtu.map(|mtu| mtu.to_string()).unwrap_or_default();
            let outcome = sample.outcome.word();
            text.push_str(&format!("{at_ms},{address},{time},{outcome},{by},{mtu}\n"));
        }
        self.file.write_all(text.as_bytes())?;
        if self.synced.elapsed() >= SYNC_EVERY {
            self.file.sync_data()?;
            self.synced = Instant::now();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EchoErrorKind;
    use crate::probe::Outcome;

    fn lost() -> (u64, IpAddr, Sample, Told) {
        let sample = Sample {
            at_ms: 5,
            time_us: None,
            outcome: Outcome::Error(EchoErrorKind::TooBig),
        };
        let told = Told {
            by: "10.0.0.1".parse().ok(),
            mtu: Some(1400),
            step_us: None,
        };
        (
            1_700_000_000_000,
            "10.0.0.2".parse().expect("an address"),
            sample,
            told,
        )
    }

    #[test]
    fn lines_outlive_a_sudden_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("watch.csv");
        let mut journal = Journal::open(&path).expect("a file");
        journal.append([lost(), lost()]).expect("written");
        // Nothing is dropped or flushed: what was appended is there.
        std::mem::forget(journal);
        let line = "1700000000000,10.0.0.2,,too-big,10.0.0.1,1400\n";
        let text = std::fs::read_to_string(&path).expect("the file");
        assert_eq!(text, format!("{TITLES}{line}{line}"));
        // An end in the middle of a line spoils that line alone.
        std::fs::write(&path, format!("{TITLES}{line}17000")).expect("written");
        let mut journal = Journal::open(&path).expect("the file");
        journal.append([lost()]).expect("written");
        let text = std::fs::read_to_string(&path).expect("the file");
        assert_eq!(text, format!("{TITLES}{line}17000\n{line}"));
    }
}
