//! A job on a thread of libuv's pool, and a promise of its result: the way in which native code is kept off the
//! main thread of a Node process.

use std::ffi::c_void;
use std::ptr;

use crate::api::{self, Deferred, Env, Status, Value, Work};
use crate::job::Job;

struct Task {
    job: Job,
    result: Result<String, String>,
    deferred: Deferred,
    work: Work,
}

/// Runs `job` elsewhere; its promise resolves with the text or rejects with an `Error`.
pub(crate) fn start(env: Env, job: Job) -> Value {
    let mut promise = ptr::null_mut();
    let mut task = Box::new(Task {
        job,
        result: Ok(String::new()),
        deferred: ptr::null_mut(),
        work: ptr::null_mut(),
    });
    // SAFETY: the out pointers live through the call.
    unsafe { api::napi_create_promise(env, &mut task.deferred, &mut promise) };
    let task = Box::into_raw(task);
    // SAFETY: `task` stays allocated until `complete`, which Node calls once for each work that was queued.
    unsafe {
        let name = api::string(env, "portreeve-addon");
        api::napi_create_async_work(
            env,
            ptr::null_mut(),
            name,
            execute,
            complete,
            task.cast(),
            &raw mut (*task).work,
        );
        api::napi_queue_async_work(env, (*task).work);
    }
    promise
}

extern "C" fn execute(_: Env, task: *mut c_void) {
    // SAFETY: between queueing and `complete` the task belongs to this thread.
    let task = unsafe { &mut *task.cast::<Task>() };
    task.result = task.job.run();
}

extern "C" fn complete(env: Env, _: Status, task: *mut c_void) {
    // SAFETY: made by `Box::into_raw` in `start`, and Node is done with it.
    let task = unsafe { Box::from_raw(task.cast::<Task>()) };
    // SAFETY: on the main thread, with the promise and the work of this very task.
    unsafe {
        match &task.result {
            Ok(text) => api::napi_resolve_deferred(env, task.deferred, api::string(env, text)),
            Err(message) => api::napi_reject_deferred(env, task.deferred, api::error(env, message)),
        };
        api::napi_delete_async_work(env, task.work);
    }
}
