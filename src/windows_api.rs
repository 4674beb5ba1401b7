//! What Windows itself answers, as plain data: routes, neighbors, the way to an address, echo, rights.
//!
//! All unsafe code of the Windows build stands here; no safe crate has these calls. Every structure is read out
//! before this file is left, and every handle and table is freed by a guard. Calls: Microsoft, "IP Helper".
#![allow(unsafe_code)]

use std::collections::HashMap;
use std::ffi::{OsStr, c_void};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::windows::ffi::OsStrExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use ipnet::IpNet;
use windows_sys::Win32::Foundation::{
    CloseHandle, ERROR_BUFFER_OVERFLOW, ERROR_CANCELLED, HANDLE, INVALID_HANDLE_VALUE, NO_ERROR,
    WAIT_OBJECT_0,
};
use windows_sys::Win32::NetworkManagement::IpHelper::{
    CancelMibChangeNotify2, MIB_NOTIFICATION_TYPE, MIB_UNICASTIPADDRESS_ROW, NotifyIpInterfaceChange,
    NotifyRouteChange2, NotifyUnicastIpAddressChange,
};
use windows_sys::Win32::NetworkManagement::IpHelper::{
    ConvertInterfaceIndexToLuid, ConvertInterfaceLuidToAlias, FreeMibTable, GetBestRoute2,
    GetIpForwardTable2, GetIpNetTable2, ICMP_ECHO_REPLY, ICMPV6_ECHO_REPLY_LH, IP_OPTION_INFORMATION,
    Icmp6CreateFile, Icmp6SendEcho2, IcmpCloseHandle, IcmpCreateFile, IcmpSendEcho2Ex, MIB_IPFORWARD_ROW2,
    MIB_IPFORWARD_TABLE2, MIB_IPNET_TABLE2,
};
use windows_sys::Win32::NetworkManagement::IpHelper::{
    GAA_FLAG_INCLUDE_ALL_INTERFACES, GAA_FLAG_SKIP_ANYCAST, GAA_FLAG_SKIP_DNS_SERVER,
    GAA_FLAG_SKIP_FRIENDLY_NAME, GAA_FLAG_SKIP_MULTICAST, GAA_FLAG_SKIP_UNICAST, GetAdaptersAddresses,
    IP_ADAPTER_ADDRESSES_LH, MIB_IPINTERFACE_ROW,
};
use windows_sys::Win32::NetworkManagement::Ndis::NET_LUID_LH;
use windows_sys::Win32::Networking::WinSock::{
    AF_INET, AF_INET6, AF_UNSPEC, IN_ADDR, IN_ADDR_0, IN6_ADDR, IN6_ADDR_0, SOCKADDR_IN, SOCKADDR_IN6,
    SOCKADDR_INET,
};
use windows_sys::Win32::System::Console::{ATTACH_PARENT_PROCESS, AttachConsole};
use windows_sys::Win32::System::Threading::{GetExitCodeProcess, WaitForSingleObject};
use windows_sys::Win32::UI::Shell::{
    IsUserAnAdmin, SEE_MASK_NOASYNC, SEE_MASK_NOCLOSEPROCESS, SHELLEXECUTEINFOW, ShellExecuteExW,
};

/// Most rows that are taken from one table.
const MOST_ROWS: usize = 20_000;
/// Most bytes that the list of adapters may take.
const MOST_BYTES: u32 = 4 << 20;
/// The bit of the IP header that forbids to split a packet (`IP_FLAG_DF`).
const DO_NOT_FRAGMENT: u8 = 2;

/// One row of the routing table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteRow {
    /// Where it leads.
    pub destination: IpNet,
    /// The router; `None` on the segment itself.
    pub via: Option<IpAddr>,
    /// Number of the adapter.
    pub index: u32,
    /// Metric of the route and of its adapter together, by which Windows chooses.
    pub metric: u32,
    /// Who made it, a value of `NL_ROUTE_PROTOCOL`: 2 local, 3 by hand.
    pub protocol: i32,
}

/// One row of the neighbor table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeighborRow {
    /// The address.
    pub address: IpAddr,
    /// Its hardware address, when it has one of six bytes.
    pub mac: Option<[u8; 6]>,
    /// Number of the adapter.
    pub index: u32,
    /// `NL_NEIGHBOR_STATE`: 0 unreachable, 1 incomplete, 2 probe, 3 delay, 4 stale, 5 reachable, 6 permanent.
    pub state: i32,
    /// Milliseconds since it was last confirmed (or failed, in state 0).
    pub changed_ms_ago: u32,
}

