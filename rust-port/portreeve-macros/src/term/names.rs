//! Names of fields and variants as terms have them: serde's case rules, and ours for variants.

use heck::ToSnakeCase;
use syn::{Attribute, Fields, Ident, Result, Variant};

use super::attributes::Serde;

/// The name of a field.
pub(super) fn field(ident: &Ident, serde: &Serde, rule: Option<&str>) -> String {
    let name = ident.to_string();
    let name = name.strip_prefix("r#").unwrap_or(&name);
    match serde.value("rename") {
        Some(renamed) => renamed.value(),
        None => rule.map_or_else(|| name.to_owned(), |rule| of_field(name, rule)),
    }
}

/// The name of a variant: as serde has it when a rule was asked for, else as Rustler has it.
pub(super) fn variant(variant: &Variant, rule: Option<&str>) -> Result<String> {
    let serde = Serde::of(&variant.attrs)?;
    let name = variant.ident.to_string();
    Ok(match (serde.value("rename"), rule) {
        (Some(renamed), _) => renamed.value(),
        (None, Some(rule)) => of_variant(&name, rule),
        (None, None) => name.to_snake_case(),
    })
}

/// Whether fields are flattened into those of the item.
pub(super) fn flattens(fields: &Fields) -> Result<bool> {
    let flattened = |attributes: &[Attribute]| Ok(Serde::of(attributes)?.has("flatten"));
    let found: Result<Vec<bool>> = fields.iter().map(|field| flattened(&field.attrs)).collect();
    Ok(found?.contains(&true))
}

/// Serde's rules for a name in snake_case.
fn of_field(name: &str, rule: &str) -> String {
    let words = name.split('_').map(capitalized);
    match rule {
        "UPPERCASE" | "SCREAMING_SNAKE_CASE" => name.to_uppercase(),
        "PascalCase" => words.collect(),
        "camelCase" => uncapitalized(&words.collect::<String>()),
        "kebab-case" => name.replace('_', "-"),
        "SCREAMING-KEBAB-CASE" => name.to_uppercase().replace('_', "-"),
        // "lowercase" and "snake_case" leave a field as it is.
        _ => name.to_owned(),
    }
}

/// Serde's rules for a name in PascalCase.
fn of_variant(name: &str, rule: &str) -> String {
    let mut snake = String::new();
    for (place, letter) in name.char_indices() {
        if place > 0 && letter.is_uppercase() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    match rule {
        "lowercase" => name.to_lowercase(),
        "UPPERCASE" => name.to_uppercase(),
        "camelCase" => uncapitalized(name),
        "snake_case" => snake,
        "SCREAMING_SNAKE_CASE" => snake.to_uppercase(),
        "kebab-case" => snake.replace('_', "-"),
        "SCREAMING-KEBAB-CASE" => snake.to_uppercase().replace('_', "-"),
        _ => name.to_owned(),
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn uncapitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
