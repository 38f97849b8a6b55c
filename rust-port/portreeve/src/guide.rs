//! For those who come from elsewhere: what they know, and what it is called here.

#[doc = include_str!("../docs/from-rustler.md")]
pub mod from_rustler {}

#[doc = include_str!("../docs/from-napi-rs.md")]
pub mod from_napi_rs {}
