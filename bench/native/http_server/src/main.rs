//! HTTP/1.1 on a Unix socket, whose path is the argument. Records are JSON, bytes are bytes. Says `ready` on stdout, and
//! ends when its stdin does, so that it does not outlive its host.

mod accidents;
mod jobs;

use std::{env, io, process, thread};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use tokio::net::UnixListener;

const LARGEST_BODY: usize = 64 << 20;

#[tokio::main]
async fn main() -> io::Result<()> {
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    });
    let path = env::args()
        .nth(1)
        .ok_or_else(|| io::Error::other("usage: http_server SOCKET"))?;
    let listener = UnixListener::bind(path)?;
    println!("ready");
    let routes = Router::new()
        .merge(jobs::routes())
        .merge(accidents::routes())
        .layer(DefaultBodyLimit::max(LARGEST_BODY));
    axum::serve(listener, routes).await
}
