//! The case of a machine with more than fits, and with names that nobody would choose.

use std::fmt::Write as _;

use vmnet_doctor::model::Case;

const SEGMENTS: usize = 30;
const MACHINES: usize = 200;

/// Names as they come: emoji, right to left within left to right, 255 characters, control characters.
const NAMES: [&str; 4] = ["🦊 lab", "שרת-1 web", "a\u{202e}b\\nc", "虚拟机"];

/// Thirty segments and two hundred machines.
pub fn crowd() -> Case {
    let (mut adapters, mut routes, mut networks, mut machines) =
        (String::new(), String::new(), String::new(), String::new());
    for index in 0..SEGMENTS {
        let comma = if index == 0 { "" } else { "," };
        let name = if index == 3 {
            "x".repeat(255)
        } else {
            format!("virbr{index}")
        };
        write!(adapters, r#"{comma}{{"name":"{name}","kind":"bridge","enabled":true,"carrier":true,"addresses":[{{"net":"10.7.{index}.1/24"}}]}}"#)
            .expect("a string");
        write!(
            routes,
            r#"{comma}{{"destination":"10.7.{index}.0/24","adapter":"{name}"}}"#
        )
        .expect("a string");
        write!(networks, r#"{comma}{{"name":"net{index}","mode":"nat","active":true,"host_adapter":"{name}","segment":"10.7.{index}.0/24"}}"#)
            .expect("a string");
    }
    for index in 0..MACHINES {
        let comma = if index == 0 { "" } else { "," };
        let name = match NAMES.get(index) {
            Some(name) => (*name).to_owned(),
            None if index == 7 => "h".repeat(255),
            None => format!("machine{index}"),
        };
        let (net, host) = (index % SEGMENTS, 10 + index / SEGMENTS);
        write!(
            machines,
            r#"{comma}{{"name":"{name}","state":"running","nics":[{{"mode":"nat","network":"net{net}","addresses":[{{"address":"10.7.{net}.{host}","prefix":24,"source":"lease"}}]}}]}}"#
        )
        .expect("a string");
    }
    let text = format!(
        r#"{{"host":{{"os":"linux","adapters":[{adapters}],"routes":[{routes}]}},
            "hypervisors":[{{"id":"libvirt","installed":true,"running":true,"networks":[{networks}],"machines":[{machines}]}}]}}"#
    );
    Case::from_json(&text).expect("a case")
}
