//! nginx and Caddy as processes, on the files in `examples/` as they are shipped; only addresses are put in.

use crate::machine::{end_of, free_address, until};
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tokio::net::TcpStream;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Nginx,
    Caddy,
}

/// Where it is written what each path asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// In Latchkey, as route policies: the files as they are.
    Routes,
    /// In the proxy's own file.
    Parameters,
}

/// Ended when it is dropped.
pub struct Proxy {
    pub program: Program,
    pub address: SocketAddr,
    child: Child,
    folder: tempfile::TempDir,
}

impl Program {
    pub const ALL: [Program; 2] = [Program::Nginx, Program::Caddy];

    /// `None`, and a word about it, where the run was not given this proxy.
    #[expect(clippy::disallowed_methods, reason = "the run names its proxies in the environment")]
    pub fn path(self) -> Option<PathBuf> {
        let variable = match self {
            Program::Nginx => "LATCHKEY_TEST_NGINX",
            Program::Caddy => "LATCHKEY_TEST_CADDY",
        };
        let Ok(path) = std::env::var(variable) else {
            assert!(std::env::var("CI").is_err(), "CI=true, but {variable} names no proxy");
            eprintln!("SKIPPED: no {self:?} ({variable} is not set)");
            return None;
        };
        Some(path.into())
    }

    fn example(self) -> PathBuf {
        let name = match self {
            Program::Nginx => "examples/nginx",
            Program::Caddy => "examples/caddy",
        };
        Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
    }

    /// What a user changes by hand: from, and to.
    fn changes(self, asks: Asks, own: SocketAddr, ours: [SocketAddr; 2]) -> Vec<(String, String)> {
        let [latchkey, api] = ours.map(|it| it.to_string());
        let mut changes = vec![("127.0.0.1:3000".into(), latchkey), ("127.0.0.1:8080".into(), api)];
        changes.push(match self {
            Program::Nginx => ("127.0.0.1:8000".into(), own.to_string()),
            Program::Caddy => ("http://:8000".into(), format!("http://:{}", own.port())),
        });
        if asks == Asks::Parameters {
            changes.push(match self {
                Program::Nginx => {
                    ("include routes.conf;".into(), "include parameters.conf;".into())
                }
                Program::Caddy => ("import routes.caddy".into(), "import parameters.caddy".into()),
            });
        }
        changes
    }

    fn command(self, path: &Path, folder: &Path) -> Command {
        let mut command = Command::new(path);
        match self {
            Program::Nginx => {
                let file = folder.join("nginx.conf");
                command.arg("-p").arg(folder).arg("-c").arg(file).args(["-g", "daemon off;"]);
            }
            Program::Caddy => {
                command.args(["run", "--config"]).arg(folder.join("Caddyfile"));
                command.env("HOME", folder).env("XDG_CONFIG_HOME", folder);
            }
        }
        command.current_dir(folder).stdout(Stdio::null());
        command
    }
}

impl Proxy {
    pub async fn start(
        program: Program,
        path: &Path,
        asks: Asks,
        latchkey: SocketAddr,
        api: SocketAddr,
    ) -> Proxy {
        let (folder, address) = (tempfile::tempdir().unwrap(), free_address());
        // Started by root, its workers are nobody: they must get in.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        copy(program, folder.path(), &program.changes(asks, address, [latchkey, api]));
        let log = fs::File::create(folder.path().join("stderr.log")).unwrap();
        let child = program.command(path, folder.path()).stderr(log).spawn().unwrap();
        let mut proxy = Proxy { program, address, child, folder };
        until("the proxy listens", async || {
            let log = fs::read_to_string(proxy.folder.path().join("stderr.log"));
            assert!(proxy.child.try_wait().unwrap().is_none(), "{program:?}: {}", log.unwrap());
            TcpStream::connect(address).await.is_ok()
        })
        .await;
        proxy
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Asked to end, nginx takes its workers along; killed, it would leave them.
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = end_of(&mut self.child);
    }
}

/// Copies an example, changed; every change has to find its place.
fn copy(program: Program, folder: &Path, changes: &[(String, String)]) {
    let mut made = vec![false; changes.len()];
    for file in fs::read_dir(program.example()).unwrap().map(Result::unwrap) {
        if file.path().extension().is_some_and(|it| it == "md") {
            continue;
        }
        let mut text = fs::read_to_string(file.path()).unwrap();
        for ((from, to), made) in changes.iter().zip(&mut made) {
            *made |= text.contains(from);
            text = text.replace(from, to);
        }
        fs::write(folder.join(file.file_name()), text).unwrap();
    }
    assert!(made.iter().all(|made| *made), "{program:?} has no place for all of {changes:?}");
}
