//! Rows read back as they were written, and the same life of a token leaves the same rows on both engines.

use super::{apps, ask, engine};
use crate::test_app::TestApp;
use latchkey::domain::device::GroupRule;
use latchkey::domain::lifetime::Lifetime;
use latchkey::domain::time::DAY;
use latchkey::domain::token::{Older, Reach, Token};
use latchkey::domain::token_draft::{RawDraft, RawEdit};
use latchkey::server::devices::groups::{self, RawGroup, RawRule};
use latchkey::server::devices::register::{self, RawDevice};
use latchkey::server::store;
use latchkey::server::tokens::{edit, issue, reissue, renew, retire, revoke, verify};

const ODD: &str = "Süd-Werk 東京 🔑 'q\"u%o_t\\e";

async fn read(app: &TestApp, id: &str) -> Token {
    let mut reader = app.state.db.read().await.unwrap();
    store::tokens::find(&mut reader, &app.harrow.id, id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_token_reads_back_with_everything_it_was_given() {
    for app in apps().await {
        let issued = app
            .token(|raw| {
                raw.owner = ODD.into();
                raw.name = "Ægir".into();
                raw.email = "ops@nørd.example".into();
                raw.note = format!("{ODD}\nline two");
                raw.rate_limit = "90".into();
                raw.permissions = vec!["tunnel".into(), "devices.control".into()];
            })
            .await;
        let token = read(&app, &issued.token.id).await;
        assert_eq!(token, issued.token, "{}", engine(&app));
        assert_eq!((token.owner.as_str(), token.name.as_deref()), (ODD, Some("Ægir")));
        assert_eq!(token.note, Some(format!("{ODD}\nline two")));
        assert_eq!((token.rate_limit, token.email.as_str()), (Some(90), "ops@nørd.example"));
        assert!(token.permissions.iter().eq(["devices.control", "read", "tunnel"]));
    }
}

#[tokio::test]
async fn a_token_reads_back_with_everything_it_was_not_given() {
    for app in apps().await {
        let mut seat = app.seat();
        seat.workgroup.policy.non_expiring = true;
        let raw = RawDraft {
            owner: "North".into(),
            email: "ops@north.example".into(),
            expires: "never".into(),
            ..RawDraft::default()
        };
        let made =
            issue::issue(&app.state, &seat, &raw, None, None).await.unwrap().done_now().unwrap();
        let token = read(&app, &made.token.id).await;
        assert_eq!(
            (token.name.as_ref(), token.note.as_ref(), token.rate_limit),
            (None, None, None)
        );
        assert_eq!(
            (token.revoked_at, token.revoked_by.as_ref(), &token.reach),
            (None, None, &Reach::Workgroup)
        );
        assert_eq!(
            (token.expires_at, token.expiring_at, token.lifetime),
            (None, None, Lifetime::Never)
        );
        let string = token.newest().unwrap();
        assert_eq!((string.expires_at, string.retired_at, string.last_used_at), (None, None, None));
        assert_eq!(string.last_used_from, None, "{}", engine(&app));
    }
}

#[tokio::test]
async fn devices_and_groups_read_back() {
    for app in apps().await {
        let (state, seat) = (&app.state, app.seat());
        let raw = RawDevice {
            external_id: "pumpe-é/1".into(),
            name: ODD.into(),
            metadata: vec![("Ort".into(), "Süd".into()), ("line".into(), "7".into())],
            permissions: None,
        };
        let (device, issued) = register::register(state, &seat, &raw, None).await.unwrap();
        let other = RawDevice { external_id: "b".into(), name: "B".into(), ..RawDevice::default() };
        register::register(state, &seat, &other, None).await.unwrap();
        let rules = [
            ("Listed", RawRule::In(vec!["pumpe-é/1".into()])),
            ("Others", RawRule::NotIn(vec!["pumpe-é/1".into()])),
            ("All", RawRule::NotIn(vec![])),
            ("Süd", RawRule::Metadata { key: "Ort".into(), value: "Süd".into() }),
        ];
        let mut made = Vec::new();
        for (name, rule) in rules {
            let raw = RawGroup { name: name.into(), rule };
            made.push(groups::create(state, &seat, &raw, None).await.unwrap());
        }
        assert_eq!(
            made.iter().map(|new| new.devices).collect::<Vec<_>>(),
            [1, 1, 2, 1],
            "{}",
            engine(&app)
        );
        let mut reader = state.db.read().await.unwrap();
        let found =
            store::devices::find_by_external_id(&mut reader, &app.harrow.id, "pumpe-é/1").await;
        assert_eq!(found.unwrap(), Some(device.clone()));
        for new in made {
            let name = new.group.name.to_uppercase();
            let found = store::groups::find_by_name(&mut reader, &app.harrow.id, &name).await;
            assert_eq!(found.unwrap(), Some(new.group.clone()));
            let listed = matches!(&new.group.rule, GroupRule::In(ids) if ids.contains(&device.id));
            assert_eq!(listed, new.group.name == "Listed");
        }
        assert_eq!(read(&app, &issued.token.id).await, issued.token);
    }
}

/// The same things at the same times, whatever the engine.
async fn a_life(app: &TestApp) {
    let (state, seat) = (&app.state, app.seat());
    let first = app.token(|raw| raw.owner = ODD.into()).await;
    let (id, text) = (first.token.id.as_str(), first.string.reveal());
    state.clock.advance(DAY);
    let change = RawEdit {
        version: 1,
        email: Some("new@north.example".into()),
        expires: Some("7d".into()),
        note: Some("moved".into()),
        ..RawEdit::default()
    };
    edit::edit(state, &seat, id, &change, Some("192.0.2.9")).await.unwrap();
    state.clock.advance(DAY);
    reissue::reissue(state, &seat, id, Older::End7Days, None, None).await.unwrap();
    state.clock.advance(DAY);
    let presented = verify::present(state, text, "192.0.2.7").await.unwrap();
    renew::renew(state, &presented, text, "192.0.2.7").await.unwrap();
    app.flush().await;
    state.clock.advance(DAY);
    retire::retire(state, &seat, id, 2, None, None).await.unwrap();
    state.clock.advance(DAY);
    let second = app.token(|raw| raw.name = "staging".into()).await;
    state.clock.advance(DAY);
    revoke::revoke(state, &seat, &second.token.id, false, None, None).await.unwrap();
    state.clock.advance(8 * DAY);
    verify::present(state, text, "192.0.2.8").await.unwrap_err();
    app.flush().await;
}

/// One text a row, of what does not come from chance.
const TRACES: [(&str, &str); 6] = [
    (
        "tokens",
        "select owner || ' ' || coalesce(name, '-') || ' ' || email || ' ' || lifetime || ' ' ||
            case when can_renew then 'renews' else '' end || ' ' || permissions || scopes || ' ' || coalesce(note, '-')
            || ' ' || coalesce(cast(rate_limit as text), '-') || ' made ' || created_at || ' by ' || created_by_name ||
            ' revoked ' || coalesce(cast(revoked_at as text), '-') || coalesce(revoked_by, '-') || ' v' || version ||
            ' #' || newest_number || ' ends ' || coalesce(cast(expires_at as text), '-') || ' nears ' ||
            coalesce(cast(expiring_at as text), '-') || ' sorts ' || sort_at from tokens order by created_at",
    ),
    (
        "token_strings",
        "select t.created_at || ' #' || number || ' ' || origin || ' ' || issued_at || ' ends ' ||
            coalesce(cast(s.expires_at as text), '-') || ' retired ' || coalesce(cast(retired_at as text), '-') ||
            case when parent_id is null then '' else ' renewed' end || case when salt is null then '' else ' salted' end
            || ' used ' || coalesce(cast(last_used_at as text), '-') || coalesce(last_used_from, '-')
            from token_strings s join tokens t on t.id = s.token_id order by t.created_at, number",
    ),
    ("expiry_days", "select turn || ' ' || day || ': ' || tokens from expiry_days order by turn, day"),
    (
        "token_uses",
        "select '#' || number || ' ' || day || ': ' || allowed || ' ' || refused from token_uses order by day, number",
    ),
    (
        "activity",
        "select at || ' ' || actor_kind || ' ' || actor_name || ' ' || verb || ' ' || subject_kind || ' ' ||
            coalesce(address, '-') from activity order by at, verb",
    ),
    ("changes", "select number || ' ' || subject_kind from changes order by number"),
];

async fn traces(app: &TestApp) -> Vec<(&'static str, Vec<String>)> {
    let mut traces = Vec::new();
    for (table, sql) in TRACES {
        traces.push((table, ask!(app, fetch_all, sqlx::query_scalar(sql))));
    }
    traces
}

#[tokio::test]
async fn a_life_leaves_the_rows_that_it_should() {
    let app = TestApp::new().await;
    a_life(&app).await;
    let traces = traces(&app).await;
    let (_, strings) = &traces[1];
    insta::assert_snapshot!(strings.join("\n"), @r"
    1795255200 #1 create 1795255200 ends 1803204000 retired 1796032800 used 1796464800192.0.2.8
    1795255200 #2 reissue 1795428000 ends 1796032800 retired 1795600800 used --
    1795255200 #3 renew 1795514400 ends 1796119200 retired - renewed salted used --
    1795687200 #1 create 1795687200 ends 1803636000 retired - used --
    ");
    let (_, days) = &traces[2];
    insta::assert_snapshot!(days.join("\n"), @r"
    ends 20788: 1
    nears 20787: 1
    revoked 0: 1
    ");
}

#[tokio::test]
async fn a_life_leaves_the_same_rows_on_both_engines() {
    let Some(postgres) = TestApp::on_postgres().await else { return };
    let sqlite = TestApp::new().await;
    a_life(&sqlite).await;
    a_life(&postgres).await;
    for (ours, theirs) in traces(&sqlite).await.into_iter().zip(traces(&postgres).await) {
        assert!(!ours.1.is_empty(), "{} is empty", ours.0);
        assert_eq!(ours, theirs);
    }
}
