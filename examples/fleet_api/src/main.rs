//! The program: reads its settings, listens, and ends cleanly when it is told to. The README tells what it is an example of.

mod fleet;
mod http;
mod latchkey;
mod problem;
mod proxy;
mod settings;

use clap::Parser;
use settings::{Listen, Settings};
use std::path::Path;
use std::process::ExitCode;
use tokio::net::{TcpListener, UnixListener, UnixStream};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    // The one choice that rustls leaves to the program.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let token = std::env::var("FLEET_LATCHKEY_TOKEN").ok();
    match Settings::parse().resolve(token) {
        Err(sentence) => {
            eprintln!("fleet_api: {sentence}");
            ExitCode::from(2)
        }
        Ok((listen, trust)) => match serve(&listen, http::router(&trust)).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("fleet_api: cannot serve on {listen}: {error}");
                ExitCode::FAILURE
            }
        },
    }
}

async fn serve(listen: &Listen, router: axum::Router) -> std::io::Result<()> {
    let mut told = signal(SignalKind::terminate())?;
    let ended = async move {
        tokio::select! {
            _ = told.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    };
    match listen {
        Listen::Port(address) => {
            let listener = TcpListener::bind(address).await?;
            eprintln!("fleet_api: listening on http://{}", listener.local_addr()?);
            axum::serve(listener, router).with_graceful_shutdown(ended).await
        }
        Listen::Socket(path) => {
            forget_dead_socket(path).await;
            let listener = UnixListener::bind(path)?;
            eprintln!("fleet_api: listening on {listen}");
            axum::serve(listener, router).with_graceful_shutdown(ended).await?;
            std::fs::remove_file(path)
        }
    }
}

/// What a killed process left behind; whatever still answers stays, and binding to it says so.
async fn forget_dead_socket(path: &Path) {
    use std::io::ErrorKind::ConnectionRefused;
    if UnixStream::connect(path).await.is_err_and(|error| error.kind() == ConnectionRefused) {
        let _ = std::fs::remove_file(path);
    }
}
