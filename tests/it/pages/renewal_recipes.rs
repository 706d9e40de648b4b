//! `/docs/renewal`: read by anybody, and its scripts run as they stand there, against a served installation.

use super::forms::{is_hydrated, scripts};
use crate::caller::Answer;
use crate::test_app::TestApp;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::routing::{get, patch};
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::time::Time;
use latchkey::server::http::serve::accept;
use latchkey::server::http::workers::Workers;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const PAGE: &str = "/docs/renewal";

/// The text of the element with this id, as its button copies it.
fn recipe(page: &Answer, id: &str) -> String {
    let (_, rest) = page.body.split_once(&format!("<code id=\"{id}\"")).unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let text = rest.split_once("</code>").unwrap().0.replace("<!>", "");
    assert!(!text.contains('<'), "{id} holds markup: {text}");
    let quotes = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    format!("{}\n", quotes.replace("&#x27;", "'").replace("&amp;", "&"))
}

/// An installation that is reached over the network, and a machine on which its recipes were installed.
struct Machine {
    app: TestApp,
    folder: tempfile::TempDir,
}

impl Machine {
    async fn new() -> Machine {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = TestApp::at(&url).await;
        let (door, workers) = (app.router.clone(), Workers::start(1).unwrap());
        tokio::spawn(accept(listener, move |peer| door.of(peer), workers, std::future::pending()));
        let machine = Machine { app, folder: tempfile::tempdir().unwrap() };
        machine.install(&url).await;
        machine
    }

