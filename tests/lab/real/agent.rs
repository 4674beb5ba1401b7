//! Runs a command in a guest, through the second serial port, whatever the guest's network is like.

use std::process::ExitCode;

/// Plays a local process for a command in the guest: its input, what it prints, its status.
#[cfg(unix)]
pub fn run(socket: &str, words: &[String]) -> std::io::Result<ExitCode> {
    use std::io::{BufRead, BufReader, Error, Read, Write};
    use std::os::unix::net::UnixStream;
    use std::time::Duration;

    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input)?;
    let script = shlex::try_join(words.iter().map(String::as_str)).map_err(Error::other)?;
    // QEMU serves one at a time; the others wait here.
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(120)))?;
    let number = std::process::id();
    write!(stream, "{number} {} {}\n{script}", script.len(), input.len())?;
    stream.write_all(&input)?;

    let mut reader = BufReader::new(stream);
    let find = |mark: &str, reader: &mut BufReader<UnixStream>| -> std::io::Result<usize> {
        let mark = format!("@{mark} {number} ");
        let mut line = Vec::new();
        loop {
            line.clear();
            if reader.read_until(b'\n', &mut line)? == 0 {
                return Err(Error::other("the guest's agent went away"));
            }
            // What an earlier client did not wait for may stand before it.
            let text = String::from_utf8_lossy(&line);
            if let Some(at) = text.find(&mark) {
                return text[at + mark.len()..].trim().parse().map_err(Error::other);
            }
        }
    };
    let length = find("begin", &mut reader)?;
    let mut printed = vec![0; length];
    reader.read_exact(&mut printed)?;
    let status = find("end", &mut reader)?;
    if status == 0 {
        std::io::stdout().write_all(&printed)?;
    } else {
        std::io::stderr().write_all(&printed)?;
    }
    Ok(ExitCode::from(u8::try_from(status).unwrap_or(1)))
}

/// Such ports exist on Unix only.
#[cfg(not(unix))]
pub fn run(_socket: &str, _words: &[String]) -> std::io::Result<ExitCode> {
    Err(std::io::ErrorKind::Unsupported.into())
}
