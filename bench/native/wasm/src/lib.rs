//! The functions of `compute` as WebAssembly, called by hand: an argument that is no number is written into the memory
//! of the module, at what `reserve` gives, and an answer is read from where `answer_at` and the returned length say.
//!
//! Signing and SHA-256 are missing: *ring* has C and assembler in it, which takes a C compiler for wasm32.

mod memory;

use compute::misbehave::{death, hang, memory as misbehaving};
use compute::{echo, numbers, orders, password, spin, statistics, thumbnail};

use memory::{answer, argument};

#[unsafe(no_mangle)]
pub extern "C" fn empty() {
    echo::empty();
}

/// Of `count` integers, as doubles: JavaScript's numbers, without a BigInt for each.
#[unsafe(no_mangle)]
pub extern "C" fn sum(count: usize) -> f64 {
    let values = argument(8 * count, |bytes| {
        let doubles = bytes.as_chunks().0.iter().copied().map(f64::from_le_bytes);
        doubles.map(|double| double as i64).collect()
    });
    statistics::sum(values).map_or(f64::NAN, |sum| sum as f64)
}

#[unsafe(no_mangle)]
pub extern "C" fn order(length: usize) -> usize {
    by_json(length, orders::order)
}

#[unsafe(no_mangle)]
pub extern "C" fn rows(length: usize) -> usize {
    by_json(length, orders::rows)
}

fn by_json<T, R>(length: usize, function: impl FnOnce(T) -> R) -> usize
where
    T: serde::de::DeserializeOwned,
    R: serde::Serialize,
{
    let read =
        argument(length, |json| serde_json::from_slice(json)).expect("JSON of such a record");
    answer(serde_json::to_vec(&function(read)).expect("records have text for keys"))
}

/// 1 or 0, or −1 when `hash` is no PHC string; the hash follows the password in the argument.
#[unsafe(no_mangle)]
pub extern "C" fn verify_password(password: usize, hash: usize) -> i32 {
    let text = argument(password + hash, |bytes| String::from_utf8(bytes.to_vec())).expect("UTF-8");
    let (password, hash) = text.split_at(password);
    password::verify_password(password, hash).map_or(-1, i32::from)
}

#[unsafe(no_mangle)]
pub extern "C" fn bytes(length: usize) -> usize {
    argument(length, |data| answer(echo::bytes(data.to_vec())))
}

#[unsafe(no_mangle)]
pub extern "C" fn scale(length: usize, by: f64) -> usize {
    let scaled = argument(length, |doubles| numbers::scale(doubles, by));
    answer(scaled.expect("doubles have eight bytes each"))
}

#[unsafe(no_mangle)]
pub extern "C" fn thumbnail(length: usize, width: u32, height: u32) -> usize {
    let made = argument(length, |image| thumbnail::thumbnail(image, width, height));
    answer(made.expect("a picture"))
}

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// Nanoseconds, of any beginning.
    safe fn now() -> f64;
}

#[unsafe(no_mangle)]
pub extern "C" fn spin(micros: u32) -> u32 {
    spin::spin_by(|| now() as u64, micros)
}

#[unsafe(no_mangle)]
pub extern "C" fn panic() {
    death::panic("an accident".into());
}

#[unsafe(no_mangle)]
pub extern "C" fn segfault() {
    death::segfault();
}

#[unsafe(no_mangle)]
pub extern "C" fn abort() {
    death::abort();
}

#[unsafe(no_mangle)]
pub extern "C" fn overflow_stack() -> f64 {
    death::overflow_stack() as f64
}

#[unsafe(no_mangle)]
pub extern "C" fn out_of_memory() {
    misbehaving::out_of_memory();
}

#[unsafe(no_mangle)]
pub extern "C" fn loop_forever() {
    hang::loop_forever();
}

#[unsafe(no_mangle)]
pub extern "C" fn leak(mebibytes: u32) {
    misbehaving::leak(mebibytes);
}

#[unsafe(no_mangle)]
pub extern "C" fn exit(code: u8) {
    death::exit(code);
}
