//! One's own name and time zone.

use super::time_zone;
use crate::domain::activity::{Actor, Values, Verb};
use crate::domain::refusal::FieldErrors;
use crate::domain::text::Name;
use crate::domain::time::Time;
use crate::server::activity::{Deed, Subject, record_installation};
use crate::server::error::Result;
use crate::server::store;
use crate::server::viewer::Visit;

/// Writes what has changed; where nothing has, nothing is written or recorded.
///
/// # Errors
/// A refusal of the fields `name` and `time_zone`.
pub async fn edit(visit: &Visit, name: &str, time_zone: &str) -> Result<()> {
    let (person, state) = (visit.person()?, &visit.state);
    let mut errors = FieldErrors::default();
    let name = errors.take("name", Name::parse(name));
    let zone = errors.take("time_zone", time_zone::parse(time_zone));
    let (Some(name), Some(zone)) = (name, zone) else {
        return Err(errors.into_refusal().into());
    };
    let mut tx = state.db.begin().await?;
    let account = store::users::find_by_id(&mut tx, &person.id).await?;
    let today = account.ok_or_else(Visit::nobody)?.user;
    let (mut before, mut after) = (Values::new(), Values::new());
    for (field, was, is) in
        [("name", &today.name, name.as_str()), ("time_zone", &today.time_zone, zone.as_str())]
    {
        if was != is {
            before.insert(field.to_owned(), was.clone());
            after.insert(field.to_owned(), is.to_owned());
        }
    }
    if after.is_empty() {
        return Ok(());
    }
    store::users::mark_profile(&mut tx, &today.id, name.as_str(), &zone).await?;
    if today.time_zone != zone {
        // The next digest keeps to the new zone's mornings.
        store::digests::mark_next(&mut tx, &today.id, Time(0)).await?;
    }
    let actor = Actor::Person { id: today.id.clone(), name: today.name.clone() };
    let subject = Subject::new("user", &today.id, name.as_str());
    let address = Some(visit.address.as_str());
    let deed = Deed { verb: Verb::UserEdited, subject, before, after, address };
    record_installation(state, &mut tx, &actor, deed).await?;
    state.commit(tx).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::people::trial::Trial;

    #[tokio::test]
    async fn what_changed_is_recorded_and_nothing_else() {
        let trial = Trial::new().await;
        let ada = trial.user("Ada", "ada@example.com").await;
        let visit = trial.visit_of("ada@example.com").await;
        edit(&visit, "Ada", "UTC").await.unwrap();
        edit(&visit, " Ada Marsh ", "europe/berlin").await.unwrap();
        edit(&visit, "Ada Marsh", "UTC").await.unwrap();
        let mut reader = trial.state.db.read().await.unwrap();
        let rows = store::activity::list_of_subject(&mut reader, "", &ada.id, 10).await.unwrap();
        let told: Vec<_> = rows.iter().map(|row| (row.verb, row.after.clone())).collect();
        let values = |pairs: &[(&str, &str)]| -> Values {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        assert_eq!(
            told,
            [
                (Verb::UserEdited, values(&[("time_zone", "UTC")])),
                (
                    Verb::UserEdited,
                    values(&[("name", "Ada Marsh"), ("time_zone", "Europe/Berlin")])
                ),
            ]
        );
    }

    #[tokio::test]
    async fn both_fields_are_answered_at_once() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        let visit = trial.visit_of("ada@example.com").await;
        let refusal = edit(&visit, "a\nb", "Mars").await.unwrap_err().into_refusal();
        assert!(refusal.message_for("name").is_some(), "{refusal:?}");
        assert!(refusal.message_for("time_zone").is_some(), "{refusal:?}");
    }
}
