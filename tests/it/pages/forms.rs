//! What the tests of the pages share: the addresses, a filled form, and reading a page as a person does.

use crate::caller::Answer;
use crate::test_app::TestApp;
use latchkey::domain::token::Token;
use latchkey::server::tokens::show;

pub const TOKENS: &str = "/harrow-valley/settings/tokens";
pub const IMPORT_DEVICES: &str = "/harrow-valley/settings/devices/import";
pub const IMPORT_TOKENS: &str = "/harrow-valley/settings/tokens/import";
pub const NEW: &str = "/harrow-valley/settings/tokens/new";

/// The new-token form as a person sends it, with one field changed; the key is the one of the page.
pub fn filled<'a>(key: &'a str, changed: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("idempotency_key", key),
        ("owner", "North plant integrator"),
        ("email", "ops@north.example"),
        ("name", "production"),
        ("expires", "3m"),
        ("can_renew", "on"),
        ("device_group", ""),
        ("permissions", "tunnel"),
        ("note", "Line 4"),
        ("rate_limit", "90"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| *name != changed.0);
    kept.chain((!changed.0.is_empty()).then_some(changed)).collect()
}

/// The token as it is now.
pub async fn token(app: &TestApp, id: &str) -> Token {
    show::one(&app.state, &app.seat(), id).await.unwrap()
}

/// The ids of the tokens that the page links to, each once, as they come.
pub fn ids(answer: &Answer) -> Vec<String> {
    let links = answer.body.split("/harrow-valley/settings/tokens/").skip(1);
    let mut ids = Vec::new();
    for id in links.filter_map(|rest| rest.get(..36)) {
        let is_id = id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        if is_id && !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

/// Owner's status of each row of the list.
pub fn statuses(answer: &Answer) -> Vec<&str> {
    let rows = answer.body.split("data-testid=\"token-row\"").skip(1);
    rows.filter_map(|row| row.split_once("data-status=\"")?.1.split('"').next()).collect()
}

/// The text of the element with this id, without tags.
pub fn text_of(answer: &Answer, id: &str) -> Option<String> {
    let (_, rest) = answer.body.split_once(&format!("id=\"{id}\""))?;
    let (inside, _) = rest.split_once('>')?.1.split_once("</p>")?;
    Some(without_tags(inside))
}

/// What a person reads, with entities as they are written.
pub fn without_tags(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    text
}

/// Whether the page has this sentence, whatever tags and comments stand between its words.
pub fn says(answer: &Answer, sentence: &str) -> bool {
    without_tags(&answer.body).contains(sentence)
}

/// The page is brought to life by WebAssembly: one of these stands on it.
pub fn is_hydrated(answer: &Answer) -> bool {
    [".wasm", "modulepreload", "type=\"module\"", "hydrate()"]
        .iter()
        .any(|part| answer.body.contains(part))
}

/// The scripts on the page, without the empty lists that the renderer writes on every page.
pub fn scripts(answer: &Answer) -> Vec<&str> {
    let all = answer.body.split("<script").skip(1).filter_map(|it| it.split_once('>'));
    let inside = all.filter_map(|(_, rest)| rest.split("</script>").next());
    let lists = ["__RESOLVED_RESOURCES=[];__SERIALIZED_ERRORS=[];", "__INCOMPLETE_CHUNKS=[];"];
    inside.filter(|script| !lists.iter().any(|list| script.starts_with(list))).collect()
}

/// The tag of the field with this name: input, textarea or select.
pub fn tag<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let at = answer.body.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no {name}"));
    let from = answer.body[..at].rfind('<').unwrap();
    let to = at + answer.body[at..].find('>').unwrap();
    &answer.body[from..to]
}
