//! Memory that is no longer used goes back to the system.
//!
//! A scan fills a few megabytes for a second, and drivers compile shaders once. The GNU C library keeps what they
//! freed, in one pool a thread; other systems' allocators give it back by themselves.
#![allow(unsafe_code)]

/// Lets threads share few pools. Called before there are threads; our threads wait for the network and seldom
/// for each other.
pub(crate) fn share_pools() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const POOLS: libc::c_int = 2;
        // SAFETY: `mallopt` takes two numbers and sets a limit, `mallopt(3)`. An answer of 0 leaves the usual limit.
        unsafe { libc::mallopt(libc::M_ARENA_MAX, POOLS) };
    }
}

/// Gives free memory back. Takes some milliseconds, in which other threads may have to wait to allocate.
pub(crate) fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // SAFETY: `malloc_trim` only touches memory that is free, under the allocator's own locks, `malloc_trim(3)`.
        unsafe { libc::malloc_trim(0) };
    }
}
