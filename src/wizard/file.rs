//! Reading and writing of files: bounded, and whole or not at all.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::model::{Case, CaseError, MAX_CASE_BYTES};

/// Why a case cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// What it holds is no case.
    #[error("{}: {source}", path.display())]
    Case {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        source: CaseError,
    },
}

/// Reads a case file, or the case in a JSON report, and tells whether it was a report. Never reads more than
/// [`MAX_CASE_BYTES`].
///
/// # Errors
/// When the file cannot be read, is too large, or holds no case.
pub fn read_case(path: &Path) -> Result<(Case, bool), OpenError> {
    let in_case = |source| OpenError::Case {
        path: path.to_owned(),
        source,
    };
    let in_read = |source| OpenError::Read {
        path: path.to_owned(),
        source,
    };
    let bytes = match read_bytes(path, MAX_CASE_BYTES as u64).map_err(in_read)? {
        Bounded::Whole(bytes) => bytes,
        Bounded::TooLarge(size) => return Err(in_case(CaseError::TooLarge(size))),
    };
    let text = decode(bytes);
    let case = Case::from_json(&text).map_err(in_case)?;
    Ok((case, is_report(&text)))
}

/// Whether the text is a report and not a bare case; false for what is no JSON.
fn is_report(text: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Envelope {
        kind: Option<String>,
    }
    let envelope = serde_json::from_str::<Envelope>(text.trim_start_matches('\u{feff}'));
    envelope.is_ok_and(|envelope| envelope.kind.as_deref() == Some("report"))
}

/// Reads a text of at most `limit` bytes, in whatever code page a console wrote it.
///
/// # Errors
/// When it cannot be read or is longer.
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    match read_bytes(path, limit)? {
        Bounded::Whole(bytes) => Ok(crate::parse::decode(&bytes)),
        Bounded::TooLarge(size) => Err(io::Error::other(format!(
            "{size} bytes are more than the {limit} that are read"
        ))),
    }
}

/// Reads standard input up to `limit` bytes, in whatever code page a console wrote it.
///
/// # Errors
/// When it cannot be read or is longer.
pub fn read_standard_input(limit: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::other(format!("more than {limit} bytes")));
    }
    Ok(crate::parse::decode(&bytes))
}

enum Bounded {
    Whole(Vec<u8>),
    TooLarge(u64),
}

fn read_bytes(path: &Path, limit: u64) -> io::Result<Bounded> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > limit {
        return Ok(Bounded::TooLarge(size));
    }
    // The size of a pipe or device is not told beforehand.
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Ok(Bounded::TooLarge(bytes.len() as u64));
    }
    Ok(Bounded::Whole(bytes))
}

/// Text in the encoding that its byte order mark tells, UTF-8 without one; what does not fit is replaced.
pub fn decode(bytes: Vec<u8>) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(&bytes) {
        return encoding.decode(&bytes).0.into_owned();
    }
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Writes a file whole or not at all: beside it first, then in its place.
///
/// # Errors
/// When the folder is missing or may not be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Devices and pipes cannot be replaced.
    if std::fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
        return std::fs::OpenOptions::new()
            .write(true)
            .open(path)?
            .write_all(bytes);
    }
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = (|| {
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    })();
    if written.is_err() {
        std::fs::remove_file(&beside).ok();
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("case.json");
        write_whole(&path, b"one").expect("written");
        write_whole(&path, b"two").expect("written again");
        assert_eq!(std::fs::read(&path).expect("read"), b"two");
        assert!(write_whole(&folder.path().join("no/such/case.json"), b"x").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[test]
    fn byte_order_marks_are_understood() {
        let text = "{\"schema\":1}";
        let mut utf16 = vec![0xff, 0xfe];
        utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(decode(utf16), text);
        assert_eq!(decode([b"\xef\xbb\xbf", text.as_bytes()].concat()), text);
        assert_eq!(decode(b"a\xffb".to_vec()), "a\u{fffd}b");
    }

    #[test]
    fn a_file_beyond_the_limit_is_refused_without_reading_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("large.json");
        let file = File::create(&path).expect("created");
        file.set_len(MAX_CASE_BYTES as u64 + 1).expect("sparse");
        assert!(matches!(
            read_case(&path),
            Err(OpenError::Case {
                source: CaseError::TooLarge(_),
                ..
            })
        ));
    }
}