/// The way that a packet to an address takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Number of the adapter.
    pub index: u32,
    /// The router; `None` on the segment itself.
    pub via: Option<IpAddr>,
    /// The address that it is sent from.
    pub source: Option<IpAddr>,
}

/// An echo request.
#[derive(Clone, Debug)]
pub struct EchoRequest {
    /// Whom to ask.
    pub to: IpAddr,
    /// The address to send from.
    pub source: Option<IpAddr>,
    /// Number of the adapter, which a link-local IPv6 address needs; else 0.
    pub scope: u32,
    /// Bytes of payload.
    pub payload: u16,
    /// Whether no router may split it.
    pub unfragmentable: bool,
    /// How long to wait.
    pub patience: Duration,
}

/// What came of an echo request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EchoReply {
    /// `IP_STATUS`: 0 is a reply, 11010 silence, else what was said.
    pub status: u32,
    /// Who answered.
    pub by: Option<IpAddr>,
    /// Round-trip time in microseconds: Windows' own milliseconds, refined by the time around the call.
    pub time_us: u32,
    /// Time to live on arrival; IPv4 alone tells it.
    pub ttl: Option<u8>,
}

/// Whether this process has the rights of an administrator.
pub fn is_elevated() -> bool {
    // SAFETY: it takes nothing and only reads this process' token.
    unsafe { IsUserAnAdmin() != 0 }
}

/// What became of a program that was started with an administrator's rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elevated {
    /// It ended with this exit code.
    Ended(u32),
    /// The user said no to the prompt.
    Refused,
    /// It did not end in time; it goes on.
    Late,
}

/// Starts `program` with these arguments, as they stand on a command line, through the system's prompt for
/// administrators (UAC), without a window, and waits for its end. Blocks for as long as the prompt stands.
///
/// # Errors
/// When Windows cannot start it.
pub fn run_elevated(program: &Path, arguments: &str, patience: Duration) -> io::Result<Elevated> {
    let wide = |text: &OsStr| -> Vec<u16> { text.encode_wide().chain([0]).collect() };
    let (verb, file) = (wide(OsStr::new("runas")), wide(program.as_os_str()));
    let parameters = wide(OsStr::new(arguments));
    let mut about = SHELLEXECUTEINFOW {
        cbSize: size_of::<SHELLEXECUTEINFOW>() as u32,
        fMask: SEE_MASK_NOCLOSEPROCESS | SEE_MASK_NOASYNC,
        lpVerb: verb.as_ptr(),
        lpFile: file.as_ptr(),
        lpParameters: parameters.as_ptr(),
        // SW_HIDE.
        nShow: 0,
        ..SHELLEXECUTEINFOW::default()
    };
    // SAFETY: the structure says its own size, and its texts end with zero and live beyond the call.
    if unsafe { ShellExecuteExW(&mut about) } == 0 {
        let error = io::Error::last_os_error();
        let refused = error.raw_os_error() == Some(ERROR_CANCELLED as i32);
        return if refused {
            Ok(Elevated::Refused)
        } else {
            Err(error)
        };
    }
    if about.hProcess.is_null() {
        return Err(io::Error::other("no process was started"));
    }
    let milliseconds = u32::try_from(patience.as_millis()).unwrap_or(u32::MAX - 1);
    let mut code = 0;
    // SAFETY: the handle is ours, is asked before it is closed, and is closed once.
    let ended = unsafe {
        let ended = WaitForSingleObject(about.hProcess, milliseconds) == WAIT_OBJECT_0
            && GetExitCodeProcess(about.hProcess, &mut code) != 0;
        CloseHandle(about.hProcess);
        ended
    };
    Ok(if ended {
        Elevated::Ended(code)
    } else {
        Elevated::Late
    })
}

/// Takes the console of the process that started this one, when there is one and this has none: a window program
/// gets none by itself.
pub fn attach_console() {
    // SAFETY: it takes a number; without a console to attach to it changes nothing.
    unsafe { AttachConsole(ATTACH_PARENT_PROCESS) };
}

