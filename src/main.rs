//! The command: all it does itself is to choose the allocator and to end with the status of the run.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    pycc::cli::main()
}
