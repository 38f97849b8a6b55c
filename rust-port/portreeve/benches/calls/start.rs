//! From spawn to hello, against a program that does nothing; and what a program of one function weighs.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::client::{Client, build};

const ROUNDS: usize = 200;

pub(crate) fn report() {
    let one = build("portreeve", &["--example", "one"]);
    let empty = build("portreeve", &["--example", "empty"]);
    println!("one function, stripped: {} bytes", stripped(&one));
    let (mut hello, mut nothing) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        hello.push(to_hello(&one));
        nothing.push(to_end(&empty));
    }
    let (hello, nothing) = (median(&mut hello), median(&mut nothing));
    println!(
        "spawn to hello: {hello:.0} µs; an empty program, spawn to exit: {nothing:.0} µs; ratio {:.2}\n",
        hello / nothing
    );
}

fn to_hello(path: &PathBuf) -> f64 {
    let begun = Instant::now();
    let client = Client::port(path, None);
    let micros = begun.elapsed().as_secs_f64() * 1e6;
    drop(client);
    micros
}

/// To the end of its stdout, which is what a reader sees first.
fn to_end(path: &PathBuf) -> f64 {
    let begun = Instant::now();
    let mut child = Command::new(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdout = child.stdout.take().expect("a pipe");
    std::io::Read::read_to_end(&mut stdout, &mut Vec::new()).expect("its end");
    let micros = begun.elapsed().as_secs_f64() * 1e6;
    child.wait().expect("an end");
    micros
}

fn stripped(path: &PathBuf) -> u64 {
    let copy = std::env::temp_dir().join(format!("portreeve-weight-{}", std::process::id()));
    let status = Command::new("strip")
        .arg("-o")
        .arg(&copy)
        .arg(path)
        .status();
    let weighed = if status.is_ok_and(|status| status.success()) {
        &copy
    } else {
        path
    };
    let size = std::fs::metadata(weighed).map_or(0, |metadata| metadata.len());
    // It may never have been made.
    let _ = std::fs::remove_file(&copy);
    size
}

pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
