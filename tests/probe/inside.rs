//! What this program does inside of a namespace: one piece of work, told by an environment variable.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vmnet_doctor::probe::monitor::{self, MonitorPlan};
use vmnet_doctor::probe::sweep::{self, SweepPlan};
use vmnet_doctor::probe::{self, Cancel, History, NameQuery, Plan, Target};

/// The variable that holds the work.
pub const WORK: &str = "VMNET_DOCTOR_PROBE_WORK";

/// What a server prints when it serves.
pub const READY: &str = "serving";

/// What stands before the result in the output.
pub const RESULT: &str = "result: ";

#[test]
#[ignore = "run by the other tests inside of a namespace"]
fn work() {
    let Ok(work) = std::env::var(WORK) else { return };
    let work: Value = serde_json::from_str(&work).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let start = Instant::now();
    let mut result = match work["work"].as_str() {
        Some("check") => runtime.block_on(check(&work)),
        Some("monitor") => runtime.block_on(monitor(&work)),
        Some("watch") => runtime.block_on(watch(&work)),
        Some("sweep") => runtime.block_on(sweep(&work)),
        Some("listen") => listen(&work),
        Some("names") => answer_names(&work),
        Some("respond") => crate::responder::respond(&work),
        Some("reset") => reset(&work),
        other => panic!("unknown work: {other:?}"),
    };
    result["took_ms"] = json!(start.elapsed().as_millis() as u64);
    println!("\n{RESULT}{result}");
}

fn address(value: &Value) -> Option<IpAddr> {
    value.as_str().map(|text| text.parse().unwrap())
}

fn ports(value: &Value) -> Vec<u16> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .map(|port| port.as_u64().unwrap() as u16)
        .collect()
}

async fn check(work: &Value) -> Value {
    let many = addresses(work)
        .into_iter()
        .map(|address| json!({ "address": address }));
    let listed = work["targets"].as_array().unwrap().iter().cloned();
    let targets = listed.chain(many).map(|target| Target {
        adapter: target["adapter"].as_str().map(str::to_owned),
        ports: ports(&target["ports"]),
        fallback_ports: ports(&target["fallback_ports"]),
        path_mtu: target["mtu"] == true,
        source: address(&target["source"]),
        ..Target::new(address(&target["address"]).unwrap(), "guest")
    });
    let names = work["names"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|query| NameQuery {
            name: query["name"].as_str().unwrap().to_owned(),
            server: address(&query["server"]),
        });
    let plan = Plan {
        targets: targets.collect(),
        names: names.collect(),
        ..Plan::default()
    };
    let probes = probe::run(plan, |_| {}, cancel_after(work)).await;
    json!({ "probes": probes, "most_memory": most_memory() })
}

/// The listed addresses, or so many from 10.96.0.1 on.
fn addresses(work: &Value) -> Vec<IpAddr> {
    let many = work["many"].as_u64().unwrap_or(0) as u32;
    let counted = (1..=many).map(|number| IpAddr::from((0x0a60_0000 + number).to_be_bytes()));
    let listed = work["addresses"].as_array().into_iter().flatten();
    listed.filter_map(address).chain(counted).collect()
}

/// Memory of this process in megabytes, at its most.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

async fn monitor(work: &Value) -> Value {
    let addresses = addresses(work);
    let mut histories = vec![History::new(); addresses.len()];
    let mut plan = MonitorPlan {
        interval: Duration::from_millis(work["interval_ms"].as_u64().unwrap()),
        count: work["count"].as_u64().map(|count| count as u32),
        ..MonitorPlan::new(addresses)
    };
    for (target, source) in plan
        .targets
        .iter_mut()
        .zip(work["sources"].as_array().into_iter().flatten())
    {
        target.source = address(source);
    }
    let mut most_sockets = 0;
    let start = Instant::now();
    let mut batches: Vec<Instant> = vec![start];
    let emit = |batch: Vec<monitor::Reading>| {
        batches.push(Instant::now());
        most_sockets = most_sockets.max(sockets());
        for reading in batch {
            histories[reading.target].take(reading.sample, reading.told);
        }
    };
    monitor::run(plan, emit, Cancel::new()).await;
    // The last one may come early.
    let steady = &batches[..batches.len() - 1];
    assert!(
        steady
            .windows(2)
            .all(|pair| pair[1] - pair[0] >= Duration::from_millis(240)),
        "{batches:?}"
    );
    let targets: Vec<Value> = histories
        .iter()
        .map(|history| {
            let figures = history.statistics();
            let outcomes: serde_json::Map<String, Value> = history
                .outcomes()
                .into_iter()
                .map(|(outcome, count)| (outcome.word().to_owned(), json!(count)))
                .collect();
            let runs: Vec<Value> = history
                .runs()
                .0
                .iter()
                .map(|run| {
                    json!({ "outcome": run.outcome.word(), "by": run.by, "mtu": run.mtu, "count": run.count })
                })
                .collect();
            json!({ "sent": figures.sent, "runs": runs, "resolution_us": history.resolution_us(), "received": figures.received, "min_us": figures.min_us,
                    "median_us": figures.median_us, "max_us": figures.max_us, "outcomes": outcomes })
        })
        .collect();
    let at_ms: Vec<u64> = histories[0].samples().map(|sample| sample.at_ms).collect();
    json!({ "targets": targets, "at_ms": at_ms, "most_sockets": most_sockets, "most_memory": most_memory() })
}