/// The name by which people and commands call the adapter of this number.
pub fn alias(index: u32) -> Option<String> {
    let mut luid = NET_LUID_LH { Value: 0 };
    let mut name = [0_u16; 257];
    // SAFETY: both calls fill what they are given; the length is that of `name`, its zero included.
    let status = unsafe {
        match ConvertInterfaceIndexToLuid(index, &mut luid) {
            NO_ERROR => ConvertInterfaceLuidToAlias(&luid, name.as_mut_ptr(), name.len()),
            error => error,
        }
    };
    let end = name.iter().position(|unit| *unit == 0)?;
    let name = String::from_utf16_lossy(name.get(..end)?);
    (status == NO_ERROR && !name.is_empty()).then_some(name)
}

/// Frees a table of IP Helper when it is dropped.
struct Table<T>(*mut T);

impl<T> Drop for Table<T> {
    fn drop(&mut self) {
        // SAFETY: the pointer came from IP Helper and is freed once; null is fine.
        unsafe { FreeMibTable(self.0.cast()) };
    }
}

/// All rows of the routing tables of both families.
///
/// # Errors
/// When Windows refuses.
pub fn routes() -> io::Result<Vec<RouteRow>> {
    let mut table: *mut MIB_IPFORWARD_TABLE2 = std::ptr::null_mut();
    // SAFETY: it writes one pointer, which the guard frees.
    succeeded(unsafe { GetIpForwardTable2(AF_UNSPEC, &mut table) })?;
    let table = Table(table);
    if table.0.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: on success the table is valid and holds `NumEntries` rows from `Table` on; it is not written to.
    let rows = unsafe {
        let count = ((*table.0).NumEntries as usize).min(MOST_ROWS);
        std::slice::from_raw_parts(
            std::ptr::addr_of!((*table.0).Table).cast::<MIB_IPFORWARD_ROW2>(),
            count,
        )
    };
    let metrics = adapter_metrics();
    let found = rows.iter().filter_map(|row| {
        let destination = address_of(&row.DestinationPrefix.Prefix)?;
        let destination = IpNet::new(destination, row.DestinationPrefix.PrefixLength).ok()?;
        let key = (row.InterfaceIndex, destination.addr().is_ipv4());
        let own = metrics.get(&key).copied().unwrap_or(0);
        Some(RouteRow {
            destination,
            via: address_of(&row.NextHop).filter(|via| !via.is_unspecified()),
            index: row.InterfaceIndex,
            metric: row.Metric.saturating_add(own),
            protocol: row.Protocol,
        })
    });
    Ok(found.collect())
}

/// The metrics of adapters by number and whether it is that of IPv4; they count into those of their routes.
///
/// `GetAdaptersAddresses` tells all at once, where `GetIpInterfaceEntry` would be asked for each.
fn adapter_metrics() -> HashMap<(u32, bool), u32> {
    const WHAT: u32 = GAA_FLAG_SKIP_UNICAST
        | GAA_FLAG_SKIP_ANYCAST
        | GAA_FLAG_SKIP_MULTICAST
        | GAA_FLAG_SKIP_DNS_SERVER
        | GAA_FLAG_SKIP_FRIENDLY_NAME
        | GAA_FLAG_INCLUDE_ALL_INTERFACES;
    let mut metrics = HashMap::new();
    let mut size: u32 = 0x8000;
    // Items of eight bytes are aligned as the structures want it.
    let mut room: Vec<u64> = Vec::new();
    // Adapters may come between two calls.
    for _ in 0..4 {
        room.resize((size.min(MOST_BYTES) as usize).div_ceil(8), 0);
        size = u32::try_from(room.len() * 8).unwrap_or(MOST_BYTES);
        // SAFETY: `room` is `size` bytes that may be written to, and outlives the call.
        let status = unsafe {
            let first = room.as_mut_ptr().cast();
            GetAdaptersAddresses(u32::from(AF_UNSPEC), WHAT, std::ptr::null(), first, &mut size)
        };
        match status {
            NO_ERROR => break,
            ERROR_BUFFER_OVERFLOW => room.clear(),
            _ => return metrics,
        }
    }
    let mut next: *const IP_ADAPTER_ADDRESSES_LH = match room.is_empty() {
        true => std::ptr::null(),
        false => room.as_ptr().cast(),
    };
    // SAFETY: on success a list of valid structures lies in `room`, which lives on; the last one's `Next` is null.
    while let Some(row) = unsafe { next.as_ref() } {
        // SAFETY: both readings of this union are plain numbers.
        let index = unsafe { row.Anonymous1.Anonymous.IfIndex };
        metrics.insert((index, true), row.Ipv4Metric);
        metrics.insert((row.Ipv6IfIndex, false), row.Ipv6Metric);
        next = row.Next;
    }
    metrics
}

