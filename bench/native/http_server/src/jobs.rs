//! One route for each job. What takes many milliseconds runs on tokio's threads for that, as its documentation wants.

use std::fmt::Display;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Json, Query};
use axum::http::StatusCode;
use axum::routing::post;
use compute::orders::{Order, Row};
use compute::tokens::Algorithm;
use compute::{echo, numbers, orders, password, sha256, spin, statistics, thumbnail, tokens};
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::task::spawn_blocking;

type Failure = (StatusCode, String);

pub fn routes() -> Router {
    Router::new()
        .route("/empty", post(async || echo::empty()))
        .route("/sum", post(sum))
        .route(
            "/order",
            post(async |Json(order): Json<Order>| Json(orders::order(order))),
        )
        .route(
            "/rows",
            post(async |Json(rows): Json<Vec<Row>>| Json(orders::rows(rows))),
        )
        .route("/sign", post(sign))
        .route("/verify_password", post(verify_password))
        .route("/sha256", post(async |data: Bytes| sha256::sha256(&data)))
        .route("/bytes", post(async |data: Bytes| echo::bytes(data.into())))
        .route("/scale", post(scale))
        .route("/thumbnail", post(thumbnail))
        .route(
            "/spin",
            post(async |Json(micros): Json<u32>| Json(spin::spin(micros))),
        )
}

fn failure(error: impl Display) -> Failure {
    (StatusCode::BAD_REQUEST, error.to_string())
}

async fn sum(Json(values): Json<Vec<i64>>) -> Result<Json<i64>, Failure> {
    statistics::sum(values).map(Json).map_err(failure)
}

#[derive(Deserialize)]
struct Sign {
    claims: Map<String, Value>,
    algorithm: Algorithm,
    key: String,
}

async fn sign(Json(asked): Json<Sign>) -> Result<String, Failure> {
    tokens::sign(asked.claims, asked.algorithm, asked.key.as_bytes()).map_err(failure)
}

#[derive(Deserialize)]
struct Verify {
    password: String,
    hash: String,
}

async fn verify_password(Json(asked): Json<Verify>) -> Result<Json<bool>, Failure> {
    let verified = spawn_blocking(move || password::verify_password(&asked.password, &asked.hash));
    verified.await.map_err(failure)?.map(Json).map_err(failure)
}

#[derive(Deserialize)]
struct Scale {
    by: f64,
}

async fn scale(Query(asked): Query<Scale>, doubles: Bytes) -> Result<Vec<u8>, Failure> {
    numbers::scale(&doubles, asked.by).map_err(failure)
}

#[derive(Deserialize)]
struct Sides {
    width: u32,
    height: u32,
}

async fn thumbnail(Query(sides): Query<Sides>, image: Bytes) -> Result<Vec<u8>, Failure> {
    let made = spawn_blocking(move || thumbnail::thumbnail(&image, sides.width, sides.height));
    made.await.map_err(failure)?.map_err(failure)
}
