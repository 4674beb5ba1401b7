//! What this program plays inside a namespace: servers, a tunnel's far end, a guest's cable, and a client.
//!
//! A server ends when its standard input closes, so it cannot outlive the lab.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::ExitCode;
use std::time::Duration;

use crate::real::agent;

/// The first argument of a role.
pub const FLAG: &str = "--lab-role";

/// Printed once a server answers.
pub const READY: &str = "ready";

/// The address that the lab's name server gives for every name.
const NAMED_ADDRESS: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 10);

/// Where the provider's name server is, and a public one that everybody may ask.
pub const NAME_SERVERS: [(u16, &str); 2] = [(53, "203.0.113.53"), (PUBLIC_NAMES, "9.9.9.9")];

/// Stands for the public name server where services are told apart by their ports.
pub const PUBLIC_NAMES: u16 = 9953;

/// Plays one role to its end.
pub fn play(role: &str, rest: &[String]) -> ExitCode {
    if let ("in-guest", [socket, words @ ..]) = (role, rest) {
        return agent::run(socket, words).unwrap_or_else(|error| {
            eprintln!("{socket}: {error}");
            ExitCode::FAILURE
        });
    }
    let done = match (role, rest) {
        ("serve", places) => serve(places),
        ("refuse", [place]) => listen(place, false).and_then(|()| until_input_closes()),
        ("lend", []) => lend(),
        ("first", []) => device::be_first_process(),
        ("tunnel", [name]) => device::hold_tunnel(name),
        ("cable", [far, near]) => device::lay_cable(far, near),
        ("connect", [address]) => address.parse().map_err(std::io::Error::other).and_then(connect),
        _ => Err(std::io::Error::other("unknown role")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{role}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves each of these ports: names on those of [`NAME_SERVERS`], else TCP.
fn serve(places: &[String]) -> std::io::Result<()> {
    for place in places {
        let names = NAME_SERVERS.iter().find(|(port, _)| port.to_string() == *place);
        match names {
            Some((_, address)) => serve_names(address.parse().map_err(std::io::Error::other)?)?,
            None => listen(place, true)?,
        }
    }
    until_input_closes()
}

/// Accepts on a TCP port of every address, or on `ADDRESS:PORT`, and sends back what comes; or, as a service with an
/// access list does to whoever is not on it, closes every connection at once.
fn listen(place: &str, answers: bool) -> std::io::Result<()> {
    let place: SocketAddr = match place.parse::<u16>() {
        // One socket for both families.
        Ok(port) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)),
        Err(_) => place.parse().map_err(std::io::Error::other)?,
    };
    let listener = TcpListener::bind(place)?;
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if !answers {
                continue;
            }
            std::thread::spawn(move || {
                let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
                let _ = std::io::copy(&mut &stream, &mut &stream);
            });
        }
    });
    Ok(())
}

/// Holds the port of DHCP's servers. Nothing in the lab asks for an address.
fn lend() -> std::io::Result<()> {
    let _socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 67))?;
    until_input_closes()
}

/// Answers every question for an IPv4 address with [`NAMED_ADDRESS`] and every other with "no data".
fn serve_names(own: Ipv4Addr) -> std::io::Result<()> {
    // Not every address: the answer must come from the one that was asked.
    let socket = UdpSocket::bind((own, 53))?;
    std::thread::spawn(move || {
        let mut packet = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut packet) {
            if let Some(answer) = packet.get(..length).and_then(name_answer) {
                let _ = socket.send_to(&answer, from);
            }
        }
    });
    Ok(())
}

/// RFC 1035, 4.1: the question's header and first question, then one address record.
fn name_answer(question: &[u8]) -> Option<Vec<u8>> {
    const HEADER: usize = 12;
    const KIND_ADDRESS: [u8; 2] = [0, 1];
    let mut end = HEADER;
    while *question.get(end)? != 0 {
        end += usize::from(*question.get(end)?) + 1;
    }
    let asked = question.get(HEADER..end + 5)?;
    let has_address = question.get(end + 1..end + 3)? == KIND_ADDRESS;
    let mut answer = question.get(..2)?.to_vec();
    answer.extend([0x81, 0x80, 0, 1, 0, u8::from(has_address), 0, 0, 0, 0]);
    answer.extend(asked);
    if has_address {
        // The name by reference, kind and class, 60 s to live, four bytes.
        answer.extend([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
        answer.extend(NAMED_ADDRESS.octets());
    }
    Some(answer)
}

/// Connects, asks, and wants something back: proof that data passes, not only a handshake. What serves a guest's loopback
/// speaks HTTP; everything else sends back what comes.
fn connect(address: SocketAddr) -> std::io::Result<()> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
    let mut back = [0; 4];
    stream.read_exact(&mut back)
}

fn until_input_closes() -> std::io::Result<()> {
    println!("{READY}");
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).map(drop)
}

