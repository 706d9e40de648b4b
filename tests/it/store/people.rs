//! Memberships and invitations read back as they were written, on both engines.

use super::{apps, engine};
use latchkey::domain::activity::Actor;
use latchkey::domain::time::Time;
use latchkey::domain::user::Email;
use latchkey::server::store;
use latchkey::server::store::invitations::Invitation;
use latchkey::server::store::memberships::Membership;
use std::collections::BTreeSet;

#[tokio::test]
async fn a_membership_counts_its_changes_and_is_listed_with_its_person() {
    for app in apps().await {
        app.user("Ben", "ben@harrow.example").await;
        let mut tx = app.state.db.begin().await.unwrap();
        let email = Email::parse("ben@harrow.example").unwrap();
        let ben = store::users::find_by_email(&mut tx, &email).await.unwrap().unwrap().user;
        let mut held =
            Membership { permissions: ["read".to_owned()].into(), ..Membership::default() };
        for version in 1..4 {
            let (place, now) = (&app.harrow.id, app.state.now());
            store::memberships::insert_or_replace(&mut tx, place, &ben.id, &held, now)
                .await
                .unwrap();
            let found = store::memberships::find(&mut tx, place, &ben.id).await.unwrap().unwrap();
            held.version = version;
            assert_eq!(found, held, "{}", engine(&app));
        }
        let all = store::memberships::list(&mut tx, &app.harrow.id).await.unwrap();
        let listed = all.iter().find(|it| it.user == ben).unwrap();
        assert_eq!(
            (listed.joined_at, listed.last_signed_in_at, listed.disabled_at),
            (app.state.now(), None, None)
        );
        assert!(!listed.owner && listed.group.is_none() && all.len() == 2);
        assert_eq!(store::memberships::count_of_user(&mut tx, &ben.id).await.unwrap(), 1);
        store::memberships::delete(&mut tx, &app.harrow.id, &ben.id).await.unwrap();
        assert_eq!(store::memberships::count_of_user(&mut tx, &ben.id).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn an_invitation_reads_back_and_is_found_in_any_case() {
    for app in apps().await {
        let email = Email::parse("Gil@Example.com").unwrap();
        let by = Actor::Person { id: "u".into(), name: "Ada".into() };
        let permissions: BTreeSet<String> = ["read".to_owned(), "tunnel".to_owned()].into();
        let invitation = Invitation {
            id: "i".into(),
            workgroup_id: app.harrow.id.clone(),
            email: email.to_string(),
            offered: Membership { permissions, ..Membership::default() },
            invited_by: by,
            expires_at: Time(7),
        };
        let mut tx = app.state.db.begin().await.unwrap();
        store::invitations::insert(&mut tx, &invitation, &email, Time(1)).await.unwrap();
        let folded = Email::parse("gil@example.com").unwrap();
        let found = store::invitations::find_by_email(&mut tx, &app.harrow.id, &folded).await;
        let found = found.unwrap().unwrap();
        assert_eq!(
            (found.email.as_str(), &found.offered),
            ("Gil@example.com", &invitation.offered)
        );
        assert_eq!(
            (found.invited_by, found.expires_at),
            (invitation.invited_by, Time(7)),
            "{}",
            engine(&app)
        );
        store::invitations::mark_sent(&mut tx, "i", &Actor::CommandLine, Time(9)).await.unwrap();
        let again = store::invitations::find(&mut tx, "i").await.unwrap().unwrap();
        assert_eq!((again.invited_by, again.expires_at), (Actor::CommandLine, Time(9)));
        assert_eq!(store::invitations::list(&mut tx, &app.harrow.id).await.unwrap().len(), 1);
        store::invitations::delete(&mut tx, "i").await.unwrap();
        assert!(store::invitations::find(&mut tx, "i").await.unwrap().is_none());
    }
}

#[tokio::test]
async fn what_a_person_issued_is_counted_where_it_is_seen() {
    for app in apps().await {
        let ada = app.ada().await;
        let mut fields = crate::pages::forms::filled("one", ("", ""));
        assert_eq!(ada.post(crate::pages::forms::NEW, &fields).await.status, 200);
        fields[0].1 = "two";
        assert_eq!(ada.post(crate::pages::forms::NEW, &fields).await.status, 200);
        let mut reader = app.state.db.read().await.unwrap();
        let email = Email::parse("ada@harrow.example").unwrap();
        let id = store::users::find_by_email(&mut reader, &email).await.unwrap().unwrap().user.id;
        for (bound, named, counted) in [(None, 1, 2), (Some("nowhere"), 0, 0)] {
            let place = &app.harrow.id;
            let found =
                store::tokens::list_issued_by(&mut reader, place, &id, bound, 1).await.unwrap();
            assert_eq!((found.0.len(), found.1), (named, counted), "{}", engine(&app));
        }
        let row = store::activity::list_of_subject(&mut reader, "elsewhere", &id, 9).await;
        assert!(row.unwrap().is_empty(), "no workgroup tells of another");
    }
}
