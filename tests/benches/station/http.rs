//! A client as light as can be: it shares the processors with what it measures.

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One kept-alive connection.
pub(crate) struct Connection {
    stream: TcpStream,
    address: String,
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// Status and body of an answer.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

impl Answer<'_> {
    /// The text behind `"name":"`, without parsing the rest.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let body = std::str::from_utf8(self.body).ok()?;
        let (_, rest) = body.split_once(&format!("\"{name}\":\""))?;
        rest.split('"').next()
    }
}

impl Connection {
    /// Connects to `127.0.0.1:8080`.
    pub(crate) async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| address.to_owned())?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            address: address.to_owned(),
            request: Vec::new(),
            answer: Vec::new(),
        })
    }

    /// One request; a body makes it a POST. `headers` are whole lines.
    pub(crate) async fn send(
        &mut self,
        path: &str,
        headers: &str,
        body: Option<&str>,
    ) -> anyhow::Result<Answer<'_>> {
        let method = if body.is_some() { "POST" } else { "GET" };
        let body = body.unwrap_or_default();
        self.request.clear();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n{headers}content-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        self.request.extend_from_slice(head.as_bytes());
        self.stream.write_all(&self.request).await?;
        self.answer.clear();
        let head_end = loop {
            if let Some(at) = self.answer.windows(4).position(|w| w == b"\r\n\r\n") {
                break at + 4;
            }
            self.read_more().await?;
        };
        let head = std::str::from_utf8(&self.answer[..head_end])?.to_ascii_lowercase();
        let status = head
            .get(9..12)
            .and_then(|s| s.parse().ok())
            .context("no status")?;
        let length = head.lines().find_map(|l| l.strip_prefix("content-length:"));
        let length: usize = match length {
            Some(length) => length.trim().parse()?,
            None if status == 204 || status == 304 => 0,
            None => bail!("an answer without length: {head}"),
        };
        while self.answer.len() < head_end + length {
            self.read_more().await?;
        }
        Ok(Answer {
            status,
            body: &self.answer[head_end..],
        })
    }

    /// A request that has to be answered with a status of 2xx or 3xx.
    pub(crate) async fn expect(
        &mut self,
        path: &str,
        headers: &str,
        body: Option<&str>,
    ) -> anyhow::Result<Answer<'_>> {
        let answer = self.send(path, headers, body).await?;
        if !(200..400).contains(&answer.status) {
            bail!(
                "{path}: {} {}",
                answer.status,
                String::from_utf8_lossy(answer.body)
            );
        }
        Ok(answer)
    }

    async fn read_more(&mut self) -> anyhow::Result<()> {
        if self.stream.read_buf(&mut self.answer).await? == 0 {
            bail!("the connection was closed");
        }
        Ok(())
    }
}

/// Header lines with a bearer token and a fresh idempotency key.
pub(crate) fn headers(token: &str) -> String {
    format!(
        "authorization: Bearer {token}\r\ncontent-type: application/json\r\nidempotency-key: {}\r\n",
        station_tests::new_key()
    )
}
