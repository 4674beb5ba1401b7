//! Internet Sharing: `plutil -convert xml1 -o - /Library/Preferences/SystemConfiguration/com.apple.nat.plist`.

use quick_xml::events::Event;

use crate::model::{Case, Place, Sharing};
use crate::parse::command::Call;

/// Deepest nesting and most values that are looked at.
const MAX_DEPTH: usize = 32;
const MAX_VALUES: usize = 1000;

/// Whether the call prints the settings.
pub fn is_call(call: &Call) -> bool {
    let named = |word: &String| word.contains("com.apple.nat");
    (call.is(&["plutil"]) && call.args.iter().any(named)) || call.file().is_some_and(|path| named(&path))
}

/// Reads who takes part, when sharing is on. Adapters that are not known are none.
pub fn read(text: &str, case: &mut Case, on: Place, _command: &str) {
    let values = values(text);
    let is_on = values
        .iter()
        .any(|(path, value)| path == "NAT/Enabled" && (value == "1" || value == "true"));
    let Some(adapters) = case.system_mut(on).and_then(|system| system.adapters.value_mut()) else {
        return;
    };
    for (path, value) in values.iter().filter(|_| is_on) {
        let part = match path.as_str() {
            "NAT/PrimaryInterface/Device" => Sharing::Public,
            "NAT/SharingDevices" => Sharing::Private,
            _ => continue,
        };
        if let Some(adapter) = adapters.iter_mut().find(|known| known.name == *value) {
            adapter.sharing = Some(part);
        }
    }
}

/// The values of a property list in XML with the keys that lead to each; the elements of an array share its path.
fn values(text: &str) -> Vec<(String, String)> {
    let mut reader = quick_xml::Reader::from_str(text.trim());
    let (mut found, mut path) = (Vec::new(), Vec::<String>::new());
    let (mut key, mut element) = (String::new(), String::new());
    let put = |found: &mut Vec<(String, String)>, path: &[String], key: &str, value: &str| {
        if found.len() < MAX_VALUES {
            let words = path.iter().map(String::as_str).chain([key]);
            let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            found.push((words.join("/"), value.to_owned()));
        }
    };
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                element = String::from_utf8_lossy(start.name().as_ref()).into_owned();
                if element == "dict" || element == "array" {
                    if path.len() >= MAX_DEPTH {
                        return found;
                    }
                    path.push(std::mem::take(&mut key));
                }
            }
            Ok(Event::Empty(empty)) => match empty.name().as_ref() {
                b"true" => put(&mut found, &path, &key, "true"),
                b"false" => put(&mut found, &path, &key, "false"),
                _ => {}
            },
            Ok(Event::Text(words)) => {
                let words = String::from_utf8_lossy(words.as_ref()).trim().to_owned();
                match element.as_str() {
                    "key" => key = words,
                    "string" | "integer" => put(&mut found, &path, &key, &words),
                    _ => {}
                }
            }
            Ok(Event::End(end)) => {
                element.clear();
                if matches!(end.name().as_ref(), b"dict" | b"array") {
                    path.pop();
                    key.clear();
                }
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Adapter, Fact};

    fn parts(enabled: &str) -> Vec<Option<Sharing>> {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://x\">\n\
             <plist version=\"1.0\">\n<dict>\n<key>NAT</key>\n<dict>\n<key>AirPort</key>\n<dict>\n<key>Enabled</key>\n<integer>0</integer>\n\
             <key>NetworkPassword</key>\n<data></data>\n</dict>\n<key>Enabled</key>\n{enabled}\n<key>PrimaryInterface</key>\n<dict>\n\
             <key>Device</key>\n<string>en0</string>\n</dict>\n<key>SharingDevices</key>\n<array>\n<string>en7</string>\n\
             <string>bridge0</string>\n</array>\n</dict>\n</dict>\n</plist>\n"
        );
        let mut case = Case::default();
        let adapters = ["en0", "en7", "bridge0", "en1"].map(Adapter::named).to_vec();
        case.host.adapters = Fact::known(adapters, "ifconfig");
        read(&text, &mut case, Place::Host, "");
        let rows = case.host.adapters.rows().iter();
        rows.map(|adapter| adapter.sharing).collect()
    }

    #[test]
    fn who_shares_with_whom() {
        let on = [
            Some(Sharing::Public),
            Some(Sharing::Private),
            Some(Sharing::Private),
            None,
        ];
        assert_eq!(parts("<integer>1</integer>"), on);
        assert_eq!(parts("<true/>"), on);
        assert_eq!(parts("<integer>0</integer>"), [None; 4]);
        assert_eq!(parts(""), [None; 4]);
    }
}
