//! The calls that the programs on a pipe understand: `{ id, call: { sum: [1, 2, 3] } }`, answered by `{ id, ok: 6 }` or
//! `{ id, error: "…" }`. serde reads and writes them, as JSON or as MessagePack; the work is that of `compute`.

mod binary;

use std::fmt::Display;

use compute::misbehave::{death, hang, memory};
use compute::orders::{Order, Row};
use compute::tokens::Algorithm;
use compute::{echo, numbers, orders, password, sha256, spin, statistics, thumbnail, tokens};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use binary::Binary;

#[derive(Deserialize)]
pub struct Request {
    id: u32,
    call: Call,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Call {
    Empty,
    Sum(Vec<i64>),
    Order(Box<Order>),
    Rows(Vec<Row>),
    Sign {
        claims: Map<String, Value>,
        algorithm: Algorithm,
        key: String,
    },
    VerifyPassword {
        password: String,
        hash: String,
    },
    Sha256(Binary),
    Bytes(Binary),
    Scale {
        doubles: Binary,
        by: f64,
    },
    Thumbnail {
        image: Binary,
        width: u32,
        height: u32,
    },
    Spin(u32),
    Panic(String),
    Segfault,
    Abort,
    OverflowStack,
    OutOfMemory,
    LoopForever,
    Leak(u32),
    Exit(u8),
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Reply {
    Ok { id: u32, ok: Answer },
    Error { id: u32, error: String },
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Answer {
    Nothing,
    True(bool),
    Integer(i64),
    Text(String),
    Binary(Binary),
    Order(Box<Order>),
    Rows(Vec<Row>),
}

/// Does what is asked.
pub fn answer(Request { id, call }: Request) -> Reply {
    match run(call) {
        Ok(ok) => Reply::Ok { id, ok },
        Err(error) => Reply::Error { id, error },
    }
}

fn run(call: Call) -> Result<Answer, String> {
    Ok(match call {
        Call::Empty => nothing(echo::empty),
        Call::Sum(values) => Answer::Integer(statistics::sum(values)?),
        Call::Order(order) => Answer::Order(Box::new(orders::order(*order))),
        Call::Rows(rows) => Answer::Rows(orders::rows(rows)),
        Call::Sign {
            claims,
            algorithm,
            key,
        } => Answer::Text(tokens::sign(claims, algorithm, key.as_bytes()).map_err(text)?),
        Call::VerifyPassword { password, hash } => {
            Answer::True(password::verify_password(&password, &hash)?)
        }
        Call::Sha256(data) => Answer::Binary(Binary(sha256::sha256(&data.0))),
        Call::Bytes(data) => Answer::Binary(Binary(echo::bytes(data.0))),
        Call::Scale { doubles, by } => Answer::Binary(Binary(numbers::scale(&doubles.0, by)?)),
        Call::Thumbnail {
            image,
            width,
            height,
        } => Answer::Binary(Binary(thumbnail::thumbnail(&image.0, width, height)?)),
        Call::Spin(micros) => Answer::Integer(spin::spin(micros).into()),
        Call::Panic(message) => nothing(|| death::panic(message)),
        Call::Segfault => nothing(death::segfault),
        Call::Abort => nothing(death::abort),
        Call::OverflowStack => Answer::Integer(death::overflow_stack() as i64),
        Call::OutOfMemory => nothing(memory::out_of_memory),
        Call::LoopForever => nothing(hang::loop_forever),
        Call::Leak(mebibytes) => nothing(|| memory::leak(mebibytes)),
        Call::Exit(code) => nothing(|| death::exit(code)),
    })
}

fn nothing(run: impl FnOnce()) -> Answer {
    run();
    Answer::Nothing
}

fn text(error: impl Display) -> String {
    error.to_string()
}
