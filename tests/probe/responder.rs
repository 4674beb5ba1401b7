//! A machine that answers echo in every wrong way: by hand, over a raw socket, with the kernel's own answers
//! switched off.

use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use serde_json::Value;
use socket2::{Domain, Protocol, Socket, Type};

use crate::inside::READY;

/// Answers until it is ended. `way` is one of `late`, `twice`, `flood`, `garbled`, `foreign`, `short`, and
/// `elsewhere`, which answers from the address `from`.
pub fn respond(work: &Value) -> Value {
    std::fs::write("/proc/sys/net/ipv4/icmp_echo_ignore_all", "1").unwrap();
    let socket = Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::ICMPV4)).unwrap();
    let way = work["way"].as_str().unwrap();
    let from: IpAddr = work["from"].as_str().unwrap_or("0.0.0.0").parse().unwrap();
    let sender = Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::ICMPV4)).unwrap();
    sender.bind(&SocketAddr::new(from, 0).into()).unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
    println!("\n{READY}");
    let mut waiting: Vec<(Instant, Vec<u8>, socket2::SockAddr)> = Vec::new();
    loop {
        let mut bytes = [0; 2048];
        if let Ok(length) = (&socket).read(&mut bytes) {
            let bytes = &bytes[..length];
            let asked_by = Ipv4Addr::new(bytes[12], bytes[13], bytes[14], bytes[15]);
            let to = socket2::SockAddr::from(SocketAddr::new(asked_by.into(), 0));
            let header = usize::from(bytes[0] & 0x0f) * 4;
            let mut message = bytes[header..].to_vec();
            if message[0] != 8 {
                continue;
            }
            message[0] = 0;
            let last = message.len() - 1;
            match way {
                "garbled" => message[last] ^= 0xff,
                "short" => message.truncate(20),
                "foreign" => message[4] ^= 0xff,
                _ => {}
            }
            seal(&mut message);
            let copies = match way {
                "twice" => 2,
                "flood" => 1000,
                _ => 1,
            };
            let at = Instant::now() + Duration::from_millis(if way == "late" { 1300 } else { 0 });
            for _ in 0..copies {
                waiting.push((at, message.clone(), to.clone()));
            }
        }
        waiting.retain(|(at, message, to)| {
            let due = *at <= Instant::now();
            if due {
                sender.send_to(message, to).ok();
            }
            !due
        });
    }
}

/// Puts the checksum in.
fn seal(message: &mut [u8]) {
    message[2] = 0;
    message[3] = 0;
    let mut sum: u32 = message
        .chunks(2)
        .map(|pair| u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0)))
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    let sum = !(sum as u16);
    message[2..4].copy_from_slice(&sum.to_be_bytes());
}
