//! gRPC on a Unix socket, whose path is the argument. Says `ready` on stdout, and ends when its stdin does, so that it
//! does not outlive its host.

mod service;

use std::{env, io, process, thread};

use tokio::net::UnixListener;
use tokio_stream::wrappers::UnixListenerStream;
use tonic::transport::Server;

use service::Service;
use service::proto::compute_server::ComputeServer;

const LARGEST_MESSAGE: usize = 64 << 20;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    });
    let path = env::args().nth(1).ok_or("usage: grpc_server SOCKET")?;
    let connections = UnixListenerStream::new(UnixListener::bind(path)?);
    println!("ready");
    let service = ComputeServer::new(Service)
        .max_decoding_message_size(LARGEST_MESSAGE)
        .max_encoding_message_size(LARGEST_MESSAGE);
    let server = Server::builder().add_service(service);
    Ok(server.serve_with_incoming(connections).await?)
}
