//! The record in pages: forwards and backwards each row stands on exactly one, whatever narrows it and however long it is.

use super::{apps, engine};
use crate::test_app::TestApp;
use latchkey::domain::activity::{Actor, Verb};
use latchkey::domain::activity_list::{ActivityRow, Place};
use latchkey::domain::activity_query::{ActivityQuery, COMMAND_LINE, SubjectKind};
use latchkey::domain::text::fold;
use latchkey::domain::time::Time;
use latchkey::server::activity::{Deed, Subject, record_by, values};
use latchkey::server::store::activity_lists::{Ask, Found, WINDOW, page};
use latchkey::server::store::{Db, activity};

const ID: &str = "0192f0a1-0000-7000-8000-00000000000a";
const VERBS: [Verb; 4] =
    [Verb::TokenEdited, Verb::TokenRevoked, Verb::DeviceEdited, Verb::MemberSet];
const SUBJECTS: [(&str, &str); 4] = [
    ("token", "100% Wasser"),
    ("device", "ÜBERLAND Süd"),
    ("device", "snake_case"),
    ("member", "überland"),
];

/// Some seventy rows, many of them in the same second; one in five was denied.
async fn fill(app: &TestApp) {
    let ada = Actor::Person { id: ID.into(), name: "Ada".into() };
    for number in 0..70_usize {
        app.state.clock.advance(i64::from(number % 3 == 0) * 3600);
        let (kind, name) = SUBJECTS[number % 4];
        let id = if number % 7 == 0 { ID.to_owned() } else { app.state.new_id().unwrap() };
        let actor = if number % 3 == 0 { &ada } else { &Actor::CommandLine };
        let (verb, none) = (VERBS[number / 2 % 4], values([]));
        let mut tx = app.state.db.begin().await.unwrap();
        if number % 5 == 0 {
            let row = activity::NewActivity {
                id: app.state.new_id().unwrap(),
                workgroup_id: Some(&app.harrow.id),
                at: app.state.now(),
                actor,
                verb,
                subject_kind: kind,
                subject_id: &id,
                subject_name: name,
                before: &none,
                after: &none,
                address: None,
                denied: Some("No."),
            };
            activity::insert(&mut tx, &row).await.unwrap();
        } else {
            let subject = Subject::new(kind, id, name);
            let deed = Deed { verb, subject, before: values([]), after: values([]), address: None };
            record_by(&app.state, &mut tx, &app.harrow.id, actor, deed).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
}

struct Question {
    query: ActivityQuery,
    since: Time,
    until: Time,
}

impl Question {
    async fn ask(&self, app: &TestApp, most: i64, from: Option<&Place>, back: bool) -> Found {
        let ask = Ask {
            workgroup_id: &app.harrow.id,
            query: &self.query,
            since: self.since,
            until: self.until,
            most,
        };
        let mut reader = app.state.db.read().await.unwrap();
        page(&mut reader, &ask, from, back).await.unwrap()
    }
}

fn of(query: ActivityQuery) -> Question {
    Question { query, since: Time(i64::MIN), until: Time(i64::MAX) }
}

fn ids(rows: &[ActivityRow]) -> Vec<String> {
    rows.iter().map(|row| row.done.id.clone()).collect()
}

/// A question, and which rows it leaves, judged without the store.
type Narrowing = (Question, Box<dyn Fn(&ActivityRow) -> bool>);

fn narrowings(start: Time) -> Vec<Narrowing> {
    let none = ActivityQuery::default;
    let text = |subject: &str| ActivityQuery { subject: subject.into(), ..none() };
    let mut all: Vec<Narrowing> = vec![
        (of(none()), Box::new(|_| true)),
        (of(ActivityQuery { denied: true, ..none() }), Box::new(|row| row.done.denied.is_some())),
        (of(text(ID)), Box::new(|row| row.done.subject_id == ID)),
        (
            of(ActivityQuery { actor: Some(ID.into()), ..none() }),
            Box::new(|row| row.actor_id == ID),
        ),
        (
            of(ActivityQuery { actor: Some(COMMAND_LINE.into()), verb: Some(VERBS[1]), ..none() }),
            Box::new(|row| row.actor_id.is_empty() && row.done.verb == VERBS[1]),
        ),
        (
            of(ActivityQuery { kind: Some(SubjectKind::Device), verb: Some(VERBS[0]), ..none() }),
            Box::new(|row| row.done.subject_kind == "device" && row.done.verb == VERBS[0]),
        ),
        (
            of(ActivityQuery { actor: Some(ID.into()), denied: true, ..text(ID) }),
            Box::new(|row| {
                row.actor_id == ID && row.done.subject_id == ID && row.done.denied.is_some()
            }),
        ),
        (
            Question { query: none(), since: start + 3 * 3600, until: start + 9 * 3600 },
            Box::new(move |row| (start + 3 * 3600..=start + 9 * 3600).contains(&row.done.at)),
        ),
    ];
    for verb in VERBS {
        let query = ActivityQuery { verb: Some(verb), ..none() };
        all.push((of(query), Box::new(move |row| row.done.verb == verb)));
    }
    for search in ["%", "_", "über", "ÜBER", "süd", "nothing"] {
        let holds = move |row: &ActivityRow| fold(&row.done.subject).contains(&fold(search));
        all.push((of(text(search)), Box::new(holds)));
    }
    all
}

/// Every page from one end to the other, in the order of the record.
async fn all_pages(app: &TestApp, question: &Question, back: bool) -> Vec<String> {
    let (mut from, mut pages) = (None::<Place>, Vec::new());
    loop {
        let found = question.ask(app, 6, from.as_ref(), back).await;
        assert!(found.rows.len() <= 6);
        assert!(
            found.goes_on.is_none() || found.rows.len() == 6,
            "a page that is not the last is full"
        );
        pages.push(ids(&found.rows));
        match found.goes_on {
            Some(place) => from = Some(place),
            None => break,
        }
    }
    if !back {
        pages.reverse();
    }
    pages.concat()
}

#[tokio::test]
async fn forwards_and_backwards_each_row_stands_on_one_page() {
    for app in apps().await {
        let start = app.state.now();
        fill(&app).await;
        let everything = of(ActivityQuery::default()).ask(&app, 1000, None, true).await.rows;
        assert_eq!(everything.len(), 72, "{}", engine(&app));
        assert!(everything.windows(2).all(|pair| {
            (pair[0].done.at, &pair[0].done.id) > (pair[1].done.at, &pair[1].done.id)
        }));
        for (question, holds) in narrowings(start) {
            let wanted: Vec<_> =
                everything.iter().filter(|row| holds(row)).map(|row| row.done.id.clone()).collect();
            for back in [true, false] {
                let found = all_pages(&app, &question, back).await;
                assert_eq!(found, wanted, "{:?} {back} on {}", question.query, engine(&app));
            }
        }
    }
}

/// Twelve thousand rows of the command line in one statement, on either engine.
const MANY: &str = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 12000)
    insert into activity (id, workgroup_id, at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id,
        subject_name, before_values, after_values, address, denied)
    select '0192f0a1-0000-7000-8000-' || cast(100000000000 + i as text), w.id, 1800000000 + i, 'command_line', '',
        'The command line', 'device.edited', 'device', 'd', 'Pump', '{}', '{}', null,
        case when i = 100 then 'No.' else null end
    from n, workgroups w";

/// However rare what is looked for, one answer looks through one window, and says how far it came.
#[tokio::test]
async fn a_look_ends_with_its_window_and_goes_on_from_there() {
    for app in apps().await {
        match &app.state.db {
            Db::Sqlite { write, .. } => drop(sqlx::query(MANY).execute(write).await.unwrap()),
            Db::Postgres(pool) => drop(sqlx::query(MANY).execute(pool).await.unwrap()),
        }
        let rare = of(ActivityQuery { denied: true, ..ActivityQuery::default() });
        let first = rare.ask(&app, 50, None, true).await;
        assert!(first.rows.is_empty() && first.unfilled, "{}", engine(&app));
        let edge = first.goes_on.unwrap();
        assert_eq!(edge.at, Time(1_800_000_000 + 12_000 - WINDOW + 1), "{}", engine(&app));
        let second = rare.ask(&app, 50, Some(&edge), true).await;
        assert_eq!(second.rows.len(), 1, "{}", engine(&app));
        assert!(second.goes_on.is_none() && !second.unfilled, "{}", engine(&app));
        // Newer ones are looked for in the same way.
        let text = of(ActivityQuery { subject: "nothing".into(), ..ActivityQuery::default() });
        let oldest = Place { at: Time(0), id: ID.into() };
        let newer = text.ask(&app, 50, Some(&oldest), false).await;
        assert!(newer.rows.is_empty() && newer.unfilled, "{}", engine(&app));
        assert!(newer.goes_on.unwrap().at < Time(1_800_012_000), "{}", engine(&app));
        // What an index is in order of needs no window.
        let verb =
            of(ActivityQuery { verb: Some(Verb::WorkgroupCreated), ..ActivityQuery::default() });
        let founding = verb.ask(&app, 50, None, true).await;
        assert!(founding.rows.len() == 1 && !founding.unfilled, "{}", engine(&app));
    }
}
