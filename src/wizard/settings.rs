//! What is kept between runs: a small JSON file in the user's configuration folder.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::file;
use crate::locale::Language;

/// Most recent files that are remembered.
pub const RECENT_FILES: usize = 8;

/// Largest settings file that is read, in bytes.
const MAX_BYTES: u64 = 256 * 1024;

/// What is kept between runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language that the user chose; `None` is the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Light, dark or the system's.
    pub theme: Theme,
    /// The renderer that worked last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renderer: Option<String>,
    /// Files that were opened or saved, latest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recent: Vec<PathBuf>,
    /// Width and height of the window in points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<(u32, u32)>,
    /// Where the upper left corner of the window stood, in points of the desktop, where the system tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<(i32, i32)>,
    /// Whether the window fills the screen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub maximized: bool,
    /// Scale of the window in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoom: Option<u16>,
    /// Whether the monitor holds while the window is minimized.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub monitor_rests: bool,
    /// What another version of the program keeps there, and is given back to it.
    #[serde(skip)]
    pub foreign: Map<String, Value>,
    /// Where a file that could not be understood was set aside, just now.
    #[serde(skip)]
    pub set_aside: Option<PathBuf>,
}

/// Light, dark or the system's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// What the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Settings {
    /// The language to speak.
    pub fn language(&self) -> Language {
        self.language.unwrap_or_else(Language::of_system)
    }

    /// Puts a file at the front of the recent ones.
    pub fn remember(&mut self, path: &Path) {
        self.recent.retain(|known| known != path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(RECENT_FILES);
    }

    /// Where the settings stand on this machine; `None` when the user has no configuration folder.
    pub fn path() -> Option<PathBuf> {
        directories::ProjectDirs::from("", "", "vmnet-doctor")
            .map(|dirs| dirs.config_dir().join("settings.json"))
    }

    /// Reads the user's settings; the usual ones when there are none.
    pub fn load() -> Self {
        Self::path()
            .map(|path| Self::load_from(&path))
            .unwrap_or_default()
    }

    /// Reads settings. A file that cannot be understood is set aside as `settings.json.broken`, so that what
    /// it held is not lost, and the usual settings are taken. A value that this version does not know costs
    /// nothing but itself, and is kept for the version that does.
    pub fn load_from(path: &Path) -> Self {
        let Ok(text) = file::read_text(path, MAX_BYTES) else {
            return if path.exists() {
                Self::without(path)
            } else {
                Self::default()
            };
        };
        match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
            Ok(values) => Self::of(values),
            Err(_) => Self::without(path),
        }
    }

    /// The usual settings, and the file that cannot be understood set aside.
    fn without(path: &Path) -> Self {
        Self {
            set_aside: set_aside(path),
            ..Self::default()
        }
    }

    /// The settings with these values, one by one, so that none takes another one down with it.
    fn of(values: Map<String, Value>) -> Self {
        let mut known = Map::new();
        let mut foreign = Map::new();
        for (key, value) in values {
            let own = Map::from_iter([(key.clone(), value.clone())]);
            let understood = serde_json::from_value::<Self>(Value::Object(own)).is_ok();
            if understood && KEYS.contains(&key.as_str()) {
                known.insert(key, value);
            } else {
                foreign.insert(key, value);
            }
        }
        let mut settings = serde_json::from_value::<Self>(Value::Object(known)).unwrap_or_default();
        settings.recent.truncate(RECENT_FILES);
        settings.foreign = foreign;
        settings
    }

    /// Writes the settings whole or not at all.
    ///
    /// # Errors
    /// When the folder or the file cannot be written.
    pub fn save_to(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut values = to_values(self)?;
        let usual = to_values(&Self::default())?;
        for (key, value) in &self.foreign {
            // A key of ours whose value was not understood goes when the user has chosen another one here.
            if values.get(key) == usual.get(key) {
                values.insert(key.clone(), value.clone());
            }
        }
        let text = serde_json::to_string_pretty(&values).map_err(io::Error::other)?;
        file::write_whole(path, text.as_bytes())
    }
}

/// Every key of ours.
const KEYS: [&str; 9] = [
    "maximized",
    "language",
    "theme",
    "renderer",
    "recent",
    "window",
    "position",
    "zoom",
    "monitor_rests",
];

/// Most broken files that are kept beside the settings.
const MOST_ASIDE: usize = 20;

