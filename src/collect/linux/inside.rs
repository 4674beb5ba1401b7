//! Whether this Linux machine is itself a virtual one.

use std::path::Path;

use super::super::file;
use super::super::inside::{Inside, judge};

/// Whether this program runs inside a virtual machine, and whose. Reads a few small files of the kernel.
pub fn inside_vm() -> Option<Inside> {
    const FIELDS: [&str; 5] = [
        "sys_vendor",
        "product_name",
        "board_vendor",
        "bios_vendor",
        "chassis_vendor",
    ];
    let dmi: Vec<String> = FIELDS
        .iter()
        .filter_map(|field| file::line(&Path::new("/sys/class/dmi/id").join(field)))
        .collect();
    let flag = file::read(Path::new("/proc/cpuinfo")).is_ok_and(|text| has_flag(&text));
    let kernel = file::line(Path::new("/proc/sys/kernel/osrelease")).unwrap_or_default();
    judge(&dmi, flag, &kernel)
}

/// Bit 31 of CPUID leaf 1, which hypervisors set and processors never do; the kernel prints it as a flag.
fn has_flag(cpuinfo: &str) -> bool {
    cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("flags"))
        .is_some_and(|flags| flags.split_whitespace().any(|flag| flag == "hypervisor"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_flag_as_a_whole_word() {
        assert!(has_flag("processor : 0\nflags\t\t: fpu vme hypervisor lahf_lm\n"));
        assert!(!has_flag("flags\t\t: fpu vme hypervisor_not\n"));
        assert!(!has_flag(""));
    }
}
