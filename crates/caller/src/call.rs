//! One connection, kept open, and requests on it.

use crate::{Failure, Person};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, HeaderMap};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use thoughtstream_core::id::DeviceId;
use thoughtstream_core::wire::{
    AskChallenge, AskToken, Body, Challenge, Code, Created, Frames, Limits, Nudge, Page, Pull,
    Push, Pushed, Refusal, Secret, Token, Who,
};
use tokio::net::TcpStream;

/// Calls one sequencer, with a token once there is one.
#[derive(Debug)]
pub struct Caller {
    address: SocketAddr,
    connection: Option<SendRequest<Full<Bytes>>>,
    /// Sent with every request from then on.
    pub token: Option<Secret>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A body of the protocol, or a refusal.
pub type Called<T> = Result<Result<T, Refusal>, Failure>;

impl Reply {
    /// Reads the body, as what was asked for or as a refusal.
    ///
    /// # Errors
    /// If it is neither, or if the status does not fit the refusal.
    pub fn read<T: Body>(&self) -> Called<T> {
        if self.status == StatusCode::OK {
            return Ok(Ok(T::decode(&self.body)?));
        }
        let refusal = Refusal::decode(&self.body)?;
        if refusal.code.status() != self.status.as_u16() {
            return Err(format!("{} with {refusal:?}", self.status).into());
        }
        Ok(Err(refusal))
    }

    /// The code of a refusal; `None` where there is none.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        Refusal::decode(&self.body).ok().filter(|_| self.status != 200).map(|it| it.code)
    }
}

impl Caller {
    /// Connects with the first call.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Self { address, connection: None, token: None }
    }

    /// The same with a token.
    #[must_use]
    pub fn with(address: SocketAddr, token: Secret) -> Self {
        Self { token: Some(token), ..Self::new(address) }
    }

    /// Sends one request and waits for the whole answer.
    ///
    /// # Errors
    /// If the connection cannot be made or breaks.
    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Reply, Failure> {
        let (status, headers, body) = self.begin(method, path, body).await?;
        let body = body.collect().await?.to_bytes();
        Ok(Reply { status, headers, body })
    }

    async fn begin(
        &mut self,
        method: &str,
        path: &str,
        body: Vec<u8>,
    ) -> Result<(StatusCode, HeaderMap, Incoming), Failure> {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes())?)
            .uri(path)
            .header("host", "localhost");
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {}", token.to_hex()));
        }
        let request = request.body(Full::from(body))?;
        let mut kept = self.connection.take();
        let usable = match &mut kept {
            Some(open) => open.ready().await.is_ok(),
            None => false,
        };
        let mut connection = match kept.filter(|_| usable) {
            Some(open) => open,
            None => connect(self.address).await?,
        };
        let response = connection.send_request(request).await?;
        self.connection = Some(connection);
        let (parts, body) = response.into_parts();
        Ok((parts.status, parts.headers, body))
    }

    /// Sends a body of the protocol and reads the answer.
    ///
    /// # Errors
    /// If the connection breaks or the answer is none.
    pub async fn call<T: Body>(&mut self, method: &str, path: &str, body: &impl Body) -> Called<T> {
        self.send(method, path, body.encode()).await?.read()
    }

    /// `GET /v1/limits`
    ///
    /// # Errors
    /// As `send`.
    pub async fn limits(&mut self) -> Result<Limits, Failure> {
        let limits = self.send("GET", "/v1/limits", Vec::new()).await?.read::<Limits>()?;
        limits.map_err(|refusal| refusal.text.into())
    }

    /// Makes a person's vault with an invitation.
    ///
    /// # Errors
    /// As `send`.
    pub async fn create(&mut self, person: &Person, invitation: Vec<u8>) -> Called<Created> {
        self.call("POST", "/v1/vaults", &person.create(invitation)).await
    }

    /// Logs in as one of a person's devices, and uses the token from then on.
    ///
    /// # Errors
    /// As `send`.
    pub async fn log_in(&mut self, person: &Person, device: DeviceId) -> Called<Token> {
        let who = Who::Device { vault: person.vault, device };
        self.answer_challenge(who, |signed| person.sign_as(device, signed)).await
    }

    /// Comes in with a person's recovery words.
    ///
    /// # Errors
    /// As `send`.
    pub async fn recover(&mut self, person: &Person) -> Called<Token> {
        let who = Who::Recovery { id: person.recovery_id() };
        self.answer_challenge(who, |signed| person.sign_as_recovery(signed)).await
    }

    async fn answer_challenge(
        &mut self,
        who: Who,
        sign: impl FnOnce(&[u8]) -> thoughtstream_core::wire::Signature,
    ) -> Called<Token> {
        let server = self.limits().await?.server;
        let ask = AskChallenge { who };
        let Challenge { challenge, .. } =
            match self.call::<Challenge>("POST", "/v1/challenge", &ask).await? {
                Ok(challenge) => challenge,
                Err(refusal) => return Ok(Err(refusal)),
            };
        let signature = sign(&AskToken::signed(&server, &challenge, &who));
        let ask = AskToken { who, challenge, signature };
        let token = self.call::<Token>("POST", "/v1/token", &ask).await?;
        if let Ok(token) = &token {
            self.token = Some(token.token);
        }
        Ok(token)
    }

    /// `POST /v1/push`
    ///
    /// # Errors
    /// As `send`.
    pub async fn push(&mut self, push: &Push) -> Called<Pushed> {
        self.call("POST", "/v1/push", push).await
    }

    /// `GET /v1/pull`
    ///
    /// # Errors
    /// As `send`.
    pub async fn pull(&mut self, pull: &Pull) -> Called<Page> {
        let path = format!("/v1/pull?{}", pull.to_query());
        self.send("GET", &path, Vec::new()).await?.read()
    }

    /// `GET /v1/live`; the stream takes this connection.
    ///
    /// # Errors
    /// If it is refused.
    pub async fn live(mut self) -> Result<Stream, Failure> {
        let (status, _, body) = self.begin("GET", "/v1/live", Vec::new()).await?;
        if status != StatusCode::OK {
            return Err(format!("refused: {status}").into());
        }
        Ok(Stream { body, frames: Frames::default(), _caller: self })
    }
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>, Failure> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    drop(tokio::spawn(connection));
    Ok(sender)
}

/// A live stream.
#[derive(Debug)]
pub struct Stream {
    body: Incoming,
    frames: Frames,
    _caller: Caller,
}

impl Stream {
    /// Waits for the next frame; `None` once the stream has ended.
    ///
    /// # Errors
    /// If it is no live stream.
    pub async fn nudge(&mut self) -> Result<Option<Nudge>, Failure> {
        loop {
            if let Some(nudge) = self.frames.next_frame()? {
                return Ok(Some(nudge));
            }
            let Some(Ok(frame)) = self.body.frame().await else { return Ok(None) };
            if let Some(piece) = frame.data_ref() {
                self.frames.feed(piece);
            }
        }
    }

    /// Waits until the log has got so far.
    ///
    /// # Errors
    /// If the stream ends before.
    pub async fn until(&mut self, head: u64) -> Result<(), Failure> {
        while let Some(nudge) = self.nudge().await? {
            if matches!(nudge, Nudge::Head(told) if told >= head) {
                return Ok(());
            }
        }
        Err("the stream ended".into())
    }
}
