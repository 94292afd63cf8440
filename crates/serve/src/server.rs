//! The thread that listens.

use crate::answer::answer;
use crate::headers::Policy;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener as StdListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// How long a client may take to send the head of a request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// How long to leave a listener alone that cannot accept, for want of descriptors perhaps.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A running server; it stops when this is dropped.
pub struct Server {
    port: u16,
    folder: Arc<Mutex<PathBuf>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves the files in `folder` on this machine alone; port 0 takes any that is free.
    ///
    /// # Errors
    /// If there is no such build, or the port is taken.
    pub fn start(folder: PathBuf, port: u16) -> io::Result<Self> {
        Self::start_with(folder, port, Policy::default())
    }

    /// The same, with where the page may talk to.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_with(folder: PathBuf, port: u16, policy: Policy) -> io::Result<Self> {
        require_build(&folder)?;
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let folder = Arc::new(Mutex::new(folder));
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&folder);
        let thread = thread::Builder::new()
            .name("serve".to_owned())
            .spawn(move || run(&runtime, listener, served, policy, stopped))?;
        Ok(Self { port, folder, stop: Some(stop), thread: Some(thread) })
    }

    /// The address to open, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The port it listens on, to start another server in the same place.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Serves another build from the next request on, as a deployment does.
    ///
    /// # Errors
    /// If there is no build in `folder`; the former one is served on.
    pub fn serve_folder(&self, folder: PathBuf) -> io::Result<()> {
        require_build(&folder)?;
        *self.folder.lock().unwrap_or_else(PoisonError::into_inner) = folder;
        Ok(())
    }

    /// Stops at once, connections included: to the browser the network is gone.
    pub fn stop(self) {
        drop(self);
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).ok();
        }
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn require_build(folder: &Path) -> io::Result<()> {
    if folder.join("index.html").is_file() {
        return Ok(());
    }
    let text = format!("no index.html in {}: build the app first", folder.display());
    Err(io::Error::new(io::ErrorKind::NotFound, text))
}

/// Runs until told to stop; dropping the runtime then closes every connection.
fn run(
    runtime: &Runtime,
    listener: StdListener,
    folder: Arc<Mutex<PathBuf>>,
    policy: Policy,
    stopped: oneshot::Receiver<()>,
) {
    runtime.spawn(accept(listener, folder, policy));
    runtime.block_on(stopped).ok();
}

async fn accept(listener: StdListener, folder: Arc<Mutex<PathBuf>>, policy: Policy) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                drop(tokio::spawn(converse(stream, Arc::clone(&folder), policy.clone())));
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn converse(stream: TcpStream, folder: Arc<Mutex<PathBuf>>, policy: Policy) {
    let service = service_fn(|request| {
        let folder = folder.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let policy = &policy;
        async move { Ok::<_, Infallible>(answer(&folder, policy, request).await) }
    });
    // A client that goes away in the middle is no error of ours.
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .await
        .ok();
}
