//! How long a short call takes, one after the other: idle, against the raw echo, and while every core is in calls of
//! 300 ms.

use std::time::{Duration, Instant};

use crate::client::{Client, build, call, term};

pub(crate) fn report() {
    let basics = build("portreeve", &["--example", "basics"]);
    let echo = build("echo", &[]);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let short = call(1, "sum", &[term(&vec![1, 2, 3])]);
    let mut raw = Vec::new();
    let mut idle = Vec::new();
    for _ in 0..5 {
        let mut client = Client::start(&echo, None);
        raw.extend((0..4000).map(|_| once(&mut client, &short)));
        let mut client = Client::port(&basics, None);
        idle.extend((0..4000).map(|_| once(&mut client, &short)));
    }
    println!("one after the other             p50        p99        max   µs");
    print("raw echo", raw);
    print("idle", idle);
    print("every core in 300 ms calls", busy(&basics, cores, false));
    print("the same, in one read", busy(&basics, cores, true));
}

fn once(client: &mut Client, frame: &[u8]) -> f64 {
    let begun = Instant::now();
    client.write(frame);
    client.read_frames(1);
    begun.elapsed().as_secs_f64() * 1e6
}

/// Short calls for some seconds, while as many long ones as there are cores are always running. The answers of the long
/// ones are told from the short ones' by their Id.
fn busy(basics: &std::path::PathBuf, cores: usize, together: bool) -> Vec<f64> {
    let mut client = Client::port(basics, None);
    let long = |id: usize| call(1000 + id as i32, "spin", &[term(&300)]);
    let short = call(1, "sum", &[term(&vec![1, 2, 3])]);
    let mut times = Vec::new();
    let mut running = 0;
    let end = Instant::now() + Duration::from_secs(4);
    while Instant::now() < end {
        let mut batch = Vec::new();
        while running < cores {
            batch.extend(long(running));
            running += 1;
        }
        if !together {
            client.write(&batch);
            batch.clear();
        }
        batch.extend_from_slice(&short);
        let begun = Instant::now();
        client.write(&batch);
        loop {
            let (shorts, longs) = client.read_ids(1);
            running -= longs;
            if shorts > 0 {
                break;
            }
        }
        times.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    times
}

fn print(name: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{name:<28}{:>8.1}{:>11.1}{:>11.1}   of {}",
        at(0.5),
        at(0.99),
        at(1.0),
        times.len()
    );
}
