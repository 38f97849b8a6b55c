//! The part of Node-API that this addon uses (<https://nodejs.org/api/n-api.html>), declared by hand: `node` itself
//! holds these symbols. All of them are Node-API version 1.

use std::ffi::{c_char, c_int, c_void};
use std::ptr;

/// `napi_env`, `napi_value` and the others are pointers to what only Node looks into.
pub(crate) type Env = *mut c_void;
pub(crate) type Value = *mut c_void;
pub(crate) type CallbackInfo = *mut c_void;
pub(crate) type Deferred = *mut c_void;
pub(crate) type Work = *mut c_void;

/// `napi_status`; 0 is `napi_ok`.
pub(crate) type Status = c_int;
pub(crate) type Callback = extern "C" fn(Env, CallbackInfo) -> Value;
pub(crate) type Execute = extern "C" fn(Env, *mut c_void);
pub(crate) type Complete = extern "C" fn(Env, Status, *mut c_void);

unsafe extern "C" {
    pub(crate) fn napi_get_cb_info(
        env: Env,
        info: CallbackInfo,
        argc: *mut usize,
        argv: *mut Value,
        this: *mut Value,
        data: *mut *mut c_void,
    ) -> Status;
    pub(crate) fn napi_get_value_string_utf8(
        env: Env,
        value: Value,
        out: *mut c_char,
        size: usize,
        length: *mut usize,
    ) -> Status;
    pub(crate) fn napi_create_string_utf8(
        env: Env,
        text: *const c_char,
        length: usize,
        result: *mut Value,
    ) -> Status;
    pub(crate) fn napi_create_function(
        env: Env,
        name: *const c_char,
        length: usize,
        callback: Callback,
        data: *mut c_void,
        result: *mut Value,
    ) -> Status;
    pub(crate) fn napi_set_named_property(
        env: Env,
        object: Value,
        name: *const c_char,
        value: Value,
    ) -> Status;
    pub(crate) fn napi_create_error(
        env: Env,
        code: Value,
        message: Value,
        result: *mut Value,
    ) -> Status;
    pub(crate) fn napi_throw(env: Env, error: Value) -> Status;
    pub(crate) fn napi_create_promise(
        env: Env,
        deferred: *mut Deferred,
        promise: *mut Value,
    ) -> Status;
    pub(crate) fn napi_resolve_deferred(env: Env, deferred: Deferred, value: Value) -> Status;
    pub(crate) fn napi_reject_deferred(env: Env, deferred: Deferred, value: Value) -> Status;
    pub(crate) fn napi_create_async_work(
        env: Env,
        resource: Value,
        name: Value,
        execute: Execute,
        complete: Complete,
        data: *mut c_void,
        result: *mut Work,
    ) -> Status;
    pub(crate) fn napi_queue_async_work(env: Env, work: Work) -> Status;
    pub(crate) fn napi_delete_async_work(env: Env, work: Work) -> Status;
}

/// A JavaScript string. Null when Node refused, which it does only with an exception pending.
pub(crate) fn string(env: Env, text: &str) -> Value {
    let mut value = ptr::null_mut();
    // SAFETY: `text` is valid for its length, and `env` is the one of the callback that is running.
    unsafe { napi_create_string_utf8(env, text.as_ptr().cast(), text.len(), &mut value) };
    value
}

/// A JavaScript `Error`.
pub(crate) fn error(env: Env, message: &str) -> Value {
    let mut value = ptr::null_mut();
    // SAFETY: as above; a null code is allowed.
    unsafe { napi_create_error(env, ptr::null_mut(), string(env, message), &mut value) };
    value
}

/// The first `N` arguments of a call, each a string; `None` when one is missing or is none.
pub(crate) fn strings<const N: usize>(env: Env, info: CallbackInfo) -> Option<[String; N]> {
    let mut argv = [ptr::null_mut(); N];
    let mut argc = N;
    // SAFETY: `argv` has room for the `argc` values asked for; the two others may be null.
    unsafe {
        napi_get_cb_info(
            env,
            info,
            &mut argc,
            argv.as_mut_ptr(),
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    let texts: Vec<String> = argv.iter().map_while(|&value| text(env, value)).collect();
    texts.try_into().ok()
}

/// A JavaScript string as UTF-8: its length first, then its bytes and a zero behind them.
fn text(env: Env, value: Value) -> Option<String> {
    let mut length = 0;
    // SAFETY: a null buffer asks for the length alone.
    if unsafe { napi_get_value_string_utf8(env, value, ptr::null_mut(), 0, &mut length) } != 0 {
        return None;
    }
    let mut bytes = vec![0u8; length + 1];
    // SAFETY: `bytes` has the `length + 1` bytes that are given as its size.
    unsafe {
        napi_get_value_string_utf8(
            env,
            value,
            bytes.as_mut_ptr().cast(),
            bytes.len(),
            &mut length,
        )
    };
    bytes.truncate(length);
    String::from_utf8(bytes).ok()
}
