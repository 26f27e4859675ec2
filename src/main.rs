//! The command: all it does itself is to choose the allocator and to end with the status of the run.

use mimalloc::MiMalloc;
use std::alloc::{GlobalAlloc, Layout};
use std::ffi::{c_int, c_long, c_void};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

unsafe extern "C" {
    // mimalloc's; the bindings have the first only together with much else, and hide the others.
    fn mi_option_set(option: c_int, value: c_long);
    fn mi_malloc(size: usize) -> *mut c_void;
    fn mi_zalloc(size: usize) -> *mut c_void;
}

/// mimalloc, without the question for the alignment where it has but one answer.
struct Allocator;

/// Whether mimalloc aligns all of this size so, which it does up to 16 bytes (its `MI_MAX_ALIGN_SIZE`) where as much is asked for.
#[inline]
const fn is_naturally_aligned(layout: Layout) -> bool {
    layout.align() <= 16 && layout.align() <= layout.size()
}

// SAFETY: all is mimalloc's own memory, and given back to it.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_naturally_aligned(layout) {
            // SAFETY: any size is allowed.
            return unsafe { mi_malloc(layout.size()) }.cast();
        }
        // SAFETY: the caller's promise.
        unsafe { MiMalloc.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if is_naturally_aligned(layout) {
            // SAFETY: any size is allowed.
            return unsafe { mi_zalloc(layout.size()) }.cast();
        }
        // SAFETY: the caller's promise.
        unsafe { MiMalloc.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { MiMalloc.dealloc(memory, layout) }
    }

    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { MiMalloc.realloc(memory, layout, size) }
    }
}

/// mimalloc's `mi_option_purge_delay`.
const PURGE_DELAY: c_int = 15;

/// Does without pages of 2 MB, where the system gives them unasked: most runs touch so little that clearing those takes longer than
/// what they save. The allocator is built not to ask for them.
#[cfg(target_os = "linux")]
fn use_small_pages() {
    use std::ffi::c_ulong;

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
