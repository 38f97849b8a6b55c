//! What lasts holds up nobody else: somebody always reads, whatever runs, waits or cannot be started. The program is
//! `examples/lasting.rs`.

use portreeve::Atom;
use serde::Serialize;

use crate::driver::{End, Port, call, framed, message, term, word};

const LONG: i32 = 600_000;
/// `{event, <<"stage">>, <<"goes on">>}`
const GOES_ON: &str = "{event,<<115,116,97,103,101>>,<<103,111,101,115,32,111,110>>}";

#[derive(Serialize)]
struct Hello {
    protocol: u8,
    accepts: Vec<Atom>,
    functions: Vec<Atom>,
    threads: usize,
}

fn start(threads: usize) -> Port {
    let mut port = Port::of("lasting");
    port.greet(&Hello {
        protocol: 1,
        accepts: vec![word("call"), word("event")],
        functions: vec![word("answer")],
        threads,
    });
    port
}

fn reply(id: u64) -> Vec<u8> {
    framed(&message(&[&term(&word("reply")), &term(&id), &term("so")]))
}

fn is_read(port: &mut Port, id: u32) {
    port.send(&(word("ping"), id));
    assert_eq!(port.next(), format!("{{pong,{id}}}"));
}

#[test]
fn somebody_reads_after_a_call_came_back_from_the_host() {
    for threads in [1, 2] {
        let mut port = start(threads);
        port.call(1, "ask_and_spin", &[term(&LONG)]);
        assert!(port.next().starts_with("{call,0,"));
        for id in 0..threads {
            port.call(10 + id as i64, "spin", &[term(&LONG)]);
        }
        is_read(&mut port, 1);
        // In one read: the first call goes on, and the reader has one more to run, of which nobody knows that it is long.
        port.write(&[reply(0), call(3, "tell_and_spin", &[term(&LONG)])].concat());
        // The read is over: a ping that was written before could be in it. Whether the second call begins as well depends
        // on which of the two threads was quicker.
        while port.next() != GOES_ON {}
        port.send(&(word("ping"), 2));
        while port.next() != "{pong,2}" {}
    }
}

#[test]
fn stop_ends_although_a_function_has_kept_its_host() {
    let mut port = Port::of("lasting");
    port.call(1, "keep", &[]);
    assert_eq!(port.next(), "{reply,1,nil}");
    port.send(&word("stop"));
    assert_eq!(port.rest(), Vec::<String>::new());
    assert_eq!(port.end().0, End::Exit(0));
}

#[test]
fn a_panic_is_not_told_with_the_message_and_place_of_an_earlier_one() {
    let mut port = Port::of("lasting");
    port.call(1, "resume", &[]);
    let frame = port.next_frame();
    let text = String::from_utf8_lossy(&frame);
    assert!(
        text.contains("resume: panicked: the one that counts"),
        "{text}"
    );
    assert!(!text.contains("location"), "{text}");
}

#[cfg(target_os = "linux")]
mod without_threads {
    use super::{LONG, Port, is_read, reply, start, term};

    /// State and name of each thread of a process (proc_pid_stat(5)): `S (portreeve-0`.
    fn threads(process: u32) -> Vec<String> {
        let tasks = std::fs::read_dir(format!("/proc/{process}/task")).expect("a process");
        let stat = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("stat")).ok();
        let stats = tasks.filter_map(|task| stat(task.ok()?));
        let state = |stat: String| {
            let (name, rest) = stat.split_once(' ')?.1.rsplit_once(") ")?;
            Some(format!("{} {name}", rest.chars().next()?))
        };
        stats.filter_map(state).collect()
    }

    /// The thread that reads, and the one to spare, are there and rest: what a starting thread needs is not what is tried.
    fn has_settled(port: &Port) {
        let rests = |threads: &[String], name: &str| threads.iter().any(|thread| thread == name);
        let began = std::time::Instant::now();
        loop {
            assert!(began.elapsed().as_secs() < 20, "its threads do not rest");
            let threads = threads(port.child.id());
            if ["S (portreeve-0", "S (portreeve-1"]
                .iter()
                .all(|name| rests(&threads, name))
            {
                return;
            }
            std::thread::yield_now();
        }
    }

    /// Leaves the program room for a few more bytes, and so for no thread.
    fn allow_no_thread(port: &Port) {
        has_settled(port);
        let path = format!("/proc/{}/status", port.child.id());
        let status = std::fs::read_to_string(path).expect("a process");
        let size = status.lines().find_map(|line| line.strip_prefix("VmSize:"));
        let size = size.and_then(|size| size.trim().strip_suffix(" kB"));
        let size: u64 = size.expect("its size").trim().parse().expect("a number");
        let limit = libc::rlimit {
            rlim_cur: (size + 1024) * 1024,
            rlim_max: (size + 1024) * 1024,
        };
        let process = port.child.id() as libc::pid_t;
        let none = std::ptr::null_mut();
        // SAFETY: the pointer is to a whole rlimit that lives over the call.
        let set = unsafe { libc::prlimit(process, libc::RLIMIT_AS, &raw const limit, none) };
        assert_eq!(set, 0, "{}", std::io::Error::last_os_error());
    }

    #[test]
    fn an_answer_of_the_host_is_read_when_no_thread_is_to_be_had() {
        let mut port = start(1);
        is_read(&mut port, 1);
        allow_no_thread(&port);
        port.call(1, "ask", &[]);
        assert!(port.next().starts_with("{call,0,"));
        port.write(&reply(0));
        assert_eq!(port.next(), "{reply,1,<<115,111>>}");
    }

    #[test]
    fn somebody_reads_when_no_thread_is_to_be_had() {
        let mut port = start(4);
        is_read(&mut port, 1);
        allow_no_thread(&port);
        port.call(1, "spin", &[term(&LONG)]);
        is_read(&mut port, 2);
        port.call(2, "spin_as_well", &[term(&LONG)]);
        is_read(&mut port, 3);
        port.call(3, "ask", &[]);
        is_read(&mut port, 4);
    }

    #[test]
    fn a_blocking_call_that_gets_no_thread_is_refused() {
        let mut port = start(1);
        is_read(&mut port, 1);
        allow_no_thread(&port);
        port.call(1, "hold", &[term(""), term(&1)]);
        let answer = port.next();
        assert!(
            answer.starts_with("{error,1,") && answer.contains("overloaded"),
            "{answer}"
        );
        is_read(&mut port, 2);
    }
}
