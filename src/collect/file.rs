//! Reading files of unknown size and origin.

use std::io::Read as _;
use std::path::Path;

use crate::model::{Gap, Why};

/// Most that is read from one file, in bytes.
pub const FILE_CAP: u64 = 4 * 1024 * 1024;

/// The text of a file; bytes that are no UTF-8 are replaced. Blocks, so call it where blocking is allowed.
///
/// # Errors
/// [`Why::ToolMissing`] when there is no such file, [`Why::NoPermission`], [`Why::TooLarge`] beyond
/// [`FILE_CAP`], else [`Why::Failed`].
pub fn read(path: &Path) -> Result<String, Gap> {
    let gap = |error: std::io::Error| Gap {
        why: match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Why::ToolMissing,
            std::io::ErrorKind::PermissionDenied => Why::NoPermission,
            _ => Why::Failed,
        },
        detail: format!("{}: {error}", path.display()),
    };
    // A FIFO in the place of a file would hold us for ever.
    if !path.metadata().map_err(gap)?.is_file() {
        return Err(Gap {
            why: Why::Failed,
            detail: format!("{}: not a file", path.display()),
        });
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(FILE_CAP + 1).read_to_end(&mut bytes))
        .map_err(gap)?;
    if bytes.len() as u64 > FILE_CAP {
        return Err(Gap {
            why: Why::TooLarge,
            detail: format!("{}: more than {FILE_CAP} bytes", path.display()),
        });
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The first line of a small file without the line end; `None` when it cannot be read.
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
pub fn line(path: &Path) -> Option<String> {
    let text = read(path).ok()?;
    text.lines().next().map(|line| line.trim().to_owned())
}
