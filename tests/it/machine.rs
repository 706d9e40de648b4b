//! What tests ask of the machine that they run on: addresses that are free, and an end to all waiting.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, ExitStatus};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// Longer than anything takes here, on however slow a machine.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// Ports that no system gives away by itself: an address that is free now is not somebody else's a moment later.
const FIRST_PORT: u16 = 20_000;
const PORTS: u16 = 12_000;
static NEXT: LazyLock<AtomicU16> = LazyLock::new(|| {
    // Two runs at the same time begin at different ones.
    AtomicU16::new((std::process::id() * 61 % u32::from(PORTS)) as u16)
});

/// An address that nobody listens on, given to nobody else in this run.
pub fn free_address() -> SocketAddr {
    loop {
        let port = FIRST_PORT + NEXT.fetch_add(1, Ordering::Relaxed) % PORTS;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

/// Asks again and again until it is so.
pub async fn until(what: &str, mut is: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is().await {
        assert!(began.elapsed() < PATIENCE, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// How a process ends that is about to; `None`: it did not, and was killed.
pub fn end_of(child: &mut Child) -> Option<ExitStatus> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Ok(Some(ended)) = child.try_wait() {
            return Some(ended);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}
