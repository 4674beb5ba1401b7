//! The case: everything the program knows, as one value and as one file.

use serde::{Deserialize, Serialize};

use super::{Capture, Hypervisor, Intake, Probe, System, TableChange};

/// Version of the case file that this program writes.
pub const SCHEMA: u32 = 1;

/// Largest case file that is read, in bytes.
pub const MAX_CASE_BYTES: usize = 64 * 1024 * 1024;

/// Everything known about one problem. Unknown fields of a file are ignored, missing ones mean *unknown*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Version of the file's form.
    #[serde(default = "Case::schema")]
    pub schema: u32,
    /// `case`; a file without it is one.
    #[serde(default = "Case::kind")]
    pub kind: String,
    /// When the facts were taken, RFC 3339. Ages of leases and neighbors count from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
    /// What the user told.
    #[serde(default)]
    pub intake: Intake,
    /// The physical machine.
    #[serde(default)]
    pub host: System,
    /// The products on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hypervisors: Vec<Hypervisor>,
    /// The virtual machine as it sees itself.
    #[serde(default, skip_serializing_if = "System::is_empty")]
    pub guest: System,
    /// A second virtual machine as it sees itself.
    #[serde(default, skip_serializing_if = "System::is_empty")]
    pub guest2: System,
    /// Another machine on the physical segment as it sees itself.
    #[serde(default, skip_serializing_if = "System::is_empty")]
    pub lan: System,
    /// What packets told, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<Probe>,
    /// What packet captures saw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captures: Vec<Capture>,
    /// Outputs of commands as they were printed, in the order in which they were taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<Output>,
    /// What could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
    /// What was another on this machine after the probes than when it was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<TableChange>,
    /// What the case is without outputs that do not look whole; none where all do. Worked out from `outputs`.
    #[serde(skip)]
    pub doubt: Option<Box<Doubt>>,
    /// Where two outputs of one machine gave a card different addresses; the later one holds. Worked out from `outputs`.
    #[serde(skip)]
    pub retold: Vec<Retold>,
}

/// A card to which two outputs of its machine gave different addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retold {
    /// The machine.
    pub on: Place,
    /// The card.
    pub adapter: String,
    /// Its addresses as they were told first.
    pub before: String,
    /// Its addresses as they were told later.
    pub after: String,
}

/// A case without the outputs that look cut: what is certain is what both say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// What is known without them.
    pub without: Case,
    /// Which those are.
    pub outputs: Vec<Cut>,
}

/// An output that does not look whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The machine it was taken on.
    pub on: Place,
    /// The command that printed it; empty when it was told by its shape.
    pub command: String,
    /// What it is: `routing table`.
    pub what: &'static str,
    /// Its place among the outputs of the case.
    pub at: usize,
}

impl Cut {
    /// What to call it.
    pub fn name(&self) -> &str {
        if self.command.is_empty() {
            self.what
        } else {
            &self.command
        }
    }
}

/// The printed output of a command, or of several in one text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Output {
    /// The machine it was taken on.
    pub on: Place,
    /// The command line as it was typed; empty when it is not known and must be recognized from the text.
    pub command: String,
    /// What it printed.
    pub text: String,
}

/// A machine that facts or probes come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The physical machine.
    #[default]
    Host,
    /// The virtual machine.
    Guest,
    /// A second virtual machine.
    Guest2,
    /// Another machine on the physical segment.
    Lan,
    /// A remote ESXi host.
    Esxi,
    /// Somewhere else.
    #[serde(other)]
    Other,
}

/// Something that could not be read, and what would read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Unread {
    /// What it is: `nftables ruleset`.
    pub what: String,
    /// Why it could not be read: `needs root`.
    pub why: String,
    /// The command that would read it with more rights; empty when there is none.
    pub how: String,
}

impl Unread {
    /// Whether somebody with more rights could read it.
    pub fn needs_rights(&self) -> bool {
        // Some tools say so in the middle of their own words.
        self.why.starts_with("needs ") || self.why.contains(": needs ")
    }
}

