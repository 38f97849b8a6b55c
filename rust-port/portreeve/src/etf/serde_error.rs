//! What serde's derives and visitors report, as [`Error`]: same kinds, same phrasing.

use std::fmt::{Display, Write};

use serde::{de, ser};

use super::buffered;
use super::error::{Error, ErrorKind};

impl ser::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::value(ErrorKind::Custom, message)
    }
}

impl de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        let message = message.to_string();
        buffered::recognized(&message).unwrap_or_else(|| Self::value(ErrorKind::Custom, message))
    }

    fn invalid_type(got: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::mismatch(ErrorKind::Type, expected).with_got(got)
    }

    fn invalid_value(got: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::mismatch(ErrorKind::Range, expected).with_got(got)
    }

    fn invalid_length(length: usize, expected: &dyn de::Expected) -> Self {
        Self::mismatch(ErrorKind::Length, expected).with_got(format_args!("{length} elements"))
    }

    fn unknown_variant(variant: &str, known: &'static [&'static str]) -> Self {
        Self::value(
            ErrorKind::UnknownVariant,
            format_args!("unknown variant `{variant}`, {}", one_of(known)),
        )
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Self::value(
            ErrorKind::UnknownKey,
            format_args!("unknown key `{field}`, {}", one_of(known)),
        )
    }

    fn missing_field(field: &'static str) -> Self {
        Self::value(ErrorKind::MissingKey, format_args!("missing key `{field}`"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::value(
            ErrorKind::DuplicateKey,
            format_args!("duplicate key `{field}`"),
        )
    }
}

fn one_of(names: &[&str]) -> String {
    let mut text = match names {
        [] => return "expected none".to_owned(),
        [_] => "expected ".to_owned(),
        _ => "expected one of ".to_owned(),
    };
    for (place, name) in names.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(text, "{comma}`{name}`");
    }
    text
}