/// How many sockets this process holds.
fn sockets() -> usize {
    let open = std::fs::read_dir("/proc/self/fd").unwrap();
    open.filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok())
        .filter(|name| name.to_string_lossy().starts_with("socket:"))
        .count()
}

/// Takes connections and resets them.
fn reset(work: &Value) -> Value {
    let port = work["port"].as_u64().unwrap() as u16;
    let listener = std::net::TcpListener::bind(("0.0.0.0", port)).unwrap();
    println!("\n{READY}");
    loop {
        let (stream, _) = listener.accept().unwrap();
        socket2::SockRef::from(&stream)
            .set_linger(Some(Duration::ZERO))
            .unwrap();
    }
}

async fn watch(work: &Value) -> Value {
    let cancel = Cancel::new();
    let mut changes = Vec::new();
    let end = cancel.clone();
    let lasts = Duration::from_millis(work["lasts_ms"].as_u64().unwrap());
    tokio::spawn(async move {
        tokio::time::sleep(lasts).await;
        end.cancel();
    });
    probe::watch::run(|change| changes.push(format!("{change:?}")), cancel).await;
    json!({ "changes": changes })
}

async fn sweep(work: &Value) -> Value {
    let plan = SweepPlan {
        segment: work["segment"].as_str().unwrap().parse().unwrap(),
        adapter: work["adapter"].as_str().map(str::to_owned),
        ports: ports(&work["ports"]),
        large: false,
    };
    let mut progress: Vec<Value> = Vec::new();
    let told = |far: sweep::SweepProgress| progress.push(json!([far.done, far.total, far.found]));
    let hosts = sweep::run(plan, told, cancel_after(work)).await.unwrap();
    let hosts: Vec<Value> = hosts
        .iter()
        .map(|host| {
            json!({ "address": host.address, "mac": host.mac.map(|mac| mac.to_string()),
                    "rtt_us": host.rtt_us, "open_ports": host.open_ports })
        })
        .collect();
    json!({ "hosts": hosts, "progress": progress })
}

/// A switch that is pressed after a while, when the work says so.
fn cancel_after(work: &Value) -> Cancel {
    let cancel = Cancel::new();
    if let Some(after) = work["cancel_ms"].as_u64() {
        let cancel = cancel.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(after)).await;
            cancel.cancel();
        });
    }
    cancel
}

fn listen(work: &Value) -> Value {
    let port = work["port"].as_u64().unwrap() as u16;
    let listener = std::net::TcpListener::bind(("0.0.0.0", port)).unwrap();
    println!("\n{READY}");
    let mut held = Vec::new();
    loop {
        held.push(listener.accept().unwrap());
    }
}

fn answer_names(work: &Value) -> Value {
    let socket = std::net::UdpSocket::bind((address(&work["address"]).unwrap(), 53)).unwrap();
    println!("\n{READY}");
    let mut buffer = [0; 512];
    loop {
        let (length, from) = socket.recv_from(&mut buffer).unwrap();
        let mut answer = buffer[..length].to_vec();
        answer[2] |= 0x80;
        let here = answer[12..].starts_with(b"\x04here\x07example\0");
        let wants_v4 = answer[length - 3] == 1;
        if !here {
            answer[3] |= 3;
        } else if wants_v4 {
            answer[7] = 1;
            answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]);
        }
        socket.send_to(&answer, from).unwrap();
    }
}