/// All rows of the neighbor tables of both families.
///
/// # Errors
/// When Windows refuses.
pub fn neighbors() -> io::Result<Vec<NeighborRow>> {
    let mut table: *mut MIB_IPNET_TABLE2 = std::ptr::null_mut();
    // SAFETY: it writes one pointer, which the guard frees.
    succeeded(unsafe { GetIpNetTable2(AF_UNSPEC, &mut table) })?;
    let table = Table(table);
    if table.0.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: on success the table is valid and holds `NumEntries` rows from `Table` on; it is not written to.
    let rows = unsafe {
        let count = ((*table.0).NumEntries as usize).min(MOST_ROWS);
        std::slice::from_raw_parts(
            std::ptr::addr_of!((*table.0).Table)
                .cast::<windows_sys::Win32::NetworkManagement::IpHelper::MIB_IPNET_ROW2>(),
            count,
        )
    };
    let found = rows.iter().filter_map(|row| {
        let [a, b, c, d, e, f, ..] = row.PhysicalAddress;
        Some(NeighborRow {
            address: address_of(&row.Address)?,
            mac: (row.PhysicalAddressLength == 6).then_some([a, b, c, d, e, f]),
            index: row.InterfaceIndex,
            state: row.State,
            // SAFETY: both members of the union are one number, and every value of it is valid.
            changed_ms_ago: unsafe { row.ReachabilityTime.LastReachable },
        })
    });
    Ok(found.collect())
}

/// The way that Windows would send a packet to this address.
///
/// # Errors
/// When there is none, or Windows refuses.
pub fn way_to(destination: IpAddr) -> io::Result<Way> {
    let to = socket_address(destination, 0);
    // SAFETY: structures of plain numbers, for which zeros are valid; the call only fills them.
    let (status, route, source) = unsafe {
        let mut route: MIB_IPFORWARD_ROW2 = std::mem::zeroed();
        let mut source: SOCKADDR_INET = std::mem::zeroed();
        let status = GetBestRoute2(
            std::ptr::null(),
            0,
            std::ptr::null(),
            &to,
            0,
            &mut route,
            &mut source,
        );
        (status, route, source)
    };
    succeeded(status)?;
    Ok(Way {
        index: route.InterfaceIndex,
        via: address_of(&route.NextHop).filter(|via| !via.is_unspecified()),
        source: address_of(&source).filter(|source| !source.is_unspecified()),
    })
}

/// Calls back when an adapter, one of its addresses, or a route changes, until it is dropped.
pub struct Notices {
    handles: Vec<HANDLE>,
    /// What Windows' callbacks are given a pointer to; outlives them, as dropping cancels them first.
    _call: Box<Call>,
}

/// What is called, from threads of Windows.
type Call = Box<dyn Fn() + Send + Sync>;

// SAFETY: the handles are numbers of this process and not of a thread, and what is called may be called anywhere.
unsafe impl Send for Notices {}

impl Notices {
    /// Asks Windows to be told.
    ///
    /// # Errors
    /// When Windows refuses.
    pub fn ask(call: Call) -> io::Result<Self> {
        let call = Box::new(call);
        let context = std::ptr::from_ref::<Call>(&call).cast();
        let mut notices = Self {
            handles: Vec::new(),
            _call: call,
        };
        let mut handle: HANDLE = std::ptr::null_mut();
        // SAFETY: `context` points to a box that this value owns, and dropping it waits until no callback runs;
        // each call writes one handle, which is kept to be cancelled.
        unsafe {
            succeeded(NotifyIpInterfaceChange(
                AF_UNSPEC,
                Some(adapter_changed),
                context,
                false,
                &mut handle,
            ))?;
            notices.handles.push(handle);
            succeeded(NotifyUnicastIpAddressChange(
                AF_UNSPEC,
                Some(address_changed),
                context,
                false,
                &mut handle,
            ))?;
            notices.handles.push(handle);
            succeeded(NotifyRouteChange2(
                AF_UNSPEC,
                Some(route_changed),
                context,
                false,
                &mut handle,
            ))?;
            notices.handles.push(handle);
        }
        Ok(notices)
    }
}

