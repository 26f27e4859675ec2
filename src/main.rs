//! The command: all it does itself is to choose the allocator and to end with the status of the run.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

unsafe extern "C" {
    /// mimalloc's; the bindings have it only together with much else.
    fn mi_option_set(option: std::ffi::c_int, value: std::ffi::c_long);
}

/// mimalloc's `mi_option_purge_delay`.
const PURGE_DELAY: std::ffi::c_int = 15;

/// Does without pages of 2 MB. The allocator asks for them, but most runs touch so little that clearing those takes longer than
/// what they save.
#[cfg(target_os = "linux")]
fn use_small_pages() {
    use std::ffi::{c_int, c_ulong};

    unsafe extern "C" {
        fn prctl(option: c_int, ...) -> c_int;
    }

    const PR_SET_THP_DISABLE: c_int = 41;
    let (on, unused): (c_ulong, c_ulong) = (1, 0);
    // SAFETY: takes four numbers and changes nothing but how the kernel backs this process's memory; where it is refused all is
    // as before.
    unsafe { prctl(PR_SET_THP_DISABLE, on, unused, unused, unused) };
}

fn main() -> std::process::ExitCode {
    // What one file needed the next one needs again: giving it back to the system in between only makes page faults.
    // SAFETY: sets a number among the allocator's options, before there are other threads.
    unsafe { mi_option_set(PURGE_DELAY, -1) };
    #[cfg(target_os = "linux")]
    use_small_pages();
    pycc::cli::main()
}
