//! Async functions take what others take, slices of the frame included.

use portreeve::{Cancel, Host};

#[portreeve::function(idempotent)]
async fn borrows(
    text: &str,
    numbers: &[u32],
    host: Host,
    _cancel: Cancel,
) -> Result<usize, String> {
    std::future::ready(()).await;
    let _ = host.accepts_events();
    Ok(text.len() + numbers.len())
}

fn main() -> std::process::ExitCode {
    portreeve::run()
}