impl Drop for Notices {
    fn drop(&mut self) {
        for handle in self.handles.drain(..) {
            // SAFETY: the handle is one of those above and cancelled once; the call returns when no callback of
            // it runs any more. It is not made from within a callback, which only calls the box.
            unsafe { CancelMibChangeNotify2(handle) };
        }
    }
}

unsafe extern "system" fn adapter_changed(
    context: *const c_void,
    _row: *const MIB_IPINTERFACE_ROW,
    _kind: MIB_NOTIFICATION_TYPE,
) {
    // SAFETY: Windows hands back what it was given.
    unsafe { notice(context) };
}

unsafe extern "system" fn address_changed(
    context: *const c_void,
    _row: *const MIB_UNICASTIPADDRESS_ROW,
    _kind: MIB_NOTIFICATION_TYPE,
) {
    // SAFETY: as above.
    unsafe { notice(context) };
}

unsafe extern "system" fn route_changed(
    context: *const c_void,
    _row: *const MIB_IPFORWARD_ROW2,
    _kind: MIB_NOTIFICATION_TYPE,
) {
    // SAFETY: as above.
    unsafe { notice(context) };
}

/// Calls what stands behind the pointer.
///
/// # Safety
/// The pointer must be the one that [`Notices::ask`] gave away, of a value that has not been dropped.
unsafe fn notice(context: *const c_void) {
    // SAFETY: see above.
    let call = unsafe { &*context.cast::<Call>() };
    call();
}

/// Closes a handle for echo when it is dropped.
struct EchoHandle(HANDLE);

impl Drop for EchoHandle {
    fn drop(&mut self) {
        // SAFETY: the handle is open and closed once.
        unsafe { IcmpCloseHandle(self.0) };
    }
}

/// Sends one echo request and waits for what comes of it. Blocks for at most the request's patience, so call it
/// where blocking is allowed. Needs no rights: the system sends it.
///
/// # Errors
/// When Windows does not send it: its own error number.
pub fn echo(request: &EchoRequest) -> io::Result<EchoReply> {
    let v6 = request.to.is_ipv6();
    // SAFETY: they take nothing and return a handle or INVALID_HANDLE_VALUE.
    let handle = unsafe { if v6 { Icmp6CreateFile() } else { IcmpCreateFile() } };
    if handle == INVALID_HANDLE_VALUE || handle.is_null() {
        return Err(io::Error::last_os_error());
    }
    let handle = EchoHandle(handle);
    let data = vec![0x5a_u8; usize::from(request.payload)];
    // "At least one reply structure plus the request's data plus 8 bytes for an ICMP error", and room for the
    // I/O status block that IPv6 wants. In 8-byte units, so that the structures in it are aligned.
    let mut buffer = vec![0_u64; (data.len() + 256).div_ceil(8)];
    let size = u32::try_from(buffer.len() * 8).unwrap_or(u32::MAX);
    let timeout = u32::try_from(request.patience.as_millis())
        .unwrap_or(u32::MAX)
        .max(1);
    let options = IP_OPTION_INFORMATION {
        Ttl: 128,
        Tos: 0,
        Flags: if request.unfragmentable {
            DO_NOT_FRAGMENT
        } else {
            0
        },
        OptionsSize: 0,
        OptionsData: std::ptr::null_mut(),
    };
    let before = Instant::now();
    // SAFETY: without an event and a routine both calls return when they are done with `data` and `buffer`,
    // whose sizes they are told; the addresses live as long as the calls.
    let count = unsafe {
        match (request.to, request.source) {
            (IpAddr::V4(to), source) => IcmpSendEcho2Ex(
                handle.0,
                std::ptr::null_mut(),
                None,
                std::ptr::null(),
                match source {
                    Some(IpAddr::V4(source)) => u32::from_ne_bytes(source.octets()),
                    _ => 0,
                },
                u32::from_ne_bytes(to.octets()),
                data.as_ptr().cast(),
                request.payload,
                &options,
                buffer.as_mut_ptr().cast(),
                size,
                timeout,
            ),
            (IpAddr::V6(to), source) => {
                let source = match source {
                    Some(IpAddr::V6(source)) => source,
                    _ => Ipv6Addr::UNSPECIFIED,
                };
                let source = v6_address(source, 0);
                let to = v6_address(to, request.scope);
                Icmp6SendEcho2(
                    handle.0,
                    std::ptr::null_mut(),
                    None,
                    std::ptr::null(),
                    &source,
                    &to,
                    data.as_ptr().cast(),
                    request.payload,
                    &options,
                    buffer.as_mut_ptr().cast(),
                    size,
                    timeout,
                )
            }
        }
    };
    let around = before.elapsed();
    if count == 0 {
        let error = io::Error::last_os_error();
        // Numbers of `IP_STATUS` say what became of the packet; all others, that none was sent.
        return match error.raw_os_error().and_then(|number| u32::try_from(number).ok()) {
            Some(status @ 11_000..=11_050) => Ok(EchoReply {
                status,
                by: None,
                time_us: micros(around),
                ttl: None,
            }),
            _ => Err(error),
        };
    }
    // SAFETY: at least one reply stands at the beginning of the buffer, which is larger than either structure
    // and aligned for it; all their fields are plain numbers and a pointer that is not followed.
    let (status, by, milliseconds, ttl) = unsafe {
        if v6 {
            let reply = buffer.as_ptr().cast::<ICMPV6_ECHO_REPLY_LH>().read_unaligned();
            let words = reply.Address.sin6_addr;
            let by = Ipv6Addr::from(words.map(u16::from_be));
            (reply.Status, IpAddr::V6(by), reply.RoundTripTime, None)
        } else {
            let reply = buffer.as_ptr().cast::<ICMP_ECHO_REPLY>().read_unaligned();
            let by = Ipv4Addr::from(reply.Address.to_ne_bytes());
            let ttl = Some(reply.Options.Ttl).filter(|ttl| *ttl > 0);
            (reply.Status, IpAddr::V4(by), reply.RoundTripTime, ttl)
        }
    };
    let least = milliseconds.saturating_mul(1000);
    Ok(EchoReply {
        status,
        by: Some(by).filter(|by| !by.is_unspecified()),
        time_us: micros(around).clamp(least, least.saturating_add(999)).max(1),
        ttl,
    })
}