    /// The script as the page shows it. On this machine `curl` writes down what it was called with.
    async fn install(&self, url: &str) {
        let script = recipe(&self.app.stranger().get(PAGE).await, "script-file");
        assert!(script.contains(&format!("url={url}\n")), "{script}");
        let curl = format!("echo \"$@\" >>{}\nexec /usr/bin/curl \"$@\"\n", self.show("arguments"));
        for (name, text) in [("latchkey-renew", script), ("curl", format!("#!/bin/sh\n{curl}"))] {
            std::fs::write(self.path(name), text).unwrap();
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(self.path(name), mode).unwrap();
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn show(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// What the owner downloaded as .env.
    fn keep(&self, string: &str) {
        std::fs::write(self.path("latchkey.env"), env(string)).unwrap();
    }

    /// Runs it on the day that the installation's clock shows.
    async fn run(&self, command: &[&str]) -> Output {
        let day = self.app.state.now().rfc3339()[..10].replace('-', "");
        std::fs::write(self.path("date"), format!("#!/bin/sh\necho {day}\n")).unwrap();
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(self.path("date"), mode).unwrap();
        let mut run = Command::new("sh");
        run.arg(self.path("latchkey-renew")).arg(self.path("latchkey.env")).args(command);
        run.env("PATH", format!("{}:/usr/bin:/bin", self.folder.path().display()));
        tokio::task::spawn_blocking(move || run.output().unwrap()).await.unwrap()
    }

    async fn lives(&self, string: &str) -> bool {
        self.app.api(string).get("/api/v1/token").await.status == 200
    }

    /// It ended with 1 and said why; the file is as it was, and nothing lies beside it.
    fn refused(&self, output: &Output, string: &str, why: &str) {
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(why), "{why:?} in {said}");
        assert!(output.stdout.is_empty() && !said.contains(&string[4..]), "{output:?}");
        assert_eq!(self.read("latchkey.env"), env(string));
        self.is_tidy();
    }

    fn is_tidy(&self) {
        let names = std::fs::read_dir(self.folder.path()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let left: Vec<_> = names.filter(|name| name.starts_with("latchkey.env.")).collect();
        assert_eq!(left, Vec::<String>::new());
    }
}

fn env(string: &str) -> String {
    format!("LATCHKEY_TOKEN={string}\n")
}

/// It ended with 0 and said nothing.
fn silent(output: &Output) {
    assert!(output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty() && output.stderr.is_empty(), "{output:?}");
}

fn text(issued: &IssuedToken) -> &str {
    issued.string.reveal()
}

#[tokio::test]
async fn anybody_reads_the_recipes_and_nothing_of_the_application_is_loaded() {
    let app = TestApp::at("https://keys.harrow.example").await;
    for browser in [&app.stranger(), &app.ada().await] {
        let page = browser.get(PAGE).await;
        assert_eq!(page.status, 200);
        assert!(!is_hydrated(&page), "a page of text carries no WebAssembly");
        assert_eq!(scripts(&page).len(), 1, "only what copies");
        assert!(!page.body.contains("tokens.example"), "every address is our own");
        for link in page.body.split("href=\"#").skip(1).map(|it| it.split('"').next().unwrap()) {
            assert!(page.body.contains(&format!(" id=\"{link}\"")), "#{link} leads nowhere");
        }
        for copied in page.body.split("data-copy=\"#").skip(1) {
            assert!(recipe(&page, copied.split('"').next().unwrap()).len() > 20);
        }
        let once = recipe(&page, "once-line");
        assert!(once.starts_with("curl -X POST https://keys.harrow.example/api/v1/token/renew"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_waits_until_it_is_time_and_then_takes_the_files_place() {
    let machine = Machine::new().await;
    let issued = machine.app.token(|_| {}).await;
    let from = Time::parse("2027-01-21T18:00:00Z").unwrap();
    machine.keep(text(&issued));
    machine.app.pass_days(60);
    silent(&machine.run(&["touch", &machine.show("told")]).await);
    assert_eq!(machine.read("latchkey.env"), env(text(&issued)), "it is too early");
    assert!(!machine.path("told").exists());

    machine.app.pass_days(1);
    assert_eq!(machine.app.state.now().day(), from.day());
    silent(&machine.run(&["touch", &machine.show("told")]).await);
    let renewed = machine.read("latchkey.env");
    let new = renewed.trim_end().strip_prefix("LATCHKEY_TOKEN=").unwrap();
    assert_ne!(new, text(&issued));
    assert!(machine.lives(new).await && machine.lives(text(&issued)).await);
    let mode = std::fs::metadata(machine.path("latchkey.env")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(machine.path("told").exists(), "the command was run");
    machine.is_tidy();
    let arguments = machine.read("arguments");
    assert!(arguments.contains("/api/v1/token/renew") && !arguments.contains(&new[4..]));
    assert!(!arguments.contains(&text(&issued)[4..]), "{arguments}");

    silent(&machine.run(&[]).await);
    assert_eq!(machine.read("latchkey.env"), renewed, "the next is not due yet");
    // It was killed before the new string lay in the file: the same one comes again.
    machine.keep(text(&issued));
    silent(&machine.run(&[]).await);
    assert_eq!(machine.read("latchkey.env"), renewed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_renews_by_the_script_every_day_is_sent_no_mail() {
    for (lifetime, days) in [("7d", 16), ("1m", 64)] {
        let machine = Machine::new().await;
        let issued = machine.app.token(|raw| raw.expires = lifetime.into()).await;
        assert_eq!(machine.app.deliver_mail().await.len(), 1, "that it was issued, and no more");
        machine.keep(text(&issued));
        let mut letters = Vec::new();
        for _ in 0..days {
            letters.extend(machine.app.live_days(1).await);
            silent(&machine.run(&[]).await);
            machine.app.flush().await;
        }
        let told: Vec<_> = letters.iter().map(|letter| &letter.subject).collect();
        assert!(told.is_empty(), "{lifetime}: {told:?}");
        let last = machine.read("latchkey.env");
        assert!(machine.lives(last.trim_end().strip_prefix("LATCHKEY_TOKEN=").unwrap()).await);
        assert!(!machine.lives(text(&issued)).await, "so long that the first has ended");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_is_said_and_the_old_string_stays() {
    let machine = Machine::new().await;
    let (fixed, full) = (machine.app.token(|raw| raw.can_renew = false), machine.app.token(|_| {}));
    let (fixed, full) = (fixed.await, full.await);
    machine.keep(text(&fixed));
    let output = machine.run(&[]).await;
    machine.refused(&output, text(&fixed), "cannot be renewed");

    let mut newest = text(&full).to_owned();
    for _ in 0..9 {
        let next = machine.app.api(&newest).get("/api/v1/token/renew").await.json();
        newest = next["token"].as_str().unwrap().to_owned();
    }
    machine.app.pass_days(62);
    machine.keep(&newest);
    let output = machine.run(&[]).await;
    machine.refused(&output, &newest, "answered 429. This token already has 10 live strings");

    machine.app.pass_days(40);
    let output = machine.run(&[]).await;
    machine.refused(&output, &newest, "answered 401. This token string");

    std::fs::write(machine.path("latchkey.env"), "A=1\nLATCHKEY_TOKEN=x\n").unwrap();
    let output = machine.run(&[]).await;
    assert!(String::from_utf8_lossy(&output.stderr).contains("does not hold one line"));
    assert_eq!(output.status.code(), Some(1));
}

/// Where Latchkey should be, something else answers, or nobody.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_somebody_else_is_never_kept() {
    let machine = Machine::new().await;
    let issued = machine.app.token(|_| {}).await;
    machine.keep(text(&issued));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let other = format!("http://{}", listener.local_addr().unwrap());
    let door = || async { "<h1>Sign in</h1>\"renew_from\":\"2026-01-01T00:00:00Z\"" };
    let stranger = Router::new().fallback(get(door).post(door));
    let served = tokio::spawn(async move { axum::serve(listener, stranger).await });
    let script = machine.read("latchkey-renew");
    let ours = script.lines().find(|line| line.starts_with("url=")).unwrap();
    let script = script.replace(ours, &format!("url={other}"));
    std::fs::write(machine.path("latchkey-renew"), script).unwrap();
    let output = machine.run(&[]).await;
    machine.refused(&output, text(&issued), "the answer holds no token");

    served.abort();
    assert!(served.await.unwrap_err().is_cancelled());
    let script = machine.read("latchkey-renew").replace("--retry 4", "--retry 0");
    std::fs::write(machine.path("latchkey-renew"), script).unwrap();
    let output = machine.run(&[]).await;
    machine.refused(&output, text(&issued), &format!("no answer from {other}"));
}

/// What a cluster was told: the path, two headers, the body.
type Told = Arc<Mutex<Vec<String>>>;

async fn tell(State(told): State<Told>, uri: Uri, headers: HeaderMap, body: Bytes) {
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let said = [uri.path().into(), header("authorization"), header("content-type"), body];
    told.lock().unwrap().extend(said);
}

async fn store(account: &Path, script: &str) -> Output {
    let file = account.join("latchkey-store");
    std::fs::write(&file, script).unwrap();
    let mut run = Command::new("sh");
    run.arg(file).arg(account.join("latchkey.env"));
    tokio::task::spawn_blocking(move || run.output().unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_script_changes_the_one_secret_of_its_namespace() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let account = tempfile::tempdir().unwrap();
    let files = [("namespace", "harrow"), ("token", "account"), ("ca.crt", "")];
    for (name, text) in files.into_iter().chain([("latchkey.env", &*env(text(&issued)))]) {
        std::fs::write(account.path().join(name), text).unwrap();
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (cluster, told) = (format!("http://{}", listener.local_addr().unwrap()), Told::default());
    let secret = "/api/v1/namespaces/harrow/secrets/latchkey";
    let api = Router::new().route(secret, patch(tell)).with_state(told.clone());
    tokio::spawn(async move { axum::serve(listener, api).await });
    let script = recipe(&app.stranger().get(PAGE).await, "kubernetes-store");
    let script = script
        .replace("/var/run/secrets/kubernetes.io/serviceaccount", account.path().to_str().unwrap())
        .replace("https://kubernetes.default.svc", &cluster);
    silent(&store(account.path(), &script).await);
    let body = format!("{{\"stringData\":{{\"LATCHKEY_TOKEN\":\"{}\"}}}}", text(&issued));
    let expected = [secret, "Bearer account", "application/merge-patch+json", body.as_str()];
    assert_eq!(*told.lock().unwrap(), expected);

    std::fs::write(account.path().join("namespace"), "elsewhere").unwrap();
    let refused = store(account.path(), &script).await;
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("404"), "{said}");
    assert!(!said.contains(&text(&issued)[4..]));
}