#[cfg(target_os = "linux")]
mod device {
    use std::fs::File;
    use std::io::{Read, Write};
    use std::os::fd::AsRawFd;

    // linux/if_tun.h
    const TUNSETIFF: libc::c_ulong = 0x4004_54ca;
    const TUN: u16 = 0x0001;
    const TAP: u16 = 0x0002;
    const WITHOUT_HEADER: u16 = 0x1000;
    const WITH_OFFLOAD_HEADER: u16 = 0x4000;

    /// The first process of a process namespace: waits for those that nobody else waits for.
    pub fn be_first_process() -> std::io::Result<()> {
        std::thread::spawn(|| {
            while nix::sys::wait::wait() != Err(nix::errno::Errno::EINVAL) {
                // Without a child it returns at once.
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        });
        super::until_input_closes()
    }

    /// Makes a tunnel device and swallows what is sent into it: a VPN whose far end does not know the guests.
    pub fn hold_tunnel(name: &str) -> std::io::Result<()> {
        let mut device = attach(name, TUN | WITHOUT_HEADER)?;
        std::thread::spawn(move || {
            let mut packet = [0; 2048];
            while device.read(&mut packet).is_ok() {}
        });
        super::until_input_closes()
    }

    /// What a hypervisor does for a guest's card: carries frames between the host's device and the guest's.
    ///
    /// `far` is a macvtap's device file, or the name of a tap that is made here and may then be moved to the host;
    /// `near` is the guest's card.
    pub fn lay_cable(far: &str, near: &str) -> std::io::Result<()> {
        let (far, near) = if far.starts_with('/') {
            // A macvtap puts the offload header before each frame, so both ends do.
            let card = attach(near, TAP | WITHOUT_HEADER | WITH_OFFLOAD_HEADER)?;
            (File::options().read(true).write(true).open(far)?, card)
        } else {
            (
                attach(far, TAP | WITHOUT_HEADER)?,
                attach(near, TAP | WITHOUT_HEADER)?,
            )
        };
        carry(far.try_clone()?, near.try_clone()?);
        carry(near, far);
        super::until_input_closes()
    }

    /// A device that is down refuses frames, as an unplugged one would lose them; neither ends the cable.
    fn carry(mut from: File, mut to: File) {
        std::thread::spawn(move || {
            let mut frame = [0; 65_600];
            loop {
                match from.read(&mut frame) {
                    Ok(length) => drop(to.write(frame.get(..length).unwrap_or_default())),
                    Err(_) => std::thread::sleep(std::time::Duration::from_millis(20)),
                }
            }
        });
    }

    /// Such a device has a carrier only while a process holds it, and only this call takes hold.
    #[allow(unsafe_code)]
    fn attach(name: &str, flags: u16) -> std::io::Result<File> {
        let device = File::options().read(true).write(true).open("/dev/net/tun")?;
        // struct ifreq: 16 bytes of name, then a union of 24 bytes that begins with the flags.
        let mut request = [0_u8; 40];
        if name.len() > 15 {
            return Err(std::io::Error::other("name too long"));
        }
        request[..name.len()].copy_from_slice(name.as_bytes());
        request[16..18].copy_from_slice(&flags.to_ne_bytes());
        // SAFETY: the descriptor is open, and `request` outlives the call and is as large as `struct ifreq`.
        let status = unsafe { libc::ioctl(device.as_raw_fd(), TUNSETIFF as _, request.as_mut_ptr()) };
        if status < 0 {
            Err(std::io::Error::last_os_error())
        } else {
            Ok(device)
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod device {
    /// Process namespaces exist on Linux only.
    pub fn be_first_process() -> std::io::Result<()> {
        Err(std::io::ErrorKind::Unsupported.into())
    }

    /// Devices of this kind exist on Linux only.
    pub fn hold_tunnel(_name: &str) -> std::io::Result<()> {
        Err(std::io::ErrorKind::Unsupported.into())
    }

    /// Devices of this kind exist on Linux only.
    pub fn lay_cable(_far: &str, _near: &str) -> std::io::Result<()> {
        Err(std::io::ErrorKind::Unsupported.into())
    }
}
