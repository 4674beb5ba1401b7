//! What is kept between runs: a small JSON file in the user's configuration folder.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

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
    /// Scale of the window in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoom: Option<u16>,
    /// Whether the monitor holds while the window is minimized.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub monitor_rests: bool,
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
    /// it held is not lost, and the usual settings are taken.
    pub fn load_from(path: &Path) -> Self {
        let Ok(text) = file::read_text(path, MAX_BYTES) else {
            if path.exists() {
                set_aside(path);
            }
            return Self::default();
        };
        serde_json::from_str(&text).unwrap_or_else(|_| {
            set_aside(path);
            Self::default()
        })
    }

    /// Writes the settings whole or not at all.
    ///
    /// # Errors
    /// When the folder or the file cannot be written.
    pub fn save_to(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        file::write_whole(path, text.as_bytes())
    }
}

fn set_aside(path: &Path) {
    let mut name = path.as_os_str().to_owned();
    name.push(".broken");
    // Nothing more can be done when even that fails; the program runs without settings.
    std::fs::rename(path, PathBuf::from(name)).ok();
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
        assert_eq!(Settings::load_from(&path), Settings::default());
        assert!(!path.exists());
        let aside = std::fs::read_to_string(folder.path().join("settings.json.broken")).expect("set aside");
        assert_eq!(aside, "{ half");
    }

    #[test]
    fn a_newer_file_keeps_what_is_understood() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("settings.json");
        std::fs::write(&path, r#"{"theme":"dark","hologram":true}"#).expect("written");
        assert_eq!(Settings::load_from(&path).theme, Theme::Dark);
    }
}
