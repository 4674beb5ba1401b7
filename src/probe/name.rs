//! Name resolution: the system's own way, and one server asked by hand.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use tokio::net::UdpSocket;
use tokio::sync::oneshot;

use super::dns::{Answer, Record, answer, query};
use super::plan::NameQuery;
use crate::model::{NameOutcome, NameResult};

/// Addresses kept of one answer.
const MAX_ADDRESSES: usize = 32;

/// A query that got no answer is sent once more after this long.
const AGAIN: Duration = Duration::from_millis(800);

/// Resolves one name and tells what came of it.
pub(super) async fn resolve(asked: &NameQuery, deadline: Instant) -> NameResult {
    let start = Instant::now();
    let (outcome, mut addresses) = match asked.server {
        Some(server) => by_server(&asked.name, server, deadline).await,
        None => by_system(asked.name.clone(), deadline).await,
    };
    addresses.sort_unstable();
    addresses.dedup();
    addresses.truncate(MAX_ADDRESSES);
    let told = !matches!(outcome, NameOutcome::TimedOut);
    NameResult {
        name: asked.name.clone(),
        server: asked.server,
        outcome,
        addresses,
        time_us: told.then(|| u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX)),
    }
}

/// The system's resolver blocks for as long as it likes. It gets a thread of its own, which is left behind at
/// the deadline and keeps nobody from ending the program.
async fn by_system(name: String, deadline: Instant) -> (NameOutcome, Vec<IpAddr>) {
    let (sender, receiver) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("resolve a name".to_owned())
        .spawn(move || {
            let found = (name.as_str(), 0).to_socket_addrs();
            sender
                .send(found.map(|found| found.map(|address| address.ip()).collect::<Vec<_>>()))
                .ok();
        });
    if thread.is_err() {
        return (NameOutcome::Other, Vec::new());
    }
    match tokio::time::timeout_at(deadline.into(), receiver).await {
        Err(_) => (NameOutcome::TimedOut, Vec::new()),
        Ok(Ok(Ok(addresses))) if !addresses.is_empty() => (NameOutcome::Resolved, addresses),
        Ok(Ok(Ok(_))) => (NameOutcome::NoSuchName, Vec::new()),
        Ok(Ok(Err(error))) => (system_outcome(&error), Vec::new()),
        Ok(Err(_)) => (NameOutcome::Other, Vec::new()),
    }
}

/// `getaddrinfo` tells its reason in words only: glibc, musl, macOS, and Windows' WSAHOST_NOT_FOUND (11001) and
/// WSANO_DATA (11004).
fn system_outcome(error: &io::Error) -> NameOutcome {
    if matches!(error.raw_os_error(), Some(11001 | 11004)) {
        return NameOutcome::NoSuchName;
    }
    let words = error.to_string();
    let absent = [
        "Name or service not known",
        "No address associated",
        "Name does not resolve",
        "Name has no usable address",
        "nodename nor servname",
    ];
    if absent.iter().any(|phrase| words.contains(phrase)) {
        NameOutcome::NoSuchName
    } else {
        NameOutcome::Failed
    }
}

async fn by_server(name: &str, server: IpAddr, deadline: Instant) -> (NameOutcome, Vec<IpAddr>) {
    let (v4, v6) = tokio::join!(
        by_server_one(name, server, Record::A, deadline),
        by_server_one(name, server, Record::Aaaa, deadline)
    );
    let mut addresses = Vec::new();
    for told in [&v4, &v6] {
        if let Ok(Answer::Addresses(found)) = told {
            addresses.extend(found);
        }
    }
    if !addresses.is_empty() {
        return (NameOutcome::Resolved, addresses);
    }
    let outcome = match v4 {
        Ok(Answer::NoSuchName | Answer::Addresses(_)) => NameOutcome::NoSuchName,
        Ok(Answer::Failed) => NameOutcome::Failed,
        Err(outcome) => outcome,
    };
    (outcome, addresses)
}

async fn by_server_one(
    name: &str,
    server: IpAddr,
    record: Record,
    deadline: Instant,
) -> Result<Answer, NameOutcome> {
    let id = RandomState::new().hash_one(record as u8) as u16;
    let query = query(id, name, record).ok_or(NameOutcome::NoSuchName)?;
    let any = if server.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let exchange = async {
        let socket = UdpSocket::bind(any).await?;
        socket.connect(SocketAddr::new(server, 53)).await?;
        let mut buffer = vec![0; 4096];
        loop {
            socket.send(&query).await?;
            let again = tokio::time::Instant::now() + AGAIN;
            while let Ok(received) = tokio::time::timeout_at(again, socket.recv(&mut buffer)).await {
                if let Some(told) = buffer
                    .get(..received?)
                    .and_then(|message| answer(&query, message))
                {
                    return Ok::<_, io::Error>(told);
                }
            }
        }
    };
    match tokio::time::timeout_at(deadline.into(), exchange).await {
        Err(_) => Err(NameOutcome::TimedOut),
        // A refused datagram, or no route to the server: it failed at once and did not time out.
        Ok(Err(_)) => Err(NameOutcome::Failed),
        Ok(Ok(told)) => Ok(told),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(ms: u64) -> Instant {
        Instant::now() + Duration::from_millis(ms)
    }

    #[tokio::test]
    async fn an_address_is_its_own_name() {
        let asked = NameQuery {
            name: "127.0.0.1".to_owned(),
            server: None,
        };
        let told = resolve(&asked, within(2000)).await;
        assert_eq!(told.outcome, NameOutcome::Resolved);
        assert_eq!(told.addresses, ["127.0.0.1".parse::<IpAddr>().unwrap()]);
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_fails_at_once() {
        let asked = NameQuery {
            name: "example.org".to_owned(),
            server: Some("127.213.7.9".parse().unwrap()),
        };
        let start = Instant::now();
        assert_eq!(resolve(&asked, within(2000)).await.outcome, NameOutcome::Failed);
        assert!(start.elapsed() < Duration::from_millis(1000));
    }

    #[test]
    fn reasons_in_words() {
        let outcome = |words: &str| system_outcome(&io::Error::other(words));
        let not_known = outcome("failed to lookup address information: Name or service not known");
        assert_eq!(not_known, NameOutcome::NoSuchName);
        let temporary = outcome("failed to lookup address information: Temporary failure in name resolution");
        assert_eq!(temporary, NameOutcome::Failed);
    }
}
