//! How arguments get in and answers get out: one buffer for each, which JavaScript sees.

use std::cell::RefCell;

thread_local! {
    static ARGUMENT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for so many bytes of argument, and says where.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(length: usize) -> *mut u8 {
    ARGUMENT.with_borrow_mut(|buffer| {
        if buffer.len() < length {
            buffer.resize(length, 0);
        }
        buffer.as_mut_ptr()
    })
}

/// Looks at the bytes that JavaScript has written.
pub fn argument<R>(length: usize, read: impl FnOnce(&[u8]) -> R) -> R {
    ARGUMENT.with_borrow(|buffer| read(&buffer[..length]))
}

/// Where the last answer is.
#[unsafe(no_mangle)]
pub extern "C" fn answer_at() -> *const u8 {
    ANSWER.with_borrow(|answer| answer.as_ptr())
}

/// Keeps an answer until the next one, and says how long it is.
pub fn answer(bytes: Vec<u8>) -> usize {
    let length = bytes.len();
    ANSWER.set(bytes);
    length
}
