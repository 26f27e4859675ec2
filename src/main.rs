//! The command: all it does itself is to choose the allocator and to end with the status of the run.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

unsafe extern "C" {
    /// mimalloc's; the bindings have it only together with much else.
    fn mi_option_set(option: std::ffi::c_int, value: std::ffi::c_long);
}

/// mimalloc's `mi_option_purge_delay`.
const PURGE_DELAY: std::ffi::c_int = 15;

fn main() -> std::process::ExitCode {
    // What one file needed the next one needs again: giving it back to the system in between only makes page faults.
    // SAFETY: sets a number among the allocator's options, before there are other threads.
    unsafe { mi_option_set(PURGE_DELAY, -1) };
    pycc::cli::main()
}
