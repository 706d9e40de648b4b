//! Certificates of the tests' own authorities, made anew in each run.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::path::PathBuf;

/// The certificate of a mail server, its key and its authority, as files.
pub struct Certificate {
    folder: tempfile::TempDir,
}

impl Certificate {
    /// For this machine's own name, by an authority of its own.
    pub fn of_localhost() -> Certificate {
        Certificate::of("localhost")
    }

    pub fn of(name: &str) -> Certificate {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let server = params.signed_by(&key, &authority).unwrap();
        let made = Certificate { folder: tempfile::tempdir().unwrap() };
        std::fs::write(made.authority(), authority.pem()).unwrap();
        std::fs::write(made.chain(), server.pem()).unwrap();
        std::fs::write(made.key(), key.serialize_pem()).unwrap();
        made
    }

    /// What `LATCHKEY_SMTP_CA_FILE` is to name.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    pub fn chain(&self) -> PathBuf {
        self.folder.path().join("server.pem")
    }

    pub fn key(&self) -> PathBuf {
        self.folder.path().join("server.key")
    }
}
