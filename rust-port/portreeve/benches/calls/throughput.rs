//! Nanoseconds a call with 256 in flight: typed against the tree of eetf, with and without a black box, and the raw echo
//! of the same frames, which is what pipes and processes cost by themselves.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::client::{Client, build, call, term};
use crate::start::median;

const IN_FLIGHT: usize = 256;
const ROUNDS: usize = 7;

struct Case {
    name: &'static str,
    function: &'static str,
    arguments: Vec<Vec<u8>>,
    calls: usize,
}

pub(crate) fn report() {
    let basics = build("portreeve", &["--example", "basics"]);
    let echo = build("echo", &[]);
    let claims = term(&BTreeMap::from([("exp", 1_700_000_000_u64)]));
    let mut claims = claims;
    claims[4] = 2;
    claims.extend(term("sub"));
    claims.extend(term("somebody"));
    let megabyte = term(&portreeve::Bytes::from(vec![7; 1 << 20]));
    let cases = [
        Case {
            name: "sum of 3",
            function: "sum",
            arguments: vec![term(&vec![1, 2, 300])],
            calls: 200_000,
        },
        Case {
            name: "sum of 3, eetf",
            function: "sum_term",
            arguments: vec![term(&vec![1, 2, 300])],
            calls: 200_000,
        },
        Case {
            name: "struct in and out",
            function: "renew",
            arguments: vec![claims.clone(), vec![97, 9]],
            calls: 200_000,
        },
        Case {
            name: "struct in and out, eetf",
            function: "renew_term",
            arguments: vec![claims, vec![97, 9]],
            calls: 200_000,
        },
        Case {
            name: "1 MB in and out",
            function: "echo_bytes",
            arguments: vec![megabyte.clone()],
            calls: 300,
        },
        Case {
            name: "1 MB in and out, eetf",
            function: "echo_term",
            arguments: vec![megabyte],
            calls: 300,
        },
    ];
    println!(
        "{:<26}{:>12}{:>12}{:>12}   ns a call, {IN_FLIGHT} in flight",
        "", "echo", "no box", "black box"
    );
    for case in &cases {
        line(case, &basics, &echo);
    }
    let (calls, threads) = (spinning(&basics), plain_threads());
    println!(
        "\n200 µs calls on all cores: {calls:.0}/s; as many plain threads do it {threads:.0} times; ratio {:.2}",
        calls / threads
    );
    println!();
}

fn line(case: &Case, basics: &PathBuf, echo: &PathBuf) {
    let (mut raw, mut plain, mut boxed) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        raw.push(run(&mut Client::start(echo, None), case));
        plain.push(run(&mut Client::port(basics, None), case));
        let file = black_box();
        boxed.push(run(&mut Client::port(basics, Some(&file)), case));
    }
    let [raw, plain, boxed] = [raw, plain, boxed].map(|mut times| median(&mut times));
    println!("{:<26}{raw:>12.0}{plain:>12.0}{boxed:>12.0}", case.name);
}

/// Nanoseconds a call.
fn run(client: &mut Client, case: &Case) -> f64 {
    let in_flight = IN_FLIGHT
        .min(case.calls / 4)
        .min((1 << 22) / case.arguments[0].len().max(1))
        .max(1);
    let frame = |id: usize| {
        call(
            (((1 + id / 1024 % 30_000) << 16) | (id % 1024)) as i32,
            case.function,
            &case.arguments,
        )
    };
    let begun = Instant::now();
    let mut written = 0;
    let mut answered = 0;
    let mut batch = Vec::new();
    while answered < case.calls {
        batch.clear();
        while written < case.calls && written - answered < in_flight {
            batch.extend_from_slice(&frame(written));
            written += 1;
        }
        if batch.len() > 32 * 1024 {
            // More than a pipe holds: both directions must move at once.
            answered += both(client, &batch, written - answered);
        } else {
            client.write(&batch);
            answered += client.read_frames(1);
        }
    }
    begun.elapsed().as_secs_f64() * 1e9 / case.calls as f64
}

/// Writes from another thread while this one reads.
fn both(client: &mut Client, batch: &[u8], wanted: usize) -> usize {
    let mut input = client.writer();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            std::io::Write::write_all(&mut input, batch).expect("the program reads")
        });
        client.read_frames(wanted)
    })
}

/// Calls a second of a function that computes for 200 µs.
fn spinning(basics: &PathBuf) -> f64 {
    let mut client = Client::port(basics, None);
    let calls = 10_000;
    let begun = Instant::now();
    let (mut written, mut answered) = (0, 0);
    while answered < calls {
        let mut batch = Vec::new();
        while written < calls && written - answered < IN_FLIGHT {
            batch.extend(call(written as i32, "spin_micros", &[term(&200)]));
            written += 1;
        }
        client.write(&batch);
        answered += client.read_frames(1);
    }
    calls as f64 / begun.elapsed().as_secs_f64()
}

/// What one thread a core does without calls, in the same second or so.
fn plain_threads() -> f64 {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let begun = Instant::now();
    let spin = || {
        let mut done = 0;
        while begun.elapsed() < Duration::from_secs(1) {
            let start = Instant::now();
            while start.elapsed() < Duration::from_micros(200) {
                std::hint::spin_loop();
            }
            done += 1;
        }
        done
    };
    let total: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(spin)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a count"))
            .sum()
    });
    total as f64 / begun.elapsed().as_secs_f64()
}

/// A box as the host makes it: 1024 slots, 8 threads.
fn black_box() -> File {
    let (slots, threads, room) = (1024_usize, 8_usize, 65_536_usize);
    let folder = if std::path::Path::new("/dev/shm").is_dir() {
        "/dev/shm".into()
    } else {
        std::env::temp_dir()
    };
    let path = folder.join(format!("portreeve-bench-{}", std::process::id()));
    let mut content = vec![0; 64 + 4 * slots + 64 * threads + 1024 + room * threads];
    content[..8].copy_from_slice(b"PRBX0001");
    for (at, value) in [(8, slots), (12, threads), (16, room)] {
        content[at..at + 4].copy_from_slice(&(value as u32).to_le_bytes());
    }
    std::fs::write(&path, content).expect("a box");
    let file = File::options()
        .read(true)
        .write(true)
        .open(&path)
        .expect("a box");
    std::fs::remove_file(&path).expect("unlinked");
    file
}
