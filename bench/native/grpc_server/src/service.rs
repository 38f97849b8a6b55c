//! The functions of `compute` behind the service's definition. Orders and rows stay the structs that prost made for
//! them: as with `compute`'s own, they are read and written again.

use std::fmt::Display;

use compute::misbehave::{death, hang, memory};
use compute::{echo, numbers, password, sha256, spin, statistics, thumbnail, tokens};
use tokio::task::spawn_blocking;
use tonic::{Request, Response, Status};

use proto::compute_server::Compute;
use proto::{
    Binary, Integer, Integers, Nothing, Order, Rows, ScaleRequest, SignRequest, Text,
    ThumbnailRequest, Truth, VerifyRequest,
};

pub mod proto {
    tonic::include_proto!("compute");
}

pub struct Service;

type Answer<T> = Result<Response<T>, Status>;

fn answer<T, M>(value: T, message: impl FnOnce(T) -> M) -> Answer<M> {
    Ok(Response::new(message(value)))
}

fn integer(value: i64) -> Integer {
    Integer { value }
}

fn binary(value: Vec<u8>) -> Binary {
    Binary { value }
}

/// For functions that give nothing.
fn nothing(run: impl FnOnce()) -> Answer<Nothing> {
    run();
    Ok(Response::new(Nothing {}))
}

fn failure(error: impl Display) -> Status {
    Status::invalid_argument(error.to_string())
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Status> {
    serde_json::from_str(text).map_err(failure)
}

#[tonic::async_trait]
impl Compute for Service {
    async fn empty(&self, _: Request<Nothing>) -> Answer<Nothing> {
        nothing(echo::empty)
    }

    async fn sum(&self, asked: Request<Integers>) -> Answer<Integer> {
        let sum = statistics::sum(asked.into_inner().values);
        answer(sum.map_err(failure)?, integer)
    }

    async fn echo_order(&self, asked: Request<Order>) -> Answer<Order> {
        answer(asked.into_inner(), |order| order)
    }

    async fn echo_rows(&self, asked: Request<Rows>) -> Answer<Rows> {
        answer(asked.into_inner(), |rows| rows)
    }

    async fn sign(&self, asked: Request<SignRequest>) -> Answer<Text> {
        let asked = asked.into_inner();
        let algorithm = serde_json::from_value(asked.algorithm.into()).map_err(failure)?;
        let token = tokens::sign(from_json(&asked.claims)?, algorithm, &asked.key);
        answer(token.map_err(failure)?, |value| Text { value })
    }

    async fn verify_password(&self, asked: Request<VerifyRequest>) -> Answer<Truth> {
        let VerifyRequest { password, hash } = asked.into_inner();
        let verified = spawn_blocking(move || password::verify_password(&password, &hash));
        let verified = verified.await.map_err(failure)?;
        answer(verified.map_err(failure)?, |value| Truth { value })
    }

    async fn sha256(&self, asked: Request<Binary>) -> Answer<Binary> {
        answer(sha256::sha256(&asked.into_inner().value), binary)
    }

    async fn echo_bytes(&self, asked: Request<Binary>) -> Answer<Binary> {
        answer(echo::bytes(asked.into_inner().value), binary)
    }

    async fn scale(&self, asked: Request<ScaleRequest>) -> Answer<Binary> {
        let ScaleRequest { doubles, by } = asked.into_inner();
        answer(numbers::scale(&doubles, by).map_err(failure)?, binary)
    }

    async fn thumbnail(&self, asked: Request<ThumbnailRequest>) -> Answer<Binary> {
        let asked = asked.into_inner();
        let made =
            spawn_blocking(move || thumbnail::thumbnail(&asked.image, asked.width, asked.height));
        let made = made.await.map_err(failure)?;
        answer(made.map_err(failure)?, binary)
    }

    async fn spin(&self, asked: Request<Integer>) -> Answer<Integer> {
        let micros = u32::try_from(asked.into_inner().value).map_err(failure)?;
        answer(spin::spin(micros).into(), integer)
    }

    async fn panic(&self, asked: Request<Text>) -> Answer<Nothing> {
        nothing(|| death::panic(asked.into_inner().value))
    }

    async fn segfault(&self, _: Request<Nothing>) -> Answer<Nothing> {
        nothing(death::segfault)
    }

    async fn abort(&self, _: Request<Nothing>) -> Answer<Nothing> {
        nothing(death::abort)
    }

    async fn overflow_stack(&self, _: Request<Nothing>) -> Answer<Integer> {
        answer(death::overflow_stack() as i64, integer)
    }

    async fn out_of_memory(&self, _: Request<Nothing>) -> Answer<Nothing> {
        nothing(memory::out_of_memory)
    }

    async fn loop_forever(&self, _: Request<Nothing>) -> Answer<Nothing> {
        nothing(hang::loop_forever)
    }

    async fn leak(&self, asked: Request<Integer>) -> Answer<Nothing> {
        let mebibytes = u32::try_from(asked.into_inner().value).map_err(failure)?;
        nothing(|| memory::leak(mebibytes))
    }

    async fn exit(&self, asked: Request<Integer>) -> Answer<Nothing> {
        let code = u8::try_from(asked.into_inner().value).map_err(failure)?;
        nothing(|| death::exit(code))
    }
}
