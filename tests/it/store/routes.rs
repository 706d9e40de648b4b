//! Route policies on both engines: they read back as they were written, and an older version writes nothing.

use super::{apps, engine};
use latchkey::domain::routes::{Family, WrittenRoutes};
use latchkey::server::store;

#[tokio::test]
async fn what_is_written_reads_back_and_an_older_version_writes_nothing() {
    for app in apps().await {
        let (name, harrow) = (engine(&app), &app.harrow.id);
        let other = app.workgroup("Brook Mill", "ada@harrow.example").await;
        let mut tx = app.state.db.begin().await.unwrap();
        let none = store::routes::find(&mut tx, harrow).await.unwrap();
        assert_eq!(none, WrittenRoutes::default(), "{name}");
        let text = Some("# größer\nGET /{a} any".to_owned());
        let new = WrittenRoutes { text, family: Some(Family::Original), version: 0 };
        assert!(store::routes::mark_edited(&mut tx, harrow, &new).await.unwrap(), "{name}");
        let kept = store::routes::find(&mut tx, harrow).await.unwrap();
        assert_eq!(kept, WrittenRoutes { version: 1, ..new.clone() }, "{name}");
        assert!(!store::routes::mark_edited(&mut tx, harrow, &new).await.unwrap(), "{name}");
        let gone = WrittenRoutes { version: 1, ..WrittenRoutes::default() };
        assert!(store::routes::mark_edited(&mut tx, harrow, &gone).await.unwrap(), "{name}");
        let kept = store::routes::find(&mut tx, harrow).await.unwrap();
        assert_eq!(kept, WrittenRoutes { version: 2, ..gone }, "{name}");
        let untouched = store::routes::find(&mut tx, &other.id).await.unwrap();
        assert_eq!(untouched, WrittenRoutes::default(), "{name}");
        tx.commit().await.unwrap();
    }
}
