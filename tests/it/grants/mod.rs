//! The verify index: that what it says from memory is what the database would say, whoever changed it and when.

pub mod process;
mod races;
mod truth;

use crate::test_app::TestApp;
use latchkey::server::state::AppState;

/// Another process on the same database: a state, and an index, of its own.
async fn beside(app: &TestApp) -> AppState {
    let db = app.state.db.clone();
    let other = AppState::new(db, app.state.clock.clone(), (*app.state.config).clone());
    latchkey::server::grants::fill(&other.db, &other.clock, &other.grants).await.unwrap();
    other
}