fn micros(time: Duration) -> u32 {
    u32::try_from(time.as_micros()).unwrap_or(u32::MAX)
}

fn succeeded(status: u32) -> io::Result<()> {
    match status {
        NO_ERROR => Ok(()),
        error => Err(io::Error::from_raw_os_error(
            i32::try_from(error).unwrap_or(i32::MAX),
        )),
    }
}

/// The address in a structure for both families; `None` when it holds neither.
fn address_of(address: &SOCKADDR_INET) -> Option<IpAddr> {
    // SAFETY: the family tells which member is filled, and stands at one place in all of them; every value of
    // their bytes is valid.
    unsafe {
        match address.si_family {
            AF_INET => Some(IpAddr::V4(Ipv4Addr::from(
                address.Ipv4.sin_addr.S_un.S_addr.to_ne_bytes(),
            ))),
            AF_INET6 => Some(IpAddr::V6(Ipv6Addr::from(address.Ipv6.sin6_addr.u.Byte))),
            _ => None,
        }
    }
}

fn socket_address(address: IpAddr, scope: u32) -> SOCKADDR_INET {
    match address {
        IpAddr::V4(address) => SOCKADDR_INET {
            Ipv4: SOCKADDR_IN {
                sin_family: AF_INET,
                sin_port: 0,
                sin_addr: IN_ADDR {
                    S_un: IN_ADDR_0 {
                        S_addr: u32::from_ne_bytes(address.octets()),
                    },
                },
                sin_zero: [0; 8],
            },
        },
        IpAddr::V6(address) => SOCKADDR_INET {
            Ipv6: v6_address(address, scope),
        },
    }
}

fn v6_address(address: Ipv6Addr, scope: u32) -> SOCKADDR_IN6 {
    // SAFETY: a structure of plain numbers, for which zeros are valid.
    let mut filled: SOCKADDR_IN6 = unsafe { std::mem::zeroed() };
    filled.sin6_family = AF_INET6;
    filled.sin6_addr = IN6_ADDR {
        u: IN6_ADDR_0 {
            Byte: address.octets(),
        },
    };
    filled.Anonymous.sin6_scope_id = scope;
    filled
}
