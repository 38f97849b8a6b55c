//! The in-process side of the comparison: what `compute` does as a port program, loaded into Node as an addon.
//! It speaks Node-API by hand and signs with the crate `jwt`, as `compute` does.
//!
//! JavaScript sees `sign(claimsJson, algorithm, key)`, `verify(token, algorithm, key)`, the same with `Async` behind
//! their names, which give promises, and `segfault()`.

mod api;
mod job;
mod work;

use std::ffi::CStr;
use std::ptr;

use api::{Callback, CallbackInfo, Env, Value};
use job::Job;

/// Node looks for this name and calls it once for each context that loads the addon.
///
/// # Safety
/// `env` and `exports` are what Node gives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn napi_register_module_v1(env: Env, exports: Value) -> Value {
    let functions: [(&CStr, Callback); 5] = [
        (c"sign", sign),
        (c"verify", verify),
        (c"signAsync", sign_async),
        (c"verifyAsync", verify_async),
        (c"segfault", segfault),
    ];
    for (name, callback) in functions {
        let mut function = ptr::null_mut();
        // SAFETY: the names are static and end in a zero; `exports` is the object that Node gave.
        unsafe {
            let (text, length) = (name.as_ptr(), name.count_bytes());
            api::napi_create_function(env, text, length, callback, ptr::null_mut(), &mut function);
            api::napi_set_named_property(env, exports, name.as_ptr(), function);
        }
    }
    exports
}

extern "C" fn sign(env: Env, info: CallbackInfo) -> Value {
    with_texts(env, info, |texts| now(env, Job::Sign(texts)))
}

extern "C" fn verify(env: Env, info: CallbackInfo) -> Value {
    with_texts(env, info, |texts| now(env, Job::Verify(texts)))
}

extern "C" fn sign_async(env: Env, info: CallbackInfo) -> Value {
    with_texts(env, info, |texts| work::start(env, Job::Sign(texts)))
}

extern "C" fn verify_async(env: Env, info: CallbackInfo) -> Value {
    with_texts(env, info, |texts| work::start(env, Job::Verify(texts)))
}

/// Reads through a stray pointer. In a port program this is the end of the port; here it is the end of Node.
extern "C" fn segfault(_: Env, _: CallbackInfo) -> Value {
    // SAFETY: there is none, that is the point. (Not address 0: a debug build would notice and panic instead.)
    unsafe { ptr::without_provenance_mut::<u8>(0x2a).write_volatile(0) };
    ptr::null_mut()
}

fn with_texts(env: Env, info: CallbackInfo, then: impl FnOnce([String; 3]) -> Value) -> Value {
    match api::strings(env, info) {
        Some(texts) => then(texts),
        None => throw(
            env,
            "expected three strings: claims as JSON or a token, an algorithm, a key",
        ),
    }
}

fn now(env: Env, job: Job) -> Value {
    match job.run() {
        Ok(text) => api::string(env, &text),
        Err(message) => throw(env, &message),
    }
}

fn throw(env: Env, message: &str) -> Value {
    // SAFETY: on the main thread, inside a callback of `env`.
    unsafe { api::napi_throw(env, api::error(env, message)) };
    ptr::null_mut()
}
