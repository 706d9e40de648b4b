//! Writes of which nothing is asked but that they are done. On SQLite they wait in the transaction and go to the driver's thread
//! together, before whatever it does next: the way there and back takes longer than most rows.

use sqlx::error::BoxDynError;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, PgConnection, SqliteConnection};

/// So many go together at most.
const MOST: usize = 16;

/// Where a write goes.
pub enum Writing<'a> {
    Sqlite(&'a mut Writes),
    Postgres(&'a mut PgConnection),
}

/// Those that wait, as one text of several statements.
#[derive(Debug, Default)]
pub struct Writes {
    text: String,
    values: SqliteArguments,
    waiting: usize,
    /// One of them failed or could not be told, or nobody waited for its end: none of the transaction may be kept.
    spoiled: bool,
}

impl Writes {
    /// Adds a statement. Its values are numbered on from those before it: SQLite's driver looks them all up in one list.
    pub fn add(
        &mut self,
        sql: &'static str,
        bind: impl FnOnce(&mut SqliteArguments) -> Result<(), BoxDynError>,
    ) -> sqlx::Result<()> {
        if self.waiting > 0 {
            self.text.push(';');
        }
        number_on(&mut self.text, sql, sqlx::Arguments::len(&self.values));
        self.waiting += 1;
        let bound = bind(&mut self.values);
        self.spoiled |= bound.is_err();
        bound.map_err(sqlx::Error::Encode)
    }

    pub fn is_full(&self) -> bool {
        self.waiting >= MOST
    }

    /// Does what waits and, in the same piece, this.
    pub async fn run_and(
        &mut self,
        connection: &mut SqliteConnection,
        then: &'static str,
    ) -> sqlx::Result<()> {
        self.add(then, |_| Ok(()))?;
        self.run(connection).await
    }

    /// Does what waits.
    pub async fn run(&mut self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        if self.spoiled {
            return Err(sqlx::Error::Protocol("a write before this one failed".to_owned()));
        }
        if self.waiting == 0 {
            return Ok(());
        }
        let Writes { text, values, .. } = std::mem::take(self);
        self.spoiled = true;
        // Constant statements of the store, one behind the other.
        sqlx::query_with(AssertSqlSafe(text), values).execute(connection).await?;
        self.spoiled = false;
        Ok(())
    }
}

/// `sql` with `$1` as `$n`, where `n` is one more than `before`.
fn number_on(text: &mut String, sql: &str, before: usize) {
    let mut pieces = sql.split('$');
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
        let (number, rest) = piece.split_at(end);
        text.push('$');
        match number.parse::<usize>() {
            Ok(number) => text.push_str(&(number + before).to_string()),
            Err(_) => text.push_str(number),
        }
        text.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Connection;

    #[test]
    fn values_are_numbered_on() {
        let mut text = String::from("x;");
        number_on(&mut text, "update t set a = $2, b = $10 where c = $1 and d = '$'", 5);
        assert_eq!(text, "x;update t set a = $7, b = $15 where c = $6 and d = '$'");
    }

    #[tokio::test]
    async fn they_are_done_in_their_order_and_one_that_fails_spoils_the_rest() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        sqlx::query("create table t (a text primary key, n integer not null)")
            .execute(&mut connection)
            .await
            .unwrap();
        let mut writes = Writes::default();
        let insert = |writes: &mut Writes, a: &'static str, n: Option<i64>| {
            let bound = writes.add("insert into t values ($1, $2)", |values| {
                sqlx::Arguments::add(values, a)?;
                sqlx::Arguments::add(values, n)
            });
            bound.unwrap();
        };
        insert(&mut writes, "first", Some(1));
        writes.run_and(&mut connection, "update t set n = n + 10").await.unwrap();
        insert(&mut writes, "second", Some(2));
        writes.run(&mut connection).await.unwrap();
        writes.run(&mut connection).await.unwrap();
        insert(&mut writes, "third", None);
        insert(&mut writes, "fourth", Some(4));
        assert!(writes.run(&mut connection).await.is_err());
        insert(&mut writes, "fifth", Some(5));
        assert!(writes.run(&mut connection).await.is_err());
        let rows: Vec<(String, i64)> = sqlx::query_as("select a, n from t order by a")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        assert_eq!(rows, [("first".to_owned(), 11), ("second".to_owned(), 2)]);
    }
}
