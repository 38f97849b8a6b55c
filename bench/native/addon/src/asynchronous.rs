//! As an `async fn`: on tokio's threads, as many as there are cores.

use compute::misbehave::{death, hang, memory};
use compute::{echo, numbers, orders, password, sha256, spin, statistics, thumbnail, tokens};
use napi::Result;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::{algorithm, by_json, error};

#[napi]
pub async fn empty_async() {
    echo::empty();
}

#[napi]
pub async fn sum_async(values: Vec<i64>) -> Result<i64> {
    statistics::sum(values).map_err(error)
}

#[napi]
pub async fn order_async(order: String) -> Result<String> {
    by_json(&order, orders::order)
}

#[napi]
pub async fn rows_async(rows: String) -> Result<String> {
    by_json(&rows, orders::rows)
}

#[napi]
pub async fn sign_async(claims: Map<String, Value>, by: String, key: Uint8Array) -> Result<String> {
    tokens::sign(claims, algorithm(&by)?, &key).map_err(error)
}

#[napi]
pub async fn verify_password_async(password: String, hash: String) -> Result<bool> {
    password::verify_password(&password, &hash).map_err(error)
}

#[napi]
pub async fn sha256_async(data: Uint8Array) -> Uint8Array {
    sha256::sha256(&data).into()
}

#[napi]
pub async fn bytes_async(data: Uint8Array) -> Uint8Array {
    echo::bytes(data.to_vec()).into()
}

#[napi]
pub async fn scale_async(doubles: Uint8Array, by: f64) -> Result<Uint8Array> {
    Ok(numbers::scale(&doubles, by).map_err(error)?.into())
}

#[napi]
pub async fn thumbnail_async(image: Uint8Array, width: u32, height: u32) -> Result<Uint8Array> {
    let png = thumbnail::thumbnail(&image, width, height);
    Ok(png.map_err(error)?.into())
}

#[napi]
pub async fn spin_async(micros: u32) -> u32 {
    spin::spin(micros)
}

#[napi]
pub async fn panic_async(message: String) {
    death::panic(message);
}

#[napi]
pub async fn segfault_async() {
    death::segfault();
}

#[napi]
pub async fn abort_async() {
    death::abort();
}

#[napi]
pub async fn overflow_stack_async() -> f64 {
    death::overflow_stack() as f64
}

#[napi]
pub async fn out_of_memory_async() {
    memory::out_of_memory();
}

#[napi]
pub async fn loop_forever_async() {
    hang::loop_forever();
}

#[napi]
pub async fn leak_async(mebibytes: u32) {
    memory::leak(mebibytes);
}

#[napi]
pub async fn exit_async(code: u8) {
    death::exit(code);
}
