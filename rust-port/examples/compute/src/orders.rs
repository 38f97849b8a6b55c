//! Records as services pass them on: one deep one, and many flat ones. They are read into structs and written again,
//! so what a call of these costs is the way there and back.

/// An order of a shop, with all that belongs to it: about 2 KB as JSON.
#[cfg_attr(feature = "port", portreeve::term)]
#[cfg_attr(not(feature = "port"), derive(serde::Deserialize, serde::Serialize))]
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub id: u64,
    pub number: String,
    pub placed_at: String,
    pub status: String,
    pub currency: String,
    pub customer: Customer,
    pub lines: Vec<Line>,
    pub payment: Payment,
    pub totals: Totals,
    pub gift_message: Option<String>,
    pub notes: Vec<String>,
}

/// Who ordered.
#[cfg_attr(feature = "port", portreeve::term)]
#[cfg_attr(not(feature = "port"), derive(serde::Deserialize, serde::Serialize))]
#[derive(Clone, Debug, PartialEq)]
pub struct Customer {
    pub id: u64,
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub newsletter: bool,
    pub addresses: Vec<Address>,
}

/// Where to.
#[cfg_attr(feature = "port", portreeve::term)]
#[cfg_attr(not(feature = "port"), derive(serde::Deserialize, serde::Serialize))]
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    pub kind: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    pub country: String,
    pub latitude: f64,
    pub longitude: f64,
}

/// What was ordered.
#[cfg_attr(feature = "port", portreeve::term)]
#[cfg_attr(not(feature = "port"), derive(serde::Deserialize, serde::Serialize))]
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub sku: String,
    pub title: String,
    pub quantity: u32,
    pub unit_price: f64,
    pub tax_rate: f64,
    pub in_stock: bool,
    pub tags: Vec<String>,
}

/// How it is paid.
#[cfg_attr(feature = "port", portreeve::term)]
#[cfg_attr(not(feature = "port"), derive(serde::Deserialize, serde::Serialize))]
#[derive(Clone, Debug, PartialEq)]
pub struct Payment {
    pub method: String,
    pub reference: String,
    pub paid: bool,
    pub authorised_at: Option<String>,
}

/// What it comes to.
#[cfg_attr(feature = "port", portreeve::term)]
#[cfg_attr(not(feature = "port"), derive(serde::Deserialize, serde::Serialize))]
#[derive(Clone, Debug, PartialEq)]
pub struct Totals {
    pub net: f64,
    pub tax: f64,
    pub shipping: f64,
    pub gross: f64,
}

/// A row of a table.
#[cfg_attr(feature = "port", portreeve::term)]
#[cfg_attr(not(feature = "port"), derive(serde::Deserialize, serde::Serialize))]
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub id: u32,
    pub name: String,
    pub email: String,
    pub city: String,
    pub score: f64,
    pub visits: u32,
    pub active: bool,
    pub joined: String,
}

/// Gives back an order as it came.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn order(order: Order) -> Order {
    order
}

/// Gives back rows as they came.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn rows(rows: Vec<Row>) -> Vec<Row> {
    rows
}
