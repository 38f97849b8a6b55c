//! Records of the crate `log` made into ours, and its levels.

use log::{LevelFilter, Log, Metadata};

use super::{Level, Record};

struct Logger;

/// Becomes the logger, if there is none.
pub(super) fn install() {
    if log::set_logger(&Logger).is_ok() {
        set_level();
    }
}

/// Tells the macros what need not even be formatted.
pub(super) fn set_level() {
    log::set_max_level(match super::wanted() {
        None => LevelFilter::Off,
        Some(Level::Error) => LevelFilter::Error,
        Some(Level::Warn) => LevelFilter::Warn,
        Some(Level::Info) => LevelFilter::Info,
        Some(Level::Debug) => LevelFilter::Debug,
        Some(Level::Trace) => LevelFilter::Trace,
    });
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        super::is_wanted(level(metadata.level()))
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            super::send(&Record {
                level: level(record.level()),
                target: record.target(),
                message: record.args().to_string(),
                fields: Vec::new(),
            });
        }
    }

    fn flush(&self) {
        super::flush();
    }
}

fn level(level: log::Level) -> Level {
    match level {
        log::Level::Error => Level::Error,
        log::Level::Warn => Level::Warn,
        log::Level::Info => Level::Info,
        log::Level::Debug => Level::Debug,
        log::Level::Trace => Level::Trace,
    }
}
