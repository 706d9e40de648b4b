//! Settings of mail: a wrong one is one sentence that names it and never what it holds, and nothing is touched.

use super::{Run, Shell};
use std::process::Stdio;

/// Runs with these variables besides the usual ones.
fn run(shell: &Shell, line: &str, variables: &[(&str, &str)]) -> Run {
    let mut command = shell.command(line);
    let output = command.envs(variables.iter().copied()).stdin(Stdio::null()).output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

const URL: &str = "LATCHKEY_SMTP_URL";

#[test]
fn a_wrong_setting_of_mail_is_one_sentence_without_its_secret() {
    let shell = Shell::new();
    let at = |name: &str, text: &str| {
        let path = shell.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (wrong, empty) = (at("wrong", "smtp://u:s3cret@mx.example"), at("empty", ""));
    let broken = "-----BEGIN CERTIFICATE-----\nczNjcmV0\n-----END CERTIFICATE-----\n";
    let broken = at("broken.pem", broken);
    let before = shell.files();
    let good = (URL, "smtps://u:s3cret@mx.example");
    let cases: [(&[(&str, &str)], &str); 9] = [
        (&[(URL, "smtp://u:s3cret@mx.example")], URL),
        (&[(URL, "s3cret")], URL),
        (&[(URL, "")], URL),
        (&[("LATCHKEY_SMTP_URL_FILE", &wrong)], URL),
        (&[("LATCHKEY_SMTP_URL_FILE", "nowhere")], "LATCHKEY_SMTP_URL_FILE"),
        (&[good, ("LATCHKEY_SMTP_CA_FILE", &empty)], "LATCHKEY_SMTP_CA_FILE"),
        (&[good, ("LATCHKEY_SMTP_CA_FILE", &broken)], "LATCHKEY_SMTP_CA_FILE"),
        (&[good, ("LATCHKEY_SMTP_CA_FILE", "nowhere")], "LATCHKEY_SMTP_CA_FILE"),
        (&[good, ("LATCHKEY_MAIL_FROM", "Latchkey")], "LATCHKEY_MAIL_FROM"),
    ];
    for (variables, setting) in cases {
        for line in ["serve --listen 127.0.0.1:0", "migrate", "user list"] {
            let why = run(&shell, line, variables).refusal();
            assert!(why.starts_with(setting), "{line} {variables:?}: {why}");
            assert!(!why.contains("s3cret") && !why.contains("czNjcmV0"), "{why}");
        }
    }
    assert_eq!(shell.files(), before);
}

#[test]
fn the_mail_servers_password_has_no_place_in_the_settings_file_or_on_the_command_line() {
    let shell = Shell::new();
    let file = shell.folder.path().join("latchkey.toml");
    for line in ["smtp_url = \"smtps://u:s3cret@mx.example\"", "smtp_ur1 = \"smtps://u:s3cret@mx\""]
    {
        std::fs::write(&file, line).unwrap();
        let why = shell.run("migrate").refusal();
        assert!(why.contains("latchkey.toml") && !why.contains("s3cret"), "{why}");
    }
    std::fs::remove_file(file).unwrap();
    assert_eq!(shell.run("migrate --smtp-url smtps://u:s3cret@mx.example").code, 2);
    run(&shell, "migrate", &[(URL, "smtps://u:s3cret@mx.example")]).done();
    let help = shell.run("serve --help").done();
    assert!(help.contains("--smtp-ca-file") && !help.contains("--smtp-url"), "{help}");
}
