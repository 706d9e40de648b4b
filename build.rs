//! Tells cargo what the crate is made of beyond its Rust files. Builds nothing itself.

#[expect(clippy::disallowed_methods, reason = "cargo speaks to a build script by environment only")]
fn main() {
    // The SQL that `sqlx::migrate!` puts into the binary.
    println!("cargo::rerun-if-changed=migrations");

    // A release carries the front end; a debug build reads it from the folder.
    let release = std::env::var_os("PROFILE").is_some_and(|profile| profile == "release");
    if release && std::env::var_os("CARGO_FEATURE_SSR").is_some() {
        println!("cargo::rerun-if-changed=target/site");
        println!("cargo::rerun-if-changed=target/scalar");
    }
}
