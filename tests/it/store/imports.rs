//! Imports on both engines: rows that read back, what is taken already, and devices and tokens made from files.

use super::{apps, ask, engine};
use crate::pages::import_tokens::file as import_file;
use crate::test_app::TestApp;
use latchkey::domain::activity::Actor;
use latchkey::domain::import::{Import, ImportKind, ImportState};
use latchkey::server::imports::upload::{Upload, upload};
use latchkey::server::imports::{run, start};
use latchkey::server::secret::sha256;
use latchkey::server::store;

async fn import(app: &TestApp, kind: ImportKind, file: &str) -> Import {
    let file = Upload { kind, file_name: "ß.csv".into(), bytes: file.as_bytes().to_vec() };
    let seat = app.seat();
    let import = upload(&app.state, &seat, &file, Some("192.0.2.1")).await.unwrap();
    assert!(start::start(&app.state, &seat, &import.id, Some("192.0.2.1")).await.unwrap());
    let mut reader = app.state.db.read().await.unwrap();
    let waiting = store::imports::find_waiting(&mut reader).await.unwrap();
    assert_eq!(waiting.as_ref(), Some(&import.id), "{}", engine(app));
    run::to_the_end(&app.state, &import.id).await.unwrap()
}

#[tokio::test]
async fn devices_and_tokens_are_made_from_files() {
    for app in apps().await {
        let name = engine(&app);
        let devices =
            import(&app, ImportKind::Devices, "external_id,name,Süd\np-1,Pümpe,東京\np-2,P,\n")
                .await;
        assert_eq!(
            (devices.state, devices.done, devices.total),
            (ImportState::Done, 2, 2),
            "{name}"
        );
        let tokens = import_file(&[("Old portal", "one", ""), ("Söhne", "two", "2027-01-01")]);
        let tokens = import(&app, ImportKind::LegacyTokens, &tokens).await;
        assert_eq!(
            (tokens.state, tokens.done, tokens.problem),
            (ImportState::Done, 2, None),
            "{name}"
        );
        assert_eq!(tokens.finished_at, Some(app.state.now()), "{name}");
        let mut reader = app.state.db.read().await.unwrap();
        let harrow = &app.harrow.id;
        let pump = store::devices::find_by_external_id(&mut reader, harrow, "p-1").await.unwrap();
        assert_eq!(pump.unwrap().metadata["Süd"], "東京", "{name}");
        let hash = sha256(b"two");
        assert!(
            store::strings::find_by_hash(&mut reader, &hash).await.unwrap().is_some(),
            "{name}"
        );
        assert_eq!(store::imports::find_waiting(&mut reader).await.unwrap(), None, "{name}");
        assert_eq!(
            store::imports::find_content(&mut reader, &tokens.id).await.unwrap().as_deref(),
            Some("")
        );
        drop(reader);
        let rows: i64 = ask!(
            app,
            fetch_one,
            sqlx::query_scalar("select count(*) from activity where address = '192.0.2.1'")
        );
        assert_eq!(rows, 2 + 2 + 2 * 2, "{name}: every row, every start and end");
    }
}

#[tokio::test]
async fn what_is_taken_is_told_from_what_is_free_in_lists_of_any_length() {
    for app in apps().await {
        let name = engine(&app);
        let ids: Vec<_> = (0..250).map(|number| format!("p-{number}")).collect();
        let file: String = ids.iter().step_by(2).map(|id| format!("{id},P\n")).collect();
        import(&app, ImportKind::Devices, &format!("external_id,name\n{file}")).await;
        let mut reader = app.state.db.read().await.unwrap();
        let asked: Vec<_> = ids.iter().map(String::as_str).collect();
        let taken =
            store::imports::list_taken_ids(&mut reader, &app.harrow.id, &asked).await.unwrap();
        assert_eq!(taken.len(), 125, "{name}");
        assert!(taken.contains("p-248") && !taken.contains("p-249"), "{name}");
        let none = store::imports::list_taken_ids(&mut reader, "another", &asked).await.unwrap();
        assert!(none.is_empty(), "{name}: a workgroup's ids are its own");
        assert!(store::imports::list_taken_hashes(&mut reader, &[]).await.unwrap().is_empty());
        drop(reader);
        let string = app.token(|_| {}).await.string;
        let hash = sha256(string.reveal().as_bytes());
        let hashes: Vec<_> = (0..150_u8).map(|byte| [byte; 32]).chain([hash]).collect();
        let mut reader = app.state.db.read().await.unwrap();
        let taken = store::imports::list_taken_hashes(&mut reader, &hashes).await.unwrap();
        assert!(taken.len() == 1 && taken.contains(&hash), "{name}");
    }
}

#[tokio::test]
async fn only_a_preview_is_deleted_and_only_ones_own_is_replaced() {
    for app in apps().await {
        let name = engine(&app);
        let person = Actor::Person { id: "someone".into(), name: "Someone".into() };
        let mut tx = app.state.db.begin().await.unwrap();
        for (id, actor, state) in [
            ("a", &Actor::CommandLine, ImportState::Previewed),
            ("b", &person, ImportState::Previewed),
            ("c", &person, ImportState::Running),
        ] {
            let import = Import {
                id: id.into(),
                kind: ImportKind::Devices,
                file_name: "f".into(),
                total: 1,
                done: 0,
                state,
                problem: None,
                actor: actor.label(),
                created_at: app.state.now(),
                finished_at: None,
            };
            store::imports::insert(&mut tx, &app.harrow.id, &import, "[]", actor, None)
                .await
                .unwrap();
            let read = store::imports::find(&mut tx, &app.harrow.id, id).await.unwrap();
            assert_eq!(read, Some(import), "{name}");
        }
        store::imports::delete_previews_of(&mut tx, &app.harrow.id, &person).await.unwrap();
        store::imports::delete(&mut tx, "c").await.unwrap();
        for (id, there) in [("a", true), ("b", false), ("c", true)] {
            let found = store::imports::find(&mut tx, &app.harrow.id, id).await.unwrap();
            assert_eq!(found.is_some(), there, "{name} {id}");
        }
        let now = app.state.now();
        assert_eq!(store::imports::delete_old_previews(&mut tx, now).await.unwrap(), 1, "{name}");
    }
}
