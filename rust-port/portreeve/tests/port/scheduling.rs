//! Which call runs when. No clock decides here: a long call runs until the test lets it go, and what must not wait for
//! it is answered before.

use crate::driver::{Port, call, framed, message, term, word};

const LONG: i32 = 600_000;

fn cancel(id: i32) -> Vec<u8> {
    framed(&message(&[&term(&word("cancel")), &term(&id)]))
}

#[test]
fn a_short_call_does_not_wait_for_a_long_one_of_the_same_read() {
    let mut port = Port::start();
    port.write(
        &[
            call(1, "spin", &[term(&LONG)]),
            call(2, "sum", &[vec![106]]),
        ]
        .concat(),
    );
    assert_eq!(port.next(), "{reply,2,0}");
}

#[test]
fn a_reply_that_is_made_does_not_wait_for_the_call_behind_it() {
    let mut port = Port::start();
    port.write(
        &[
            call(1, "sum", &[vec![106]]),
            call(2, "spin", &[term(&LONG)]),
        ]
        .concat(),
    );
    assert_eq!(port.next(), "{reply,1,0}");
}

#[test]
fn short_calls_get_through_while_every_core_computes() {
    let cores = std::thread::available_parallelism().unwrap().get();
    let mut port = Port::start();
    let spin: Vec<u8> = (0..cores)
        .flat_map(|id| call(id as i64, "spin", &[term(&LONG)]))
        .collect();
    port.write(&spin);
    for id in 100..110 {
        port.call(id, "sum", &[vec![106]]);
        assert_eq!(port.next(), format!("{{reply,{id},0}}"));
    }
}

#[test]
fn a_ping_gets_through_while_every_thread_computes() {
    let cores = std::thread::available_parallelism().unwrap().get();
    let mut port = Port::start();
    let spin: Vec<u8> = (0..cores + 5)
        .flat_map(|id| call(id as i64, "spin", &[term(&LONG)]))
        .collect();
    port.write(&spin);
    for id in 0..10 {
        port.send(&(word("ping"), id));
        assert_eq!(port.next(), format!("{{pong,{id}}}"));
    }
    // The thread that answers pings runs no call: this one waits for a core.
    port.call(100, "sum", &[vec![106]]);
    port.send(&(word("ping"), 10));
    assert_eq!(port.next(), "{pong,10}");
}

#[test]
fn a_cancel_reaches_a_running_function_while_every_thread_computes() {
    let cores = std::thread::available_parallelism().unwrap().get() as i32;
    let mut port = Port::start();
    let ids = 1..=cores + 1;
    let calls: Vec<u8> = ids
        .clone()
        .flat_map(|id| call(id.into(), "until_cancelled", &[]))
        .collect();
    port.write(&calls);
    port.send(&(word("ping"), 1));
    assert_eq!(port.next(), "{pong,1}");
    for id in ids {
        port.write(&cancel(id));
        let answer = port.next();
        assert!(answer.starts_with(&format!("{{error,{id},#{{")), "{answer}");
        assert!(answer.contains("cancelled"), "{answer}");
    }
}

#[test]
fn a_call_that_is_cancelled_before_it_begins_never_runs() {
    let mut port = Port::start();
    // Both in one read: it is cancelled where it is parsed.
    port.write(&[call(1, "exit", &[vec![97, 9]]), cancel(1)].concat());
    let answer = port.next();
    assert!(answer.contains("cancelled"), "{answer}");
    port.call(2, "sum", &[vec![106]]);
    assert_eq!(port.next(), "{reply,2,0}");
}

#[test]
fn a_cancel_of_an_unknown_id_is_dropped() {
    let mut port = Port::start();
    port.write(&cancel(9));
    port.call(9, "sum", &[vec![106]]);
    assert_eq!(port.next(), "{reply,9,0}");
}

#[test]
fn every_call_of_many_is_answered_once() {
    let mut port = Port::start();
    let count = 20_000;
    let calls: Vec<u8> = (0..count)
        .flat_map(|id| call(id, "sum", &[vec![107, 0, 1, 7]]))
        .collect();
    let (head, tail) = calls.split_at(calls.len() / 3);
    port.write(head);
    port.write(tail);
    let mut seen = vec![false; count as usize];
    for _ in 0..count {
        let answer = port.next();
        let id: usize = answer[7..answer.len() - 3].parse().unwrap();
        assert_eq!(answer, format!("{{reply,{id},7}}"));
        assert!(!std::mem::replace(&mut seen[id], true));
    }
}

#[test]
fn blocking_calls_wait_side_by_side() {
    let mut port = Port::start();
    // Side by side they take 100 ms together; one after the other they would take longer than anyone waits here.
    let calls: Vec<u8> = (0..64)
        .flat_map(|id| call(id, "wait", &[term(&100)]))
        .collect();
    let begun = std::time::Instant::now();
    port.write(&calls);
    for _ in 0..64 {
        assert!(port.next().ends_with(",100}"));
    }
    assert!(begun.elapsed() < std::time::Duration::from_millis(6400));
}

#[test]
fn a_deadline_is_what_is_left_of_the_timeout() {
    let mut port = Port::start();
    port.call(1, "left", &[]);
    assert_eq!(port.next(), "{reply,1,nil}");
    let mut options = vec![116, 0, 0, 0, 1];
    options.extend(term(&word("timeout")));
    options.extend(term(&60_000));
    port.write(&framed(&message(&[
        &term(&word("call")),
        &[97, 2],
        &term(&word("left")),
        &[106],
        &options,
    ])));
    let answer = port.next();
    let left: u64 = answer["{reply,2,".len()..answer.len() - 1].parse().unwrap();
    assert!((30_000..=60_000).contains(&left), "{left}");
}

#[test]
fn a_call_whose_time_is_over_before_it_begins_never_runs() {
    let mut port = Port::start();
    let mut options = vec![116, 0, 0, 0, 1];
    options.extend(term(&word("timeout")));
    options.extend([97, 0]);
    let exit = [
        &term(&word("call")),
        vec![97, 1].as_slice(),
        &term(&word("exit")),
        &[107, 0, 1, 9],
        &options,
    ]
    .map(<[u8]>::to_vec);
    let elements: Vec<&[u8]> = exit.iter().map(Vec::as_slice).collect();
    port.write(&framed(&message(&elements)));
    let answer = port.next();
    assert!(
        answer.starts_with("{error,1,") && answer.contains("timeout"),
        "{answer}"
    );
}

#[cfg(feature = "async")]
mod futures {
    use super::{LONG, Port, call, cancel, term};

    #[test]
    fn futures_run_side_by_side() {
        let mut port = Port::start();
        let calls: Vec<u8> = (0..1000)
            .flat_map(|id| call(id, "nap", &[term(&50)]))
            .collect();
        let begun = std::time::Instant::now();
        port.write(&calls);
        for _ in 0..1000 {
            assert!(port.next().ends_with(",50}"));
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(40));
    }

    #[test]
    fn a_cancelled_future_is_dropped() {
        let mut port = Port::start();
        port.call(1, "nap", &[term(&LONG)]);
        port.write(&cancel(1));
        let answer = port.next();
        assert!(
            answer.starts_with("{error,1,") && answer.contains("cancelled"),
            "{answer}"
        );
    }

    #[test]
    fn a_panic_in_a_future_is_answered() {
        let mut port = Port::start();
        port.call(1, "nap_and_panic", &[term(&5)]);
        let answer = port.next();
        assert!(
            answer.starts_with("{error,1,") && answer.contains("panic"),
            "{answer}"
        );
    }
}
