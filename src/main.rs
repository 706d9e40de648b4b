//! Hands the command line to `server::cli`. Nothing else lives here.
#![cfg(feature = "ssr")]

use std::process::ExitCode;

/// A verdict takes a dozen small pieces of memory, and the index has a million: this one is quicker and tighter with them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(latchkey::server::cli::run(std::env::args_os())),
        Err(error) => {
            eprintln!("latchkey: the machine gave no threads to run on: {error}");
            ExitCode::FAILURE
        }
    }
}
