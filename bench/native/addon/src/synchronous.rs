//! On the thread that calls.

use compute::misbehave::{death, hang, memory};
use compute::{echo, numbers, orders, password, sha256, spin, statistics, thumbnail, tokens};
use napi::Result;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::{algorithm, by_json, error};

#[napi]
pub fn empty() {
    echo::empty();
}

#[napi]
pub fn sum(values: Vec<i64>) -> Result<i64> {
    statistics::sum(values).map_err(error)
}

#[napi]
pub fn order(order: String) -> Result<String> {
    by_json(&order, orders::order)
}

#[napi]
pub fn rows(rows: String) -> Result<String> {
    by_json(&rows, orders::rows)
}

#[napi]
pub fn sign(claims: Map<String, Value>, by: String, key: &[u8]) -> Result<String> {
    tokens::sign(claims, algorithm(&by)?, key).map_err(error)
}

#[napi]
pub fn verify_password(password: String, hash: String) -> Result<bool> {
    password::verify_password(&password, &hash).map_err(error)
}

#[napi]
pub fn sha256(data: &[u8]) -> Uint8Array {
    sha256::sha256(data).into()
}

#[napi]
pub fn bytes(data: &[u8]) -> Uint8Array {
    echo::bytes(data.to_vec()).into()
}

#[napi]
pub fn scale(doubles: &[u8], by: f64) -> Result<Uint8Array> {
    Ok(numbers::scale(doubles, by).map_err(error)?.into())
}

#[napi]
pub fn thumbnail(image: &[u8], width: u32, height: u32) -> Result<Uint8Array> {
    let png = thumbnail::thumbnail(image, width, height);
    Ok(png.map_err(error)?.into())
}

#[napi]
pub fn spin(micros: u32) -> u32 {
    spin::spin(micros)
}

/// napi-rs turns a panic into an exception only where it is asked to.
#[napi(catch_unwind)]
pub fn panic(message: String) {
    death::panic(message);
}

#[napi]
pub fn segfault() {
    death::segfault();
}

#[napi]
pub fn abort() {
    death::abort();
}

#[napi]
pub fn overflow_stack() -> f64 {
    death::overflow_stack() as f64
}

#[napi]
pub fn out_of_memory() {
    memory::out_of_memory();
}

#[napi]
pub fn loop_forever() {
    hang::loop_forever();
}

#[napi]
pub fn leak(mebibytes: u32) {
    memory::leak(mebibytes);
}

#[napi]
pub fn exit(code: u8) {
    death::exit(code);
}
