//! The folder that holds one file a letter, where no mail server is set.

use anyhow::Context;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// Written under another name first: whoever watches the folder sees whole letters alone.
pub(super) fn write(folder: &Path, name: &str, message: &[u8]) -> anyhow::Result<String> {
    let failed = || format!("the mail folder {} cannot be written to", folder.display());
    DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(failed)?;
    let unfinished = folder.join(format!(".{name}.part"));
    match std::fs::remove_file(&unfinished) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).with_context(failed)?,
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&unfinished)
        .with_context(failed)?;
    file.write_all(message).and_then(|()| file.sync_all()).with_context(failed)?;
    std::fs::rename(&unfinished, folder.join(name)).with_context(failed)?;
    File::open(folder).and_then(|folder| folder.sync_all()).with_context(failed)?;
    Ok(format!("written to {name}"))
}

#[cfg(test)]
mod tests {
    use super::super::{Mailer, Unsent};
    use super::*;
    use crate::domain::time::Time;
    use crate::domain::user::Email;
    use crate::server::config::Sender;
    use crate::server::mail::{Letter, Stamp};
    use std::os::unix::fs::PermissionsExt;

    async fn send(folder: &Path, subject: &str) -> Result<String, Unsent> {
        let to = Email::parse("ada@example.com").unwrap();
        let letter = Letter::plain(to, subject, "Hello\n");
        let (from, at) = (Sender::default(), Time(1_795_255_200));
        let stamp = Stamp { id: "0199", domain: "tokens.example", from: &from, at };
        Mailer::Folder(folder.to_owned()).set_out().send(&letter, &stamp).await
    }

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn a_letter_is_a_file_for_nobody_else_and_replaces_itself() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("data").join("mail");
        assert_eq!(send(&folder, "first").await.unwrap(), "written to 0199.eml");
        let file = folder.join("0199.eml");
        assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
        // What a server left behind that ended in the middle is in nobody's way.
        std::fs::write(folder.join(".0199.eml.part"), "half").unwrap();
        send(&folder, "second").await.unwrap();
        let names: Vec<_> =
            std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(names, ["0199.eml"]);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("Subject: second\r\n") && mode(&file) == 0o600, "{text}");
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_made_is_named() {
        let place = tempfile::tempdir().unwrap();
        let in_the_way = place.path().join("mail");
        std::fs::write(&in_the_way, "").unwrap();
        let why = send(&in_the_way, "s").await.unwrap_err().to_string();
        assert!(why.contains(&in_the_way.display().to_string()), "{why}");
    }
}
