//! The real nginx on `examples/nginx`, with the locations of the fleet API in the place of its own; where the run was given one.

use crate::machine::{end_of, free_address, until};
use crate::proxies::proxy::Program;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tokio::net::TcpStream;

/// Ended when it is dropped.
pub struct Nginx {
    pub address: SocketAddr,
    child: Child,
    _folder: tempfile::TempDir,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Asked to end, it takes its workers along; killed, it would leave them.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = end_of(&mut self.child);
    }
}

impl Nginx {
    pub async fn start(latchkey: SocketAddr, fleet: SocketAddr) -> Option<Nginx> {
        let path = Program::Nginx.path()?;
        let (folder, address) = (tempfile::tempdir().unwrap(), free_address());
        // Started by root, its workers are nobody: they must get in.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        copy("examples/nginx", folder.path());
        copy("examples/fleet_api/nginx", folder.path());
        let file = folder.path().join("nginx.conf");
        let mut text = fs::read_to_string(&file).unwrap();
        for (from, to) in [
            ("127.0.0.1:3000", latchkey.to_string()),
            ("127.0.0.1:8080", fleet.to_string()),
            ("127.0.0.1:8000", address.to_string()),
            ("include routes.conf;", "include parameters.conf;".to_owned()),
        ] {
            assert!(text.contains(from), "nginx.conf has no {from}");
            text = text.replace(from, &to);
        }
        fs::write(&file, text).unwrap();
        let mut command = Command::new(path);
        command.arg("-p").arg(folder.path()).arg("-c").arg(file).args(["-g", "daemon off;"]);
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let mut nginx = Nginx { address, child, _folder: folder };
        until("nginx listens", async || {
            assert!(nginx.child.try_wait().unwrap().is_none(), "nginx ended");
            TcpStream::connect(address).await.is_ok()
        })
        .await;
        Some(nginx)
    }
}

fn copy(example: &str, to: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(example);
    for file in fs::read_dir(from).unwrap().map(Result::unwrap) {
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}
