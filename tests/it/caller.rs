//! Who calls: a browser with its cookie, a program with its token. They send what such callers send, and nothing more.

use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};
use latchkey::server::secret::Code;
use serde_json::Value;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// The `code` of a refusal.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// What `element` with `data-testid` holds, as text without tags.
    pub fn test_id(&self, id: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("data-testid=\"{id}\""))?;
        let (_, rest) = rest.split_once('>')?;
        let (inside, _) = rest.split_once("</")?;
        Some(inside.split('<').next().unwrap_or_default().trim().to_owned())
    }

    /// The value of the hidden or visible input with this name.
    pub fn input(&self, name: &str) -> Option<String> {
        let inputs = self.body.split("<input").skip(1).filter_map(|part| part.split_once('>'));
        let mut named = inputs.filter(|(tag, _)| tag.contains(&format!("name=\"{name}\"")));
        let (tag, _) = named.next()?;
        let (_, value) = tag.split_once("value=\"")?;
        value.split_once('"').map(|(value, _)| value.to_owned())
    }
}

/// A program that presents a string.
pub struct Api<'a> {
    app: &'a TestApp,
    string: String,
    headers: Vec<(String, String)>,
}

impl<'a> Api<'a> {
    pub fn new(app: &'a TestApp, string: &str) -> Api<'a> {
        Api { app, string: string.to_owned(), headers: Vec::new() }
    }

    /// The same caller with one more header.
    pub fn with(mut self, name: &str, value: &str) -> Api<'a> {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.call(Method::POST, path, body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, Body::from(body.to_string())).await
    }

    pub async fn call(&self, method: Method, path: &str, body: Body) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.string))
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        self.app.send(request.body(body).unwrap()).await
    }
}

/// A browser on our own pages, without script.
pub struct Browser<'a> {
    app: &'a TestApp,
    pub cookie: Option<Code>,
}

impl<'a> Browser<'a> {
    pub fn new(app: &'a TestApp, cookie: Option<Code>) -> Browser<'a> {
        Browser { app, cookie }
    }

    fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let request =
            Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:3000");
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, format!("latchkey={}", cookie.reveal())),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.app.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// Posts a form as the browser does from our own page.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_from(path, fields, &[("sec-fetch-site", "same-origin")]).await
    }

    /// Sends a file and what was pasted beside it, as the form of an import does.
    pub async fn upload(&self, path: &str, name: &str, file: &[u8], pasted: &str) -> Answer {
        self.upload_from(path, name, file, pasted, &[("sec-fetch-site", "same-origin")]).await
    }

    pub async fn upload_from(
        &self,
        path: &str,
        name: &str,
        file: &[u8],
        pasted: &str,
        origin: &[(&str, &str)],
    ) -> Answer {
        const EDGE: &str = "----edge-of-a-part";
        let head = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: text/csv\r\n\r\n"
        );
        let rest = format!(
            "\r\n--{EDGE}\r\nContent-Disposition: form-data; name=\"rows\"\r\n\r\n{pasted}\r\n--{EDGE}--\r\n"
        );
        let body = [head.as_bytes(), file, rest.as_bytes()].concat();
        let media = format!("multipart/form-data; boundary={EDGE}");
        let mut request = self.request(Method::POST, path).header(header::CONTENT_TYPE, media);
        for (name, value) in origin {
            request = request.header(*name, *value);
        }
        self.app.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Posts a form with the headers that say where it comes from.
    pub async fn post_from(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        origin: &[(&str, &str)],
    ) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in origin {
            request = request.header(*name, *value);
        }
        self.app.send(request.body(Body::from(body)).unwrap()).await
    }
}