/// Why a file is no case.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// Larger than [`MAX_CASE_BYTES`].
    #[error("the file is {0} bytes long; a case is at most {MAX_CASE_BYTES}")]
    TooLarge(u64),
    /// Not JSON, cut in half, or of another shape.
    #[error("not a case file: {0}")]
    Shape(#[from] serde_json::Error),
    /// Written by a newer program, or by another one.
    #[error("the file has schema {0}; this program reads schema {SCHEMA}")]
    Schema(u64),
    /// JSON of ours, but not one that holds a case.
    #[error("the file holds a {0}, which has no case in it")]
    Kind(String),
}

impl Default for Case {
    fn default() -> Self {
        Self {
            schema: SCHEMA,
            kind: Self::kind(),
            taken_at: None,
            intake: Intake::default(),
            host: System::default(),
            hypervisors: Vec::new(),
            guest: System::default(),
            guest2: System::default(),
            lan: System::default(),
            probes: Vec::new(),
            captures: Vec::new(),
            outputs: Vec::new(),
            unread: Vec::new(),
            changed: Vec::new(),
            doubt: None,
            retold: Vec::new(),
        }
    }
}

impl Case {
    fn schema() -> u32 {
        SCHEMA
    }

    fn kind() -> String {
        "case".to_owned()
    }

    /// Reads a case file, or takes the case out of a JSON report or scan.
    ///
    /// # Errors
    /// When it is too large, not JSON, of another schema, or of a kind without a case.
    pub fn from_json(text: &str) -> Result<Self, CaseError> {
        if text.len() > MAX_CASE_BYTES {
            return Err(CaseError::TooLarge(text.len() as u64));
        }
        /// What every JSON file of ours begins with.
        #[derive(Deserialize)]
        struct Envelope {
            schema: Option<u64>,
            kind: Option<String>,
        }
        #[derive(Deserialize)]
        struct Holder {
            case: Case,
        }
        let text = text.trim_start_matches('\u{feff}');
        let envelope: Envelope = serde_json::from_str(text)?;
        match envelope.schema {
            Some(schema) if schema != u64::from(SCHEMA) => return Err(CaseError::Schema(schema)),
            _ => {}
        }
        match envelope.kind.as_deref() {
            None | Some("case") => Ok(serde_json::from_str(text)?),
            Some("report" | "scan") => Ok(serde_json::from_str::<Holder>(text)?.case),
            Some(other) => Err(CaseError::Kind(other.chars().take(40).collect())),
        }
    }

    /// The case file's text, indented.
    pub fn to_json(&self) -> String {
        // A case holds no map with keys other than strings and no number JSON cannot write.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The machine of this place, where the case holds one.
    pub fn system(&self, place: Place) -> Option<&System> {
        match place {
            Place::Host => Some(&self.host),
            Place::Guest => Some(&self.guest),
            Place::Guest2 => Some(&self.guest2),
            Place::Lan => Some(&self.lan),
            Place::Esxi | Place::Other => None,
        }
    }

    /// The machine of this place for filling in.
    pub fn system_mut(&mut self, place: Place) -> Option<&mut System> {
        match place {
            Place::Host => Some(&mut self.host),
            Place::Guest => Some(&mut self.guest),
            Place::Guest2 => Some(&mut self.guest2),
            Place::Lan => Some(&mut self.lan),
            Place::Esxi | Place::Other => None,
        }
    }

    /// The product `id`, added when it is not there.
    pub fn hypervisor_mut(&mut self, id: super::HypervisorId) -> &mut Hypervisor {
        let at = match self.hypervisors.iter().position(|hypervisor| hypervisor.id == id) {
            Some(at) => at,
            None => {
                self.hypervisors.push(Hypervisor {
                    id,
                    ..Hypervisor::default()
                });
                self.hypervisors.len() - 1
            }
        };
        &mut self.hypervisors[at]
    }
}

impl System {
    /// Whether nothing is known of it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl super::Endpoint {
    /// The machine that stands at this end; `None` outside.
    pub fn place(self) -> Option<Place> {
        match self {
            Self::Host => Some(Place::Host),
            Self::Guest => Some(Place::Guest),
            Self::Guest2 => Some(Place::Guest2),
            Self::Lan => Some(Place::Lan),
            Self::Internet => None,
        }
    }
}