fn to_values(settings: &Settings) -> io::Result<Map<String, Value>> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(values)) => Ok(values),
        Ok(_) => Ok(Map::new()),
        Err(error) => Err(io::Error::other(error)),
    }
}

/// Beside an older one that was set aside, not over it. Returns where it stands now; `None` when it could not be moved:
/// nothing more can be done then, and the program runs without settings.
fn set_aside(path: &Path) -> Option<PathBuf> {
    let free = (1..=MOST_ASIDE)
        .map(|number| {
            let mut name = path.as_os_str().to_owned();
            name.push(".broken");
            if number > 1 {
                name.push(format!("-{number}"));
            }
            PathBuf::from(name)
        })
        .find(|aside| !aside.exists());
    free.filter(|aside| std::fs::rename(path, aside).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_they_were_saved() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep").join("settings.json");
        let mut settings = Settings {
            language: Some(Language::Chinese),
            theme: Theme::Dark,
            window: Some((1000, 700)),
            position: Some((-1900, 40)),
            ..Settings::default()
        };
        for number in 0..12 {
            settings.remember(&PathBuf::from(format!("/cases/{number}.json")));
        }
        settings.remember(Path::new("/cases/7.json"));
        settings.save_to(&path).expect("saved");
        let loaded = Settings::load_from(&path);
        assert_eq!(loaded, settings);
        assert_eq!(loaded.recent.len(), RECENT_FILES);
        assert_eq!(loaded.recent[0], Path::new("/cases/7.json"));
    }

    #[test]
    fn a_broken_file_is_set_aside_and_not_lost() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("settings.json");
        std::fs::write(&path, "{ half").expect("written");
        let usual = |name: &str| Settings {
            set_aside: Some(folder.path().join(name)),
            ..Settings::default()
        };
        assert_eq!(Settings::load_from(&path), usual("settings.json.broken"));
        assert!(!path.exists());
        // That is said once: there is nothing to set aside any more.
        assert_eq!(Settings::load_from(&path), Settings::default());
        let aside = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("set aside");
        assert_eq!(aside("settings.json.broken"), "{ half");
        // The next one stands beside it.
        for (broken, number) in ["", "[]", "{\"theme\":"].into_iter().zip(2..) {
            std::fs::write(&path, broken).expect("written");
            assert_eq!(
                Settings::load_from(&path),
                usual(&format!("settings.json.broken-{number}"))
            );
        }
        assert_eq!(aside("settings.json.broken"), "{ half");
        assert_eq!(aside("settings.json.broken-4"), "{\"theme\":");
    }

    #[test]
    fn a_newer_file_keeps_what_is_understood() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("settings.json");
        let future =
            r#"{"theme":"sepia","zoom":150,"hologram":{"depth":3},"window":"wide","language":"tlh"}"#;
        std::fs::write(&path, future).expect("written");
        let mut settings = Settings::load_from(&path);
        assert_eq!(settings.zoom, Some(150));
        assert_eq!((settings.theme, settings.language), (Theme::System, None));
        assert!(path.exists());
        // The newer program finds its own again, except for what was chosen anew here.
        settings.language = Some(Language::Chinese);
        settings.save_to(&path).expect("saved");
        let saved: Value =
            serde_json::from_str(&std::fs::read_to_string(&path).expect("read")).expect("JSON");
        assert_eq!(saved["theme"], "sepia");
        assert_eq!(saved["hologram"]["depth"], 3);
        assert_eq!(saved["window"], "wide");
        assert_eq!(saved["zoom"], 150);
        assert_eq!(saved["language"], "zh-CN");
        assert_eq!(Settings::load_from(&path).language, Some(Language::Chinese));
    }

    /// Every field has its place among the keys, so that none is taken for foreign.
    #[test]
    fn every_field_is_a_key_of_ours() {
        let full = Settings {
            language: Some(Language::English),
            theme: Theme::Light,
            renderer: Some("glow".to_owned()),
            recent: vec![PathBuf::from("/case.json")],
            window: Some((800, 600)),
            position: Some((-40, 20)),
            maximized: true,
            zoom: Some(100),
            monitor_rests: true,
            foreign: Map::new(),
            set_aside: None,
        };
        let values = to_values(&full).expect("values");
        let mut keys: Vec<&str> = values.keys().map(String::as_str).collect();
        let mut known = KEYS.to_vec();
        keys.sort_unstable();
        known.sort_unstable();
        assert_eq!(keys, known);
        assert_eq!(Settings::of(values), full);
    }
}
