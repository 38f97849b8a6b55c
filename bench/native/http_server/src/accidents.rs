//! One route for each accident.

use axum::Router;
use axum::extract::Json;
use axum::routing::post;
use compute::misbehave::{death, hang, memory};

pub fn routes() -> Router {
    Router::new()
        .route(
            "/panic",
            post(async |Json(message): Json<String>| death::panic(message)),
        )
        .route("/segfault", post(async || death::segfault()))
        .route("/abort", post(async || death::abort()))
        .route(
            "/overflow_stack",
            post(async || Json(death::overflow_stack())),
        )
        .route("/out_of_memory", post(async || memory::out_of_memory()))
        .route("/loop_forever", post(async || hang::loop_forever()))
        .route(
            "/leak",
            post(async |Json(mebibytes): Json<u32>| memory::leak(mebibytes)),
        )
        .route(
            "/exit",
            post(async |Json(code): Json<u8>| death::exit(code)),
        )
}
