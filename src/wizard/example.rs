//! The shipped examples: saved cases inside the program, so that it shows its main job on a machine without
//! any hypervisor.

use std::str::FromStr;

use crate::model::{Case, CaseError};

/// A shipped example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Example {
    /// VMware NAT on Windows; its NAT service is stopped.
    VmwareNatService,
    /// VirtualBox NAT, asked from the host.
    VirtualBoxNat,
    /// libvirt with a guest that does not answer echo.
    LibvirtEchoFiltered,
}

impl Example {
    /// Every example, in the order of the menu.
    pub const ALL: [Self; 3] = [
        Self::VmwareNatService,
        Self::VirtualBoxNat,
        Self::LibvirtEchoFiltered,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::VmwareNatService => "vmware-nat-service",
            Self::VirtualBoxNat => "virtualbox-nat",
            Self::LibvirtEchoFiltered => "libvirt-echo-filtered",
        }
    }

    /// The key of its title; with `-text` at its end the key of one sentence about it.
    pub fn title_key(self) -> &'static str {
        match self {
            Self::VmwareNatService => "example-vmware-nat-service",
            Self::VirtualBoxNat => "example-virtualbox-nat",
            Self::LibvirtEchoFiltered => "example-libvirt-echo-filtered",
        }
    }

    /// The case file's text.
    pub fn text(self) -> &'static str {
        match self {
            Self::VmwareNatService => include_str!("../../assets/examples/vmware-nat-service.json"),
            Self::VirtualBoxNat => include_str!("../../assets/examples/virtualbox-nat.json"),
            Self::LibvirtEchoFiltered => include_str!("../../assets/examples/libvirt-echo-filtered.json"),
        }
    }

    /// The case.
    ///
    /// # Errors
    /// Never for the shipped files; a test reads them all.
    pub fn case(self) -> Result<Case, CaseError> {
        Case::from_json(self.text())
    }
}

impl FromStr for Example {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|example| example.name() == text)
            .ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_a_case_with_ends_and_a_title() {
        for example in Example::ALL {
            let case = example
                .case()
                .unwrap_or_else(|error| panic!("{}: {error}", example.name()));
            assert!(
                case.intake.hypervisor.is_some() && case.intake.mode.is_some(),
                "{}",
                example.name()
            );
            assert!(
                !case.outputs.is_empty() || !case.probes.is_empty(),
                "{}",
                example.name()
            );
            assert_eq!(example.name().parse(), Ok(example));
            for language in crate::locale::Language::ALL {
                assert!(language.has(example.title_key()), "{}", example.title_key());
            }
        }
    }
    /// Each service cites the output that told of it, not the one that was read last; and times of whole
    /// milliseconds are said as such.
    #[test]
    fn evidence_cites_the_output_it_was_read_from() {
        let case = Example::VmwareNatService.case().expect("a case");
        let facts = crate::parse::resolve(&case);
        let diagnosis = crate::diagnose::diagnose(&facts);
        let language = crate::locale::Language::English;
        let evidence: Vec<(String, &str)> = diagnosis
            .causes
            .iter()
            .flat_map(|cause| &cause.evidence)
            .map(|one| (language.words(&one.value), one.source.as_str()))
            .collect();
        let service = evidence
            .iter()
            .find(|(value, _)| value.starts_with("VMware NAT Service"));
        assert!(
            service.is_some_and(|(_, source)| source.contains("VMware NAT Service")),
            "{evidence:?}"
        );
        let other = facts.host.service("VMnetDHCP").expect("the other service");
        assert!(facts.host.source_of(other).contains("VMnetDHCP"));
        let path = diagnosis.path.iter().flat_map(|step| &step.evidence);
        let said: Vec<String> = path.map(|one| language.words(&one.value)).collect();
        assert!(said.iter().any(|value| value.ends_with(", <1 ms")), "{said:?}");
        assert!(!said.iter().any(|value| value.contains("0.00 ms")), "{said:?}");
    }
}
