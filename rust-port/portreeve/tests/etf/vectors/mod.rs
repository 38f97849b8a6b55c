//! Reads the vector files, and brings terms into the neutral form that they are written in.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use portreeve::eetf::{self, Term};
use serde::Deserialize;
use serde_json::{Value, json};

mod any;

pub(crate) use any::{Any, beyond_serde};

/// One line of a file.
pub(crate) struct Vector {
    pub name: String,
    line: Value,
}

impl Vector {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        if let Some(hex) = self.line["hex"].as_str() {
            return unhex(hex);
        }
        let runs = self.line["rle"].as_array().expect("hex or rle");
        let repeat = |run: &Value| {
            let count = run[1]
                .as_u64()
                .and_then(|count| usize::try_from(count).ok());
            unhex(run[0].as_str().expect("hex")).repeat(count.expect("a count"))
        };
        runs.iter().flat_map(repeat).collect()
    }

    pub(crate) fn term(&self) -> Option<&Value> {
        self.line.get("term")
    }

    pub(crate) fn is_canonical(&self) -> bool {
        self.line["canonical"] == true
    }

    /// Whether there is a map of more than one pair.
    pub(crate) fn has_ordered_map(&self) -> bool {
        let tags = self.line["tags"].as_array().expect("tags");
        tags.iter().any(|tag| tag == "MAP_EXT")
    }

    pub(crate) fn has_tag(&self, wanted: &str) -> bool {
        self.line["tags"]
            .as_array()
            .is_some_and(|tags| tags.iter().any(|tag| tag == wanted))
    }

    pub(crate) fn expect(&self) -> &str {
        self.line["expect"].as_str().expect("expect")
    }

    pub(crate) fn is_resource(&self) -> bool {
        self.line["resource"] == true
    }
}

pub(crate) fn read_lines(file: &str) -> impl Iterator<Item = Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../test/vectors")
        .join(file);
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    BufReader::new(file).lines().map(|line| {
        let line = parse(&line.expect("a line"));
        Vector {
            name: line["name"].as_str().expect("name").to_owned(),
            line,
        }
    })
}

/// Runs what needs more than the 2 MB of a test's thread for 500 levels: eetf on its own, and
/// the neutral form.
pub(crate) fn on_large_stack(run: fn()) {
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(run);
    thread.expect("a thread").join().expect("no panic");
}

/// Some trees are deeper than what serde_json reads unasked.
fn parse(line: &str) -> Value {
    let mut deserializer = serde_json::Deserializer::from_str(line);
    deserializer.disable_recursion_limit();
    Value::deserialize(&mut deserializer).expect("JSON")
}

fn unhex(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.map(|pair| byte(pair).expect("hex")).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A term in the form that the vectors give.
pub(crate) fn neutral(term: &Term) -> Value {
    let all = |terms: &[Term]| terms.iter().map(neutral).collect::<Vec<_>>();
    match term {
        Term::Atom(atom) => json!({ "a": atom.name }),
        Term::FixInteger(integer) => json!({ "i": integer.value.to_string() }),
        Term::BigInteger(integer) => json!({ "i": integer.value.to_string() }),
        Term::Float(float) => json!({ "f": format!("{:016x}", float.value.to_bits()) }),
        Term::Binary(binary) => json!({ "b": hex(&binary.bytes) }),
        Term::BitBinary(bits) => bit_string(bits),
        Term::ByteList(list) => json!({ "str": hex(&list.bytes) }),
        Term::List(list) => match bytes_of(&list.elements) {
            Some(bytes) => json!({ "str": hex(&bytes) }),
            None => json!({ "l": all(&list.elements) }),
        },
        Term::ImproperList(list) => {
            json!({ "l": all(&list.elements), "tail": neutral(&list.last) })
        }
        Term::Tuple(tuple) => json!({ "t": all(&tuple.elements) }),
        Term::Map(map) => {
            let pairs: Vec<Value> = map
                .map
                .iter()
                .map(|(key, value)| json!([neutral(key), neutral(value)]))
                .collect();
            json!({ "m": pairs })
        }
        Term::Pid(pid) => json!({ "pid": pid_of(pid) }),
        Term::Port(port) => json!({ "port": {
            "node": port.node.name, "id": port.id.to_string(), "creation": port.creation } }),
        Term::Reference(reference) => json!({ "ref": {
            "node": reference.node.name, "creation": reference.creation, "ids": reference.id } }),
        Term::ExternalFun(fun) => {
            json!({ "export": [fun.module.name, fun.function.name, fun.arity] })
        }
        Term::InternalFun(fun) => json!({ "fun": fun_of(fun) }),
    }
}

/// The bytes of a proper list of bytes that is not empty.
fn bytes_of(elements: &[Term]) -> Option<Vec<u8>> {
    let byte = |term: &Term| match term {
        Term::FixInteger(integer) => u8::try_from(integer.value).ok(),
        _ => None,
    };
    if elements.is_empty() {
        None
    } else {
        elements.iter().map(byte).collect()
    }
}

fn bit_string(bits: &eetf::BitBinary) -> Value {
    let used = bits.tail_bits_size;
    // Erlang has no bytes apart from binaries.
    if matches!(used, 0 | 8) {
        return json!({ "b": hex(&bits.bytes) });
    }
    let mut bytes = bits.bytes.clone();
    if let Some(last) = bytes.last_mut() {
        *last <<= 8 - used;
    }
    let count = 8 * (bytes.len() - 1) + usize::from(used);
    json!({ "bits": count, "hex": hex(&bytes) })
}

fn pid_of(pid: &eetf::Pid) -> Value {
    let eetf::Pid {
        node,
        id,
        serial,
        creation,
    } = pid;
    json!({ "node": node.name, "id": id, "serial": serial, "creation": creation })
}

fn fun_of(fun: &eetf::InternalFun) -> Value {
    let eetf::InternalFun::New {
        module,
        arity,
        pid,
        free_vars,
        index,
        uniq,
        old_index,
        old_uniq,
    } = fun
    else {
        panic!("a fun of the old form");
    };
    json!({
        "module": module.name, "arity": arity, "index": index, "uniq": hex(uniq),
        "oldIndex": old_index, "oldUniq": old_uniq, "pid": { "pid": pid_of(pid) },
        "free": free_vars.iter().map(neutral).collect::<Vec<_>>(),
    })
}

/// Puts the pairs of all maps in one order.
pub(crate) fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                let mut value = sorted(value);
                if let (true, Some(pairs)) = (name == "m", value.as_array_mut()) {
                    pairs.sort_by_key(Value::to_string);
                }
                (name.clone(), value)
            });
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

/// A term without the differences of form that eetf makes and Erlang does not.
pub(crate) fn normal(term: &Term) -> Value {
    sorted(&neutral(term))
}

/// What eetf 0.12 is known to read wrongly or not at all: old floats (as `f32`), Latin-1 atoms,
/// lists that go on in their tail, bit strings of whole bytes, sign bytes other than 0 and 1.
pub(crate) fn eetf_errs(vector: &Vector) -> bool {
    let tags = ["FLOAT_EXT", "ATOM_EXT", "SMALL_ATOM_EXT"];
    let names = [
        "raw/list/",
        "raw/bits/8-used",
        "raw/int/SMALL_BIG-sign-byte-2",
    ];
    tags.iter().any(|tag| vector.has_tag(tag))
        || names.iter().any(|name| vector.name.starts_with(name))
}
