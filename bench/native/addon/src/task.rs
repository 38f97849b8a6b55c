//! As an `AsyncTask`: on a thread of libuv's pool, four of them unless UV_THREADPOOL_SIZE says otherwise.

use compute::misbehave::{death, hang, memory};
use compute::{echo, numbers, orders, password, sha256, spin, statistics, thumbnail, tokens};
use napi::bindgen_prelude::{AsyncTask, ToNapiValue, TypeName, Uint8Array};
use napi::{Env, Result, Task};
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::{algorithm, by_json, error};

/// A function with its arguments, to be called once.
pub struct Job<T>(Option<Box<dyn FnOnce() -> Result<T> + Send>>);

impl<T: ToNapiValue + TypeName + Send + 'static> Task for Job<T> {
    type Output = T;
    type JsValue = T;

    fn compute(&mut self) -> Result<T> {
        let run = self.0.take().ok_or_else(|| error("computed twice"))?;
        run()
    }

    fn resolve(&mut self, _: Env, output: T) -> Result<T> {
        Ok(output)
    }
}

fn task<T>(run: impl FnOnce() -> Result<T> + Send + 'static) -> AsyncTask<Job<T>>
where
    T: ToNapiValue + TypeName + Send + 'static,
{
    AsyncTask::new(Job(Some(Box::new(run))))
}

#[napi]
pub fn empty_task() -> AsyncTask<Job<()>> {
    task(|| {
        echo::empty();
        Ok(())
    })
}

#[napi]
pub fn sum_task(values: Vec<i64>) -> AsyncTask<Job<i64>> {
    task(|| statistics::sum(values).map_err(error))
}

#[napi]
pub fn order_task(order: String) -> AsyncTask<Job<String>> {
    task(move || by_json(&order, orders::order))
}

#[napi]
pub fn rows_task(rows: String) -> AsyncTask<Job<String>> {
    task(move || by_json(&rows, orders::rows))
}

#[napi]
pub fn sign_task(
    claims: Map<String, Value>,
    by: String,
    key: Uint8Array,
) -> AsyncTask<Job<String>> {
    task(move || tokens::sign(claims, algorithm(&by)?, &key).map_err(error))
}

#[napi]
pub fn verify_password_task(password: String, hash: String) -> AsyncTask<Job<bool>> {
    task(move || password::verify_password(&password, &hash).map_err(error))
}

#[napi]
pub fn sha256_task(data: Uint8Array) -> AsyncTask<Job<Uint8Array>> {
    task(move || Ok(sha256::sha256(&data).into()))
}

#[napi]
pub fn bytes_task(data: Uint8Array) -> AsyncTask<Job<Uint8Array>> {
    task(move || Ok(echo::bytes(data.to_vec()).into()))
}

#[napi]
pub fn scale_task(doubles: Uint8Array, by: f64) -> AsyncTask<Job<Uint8Array>> {
    task(move || Ok(numbers::scale(&doubles, by).map_err(error)?.into()))
}

#[napi]
pub fn thumbnail_task(image: Uint8Array, width: u32, height: u32) -> AsyncTask<Job<Uint8Array>> {
    task(move || {
        let png = thumbnail::thumbnail(&image, width, height);
        Ok(png.map_err(error)?.into())
    })
}

#[napi]
pub fn spin_task(micros: u32) -> AsyncTask<Job<u32>> {
    task(move || Ok(spin::spin(micros)))
}

/// What does not come back as it should.
fn accident(run: impl FnOnce() + Send + 'static) -> AsyncTask<Job<()>> {
    task(|| {
        run();
        Ok(())
    })
}

#[napi]
pub fn panic_task(message: String) -> AsyncTask<Job<()>> {
    accident(|| death::panic(message))
}

#[napi]
pub fn segfault_task() -> AsyncTask<Job<()>> {
    accident(death::segfault)
}

#[napi]
pub fn abort_task() -> AsyncTask<Job<()>> {
    accident(death::abort)
}

#[napi]
pub fn overflow_stack_task() -> AsyncTask<Job<f64>> {
    task(|| Ok(death::overflow_stack() as f64))
}

#[napi]
pub fn out_of_memory_task() -> AsyncTask<Job<()>> {
    accident(memory::out_of_memory)
}

#[napi]
pub fn loop_forever_task() -> AsyncTask<Job<()>> {
    accident(hang::loop_forever)
}

#[napi]
pub fn leak_task(mebibytes: u32) -> AsyncTask<Job<()>> {
    accident(move || memory::leak(mebibytes))
}

#[napi]
pub fn exit_task(code: u8) -> AsyncTask<Job<()>> {
    accident(move || death::exit(code))
}
