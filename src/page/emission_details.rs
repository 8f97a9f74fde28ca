//! What stands behind every emission of the inventory, each formula, parameter, note and citation once: the page puts
//! values into formulas as `explain` does.

use super::table::Strings;
use crate::analysis::{Analysis, Uncertainty};
use crate::error::Text;
use crate::expression::{self, Expression, Use};
use crate::inventory::{Emission, Inventory};
use crate::matching::{Binding, ResolvedMethod, ValueSource};
use crate::provenance::{self, Rungs};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// Stands around the place of a name in a formula's text.
const MARK: char = '\u{1}';

/// Everything that is written once, and where it stands.
struct Book<'a> {
    inventory: &'a Inventory<'a>,
    strings: Strings,
    rows: BTreeMap<u32, usize>,
    row_order: Vec<u32>,
    parameters: HashMap<usize, usize>,
    parameter_order: Vec<usize>,
    methods: HashMap<usize, usize>,
    method_order: Vec<usize>,
    /// Formulas with their inputs, ranges, and lists of what was passed over, by their text.
    formulas: Strings,
    ranges: Strings,
    others: Strings,
    /// Technology, source, quality, reference and note of rows.
    notes: Strings,
    bindings: HashMap<u32, usize>,
    binding_values: Vec<Value>,
}

/// Places are given in the order in which things are first met, so that the bytes depend on the inventory alone.
fn place<K: std::hash::Hash + Eq + Copy>(places: &mut HashMap<K, usize>, order: &mut Vec<K>, key: K) -> usize {
    *places.entry(key).or_insert_with(|| {
        order.push(key);
        order.len() - 1
    })
}

pub(super) fn details(inventory: &Inventory<'_>, analysis: &Analysis<'_>) -> Value {
    let mut book = Book {
        inventory,
        strings: Strings::default(),
        rows: BTreeMap::new(),
        row_order: Vec::new(),
        parameters: HashMap::new(),
        parameter_order: Vec::new(),
        methods: HashMap::new(),
        method_order: Vec::new(),
        formulas: Strings::default(),
        ranges: Strings::default(),
        others: Strings::default(),
        notes: Strings::default(),
        bindings: HashMap::new(),
        binding_values: Vec::new(),
    };
    let emissions = book.emissions(&analysis.uncertainty);
    let gaps = book.gaps();
    let rows = book.activity(&analysis.uncertainty);
    let parameters = book.parameters();
    let methods = book.methods();
    let parsed = |strings: Strings| match strings.value() {
        Value::Array(texts) => {
            let read = |text: &Value| serde_json::from_str(text.as_str().unwrap_or("null")).unwrap_or(Value::Null);
            Value::Array(texts.iter().map(read).collect())
        }
        other => other,
    };
    json!({
        "emissions": emissions, "gaps": gaps, "rows": rows, "parameters": parameters, "methods": methods,
        "bindings": book.binding_values, "formulas": parsed(book.formulas), "ranges": parsed(book.ranges),
        "others": parsed(book.others), "notes": parsed(book.notes), "strings": book.strings.value(),
    })
}

impl<'a> Book<'a> {
    fn row(&mut self, row: u32) -> usize {
        let order = &mut self.row_order;
        *self.rows.entry(row).or_insert_with(|| {
            order.push(row);
            order.len() - 1
        })
    }

    fn emissions(&mut self, uncertainty: &Uncertainty<'_>) -> Value {
        let inventory = self.inventory;
        let mut columns: [Vec<Value>; 11] = Default::default();
        let mut stocks: Vec<Value> = Vec::new();
        let mut before = 0;
        for emission in &inventory.emissions {
            let parts = inventory.parts(emission);
            let numbered: Vec<Value> =
                parts.iter().map(|&(row, bound)| json!([self.row(row), self.binding(bound, emission.year)])).collect();
            let own = self.binding(emission.binding, emission.year);
            let stock = emission.stock.map(|_| {
                stocks.push(Value::Array(numbered));
                stocks.len() - 1
            });
            let confidence = inventory.confidence(emission).map_or("", |confidence| confidence.word());
            let (low, high, most, share) = self.range(uncertainty, emission);
            let row = self.row(emission.row) as i64;
            let cells = [
                json!(emission.year),
                json!(row - before),
                json!(own),
                json!(emission.emitted_t),
                json!(emission.generated_t),
                low,
                high,
                most,
                share,
                json!(stock),
                json!([self.strings.place(inventory.quality(emission)), self.strings.place(confidence)]),
            ];
            before = row;
            columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
        }
        let [year, row, binding, value, generated, low, high, most, share, stock, rests] = columns;
        json!({
            "year": year, "row": row, "binding": binding, "value": value, "generated": generated, "low": low, "high": high,
            "most": most, "share": share, "stock": stock, "rests": rests, "stocks": stocks,
        })
    }

    /// Bounds as shares of the value, which many emissions have in common; the names that have no range where there are none.
    fn range(&mut self, uncertainty: &Uncertainty<'_>, emission: &Emission) -> (Value, Value, Value, Value) {
        let short = |value: f64| json!((value * 1e7).round() / 1e7);
        match provenance::range(uncertainty, emission) {
            Some(range) if emission.emitted_t != 0.0 => {
                let (low, high) = (range.low / emission.emitted_t, range.high / emission.emitted_t);
                let most = range.most.map(|(name, share)| (self.strings.place(name), share));
                (short(low), short(high), json!(most.map(|most| most.0)), json!(most.map(|most| short(most.1))))
            }
            Some(_) => (Value::Null, Value::Null, Value::Null, Value::Null),
            None => {
                let names = uncertainty.lacking(emission).join(", ");
                (Value::Null, Value::Null, json!(self.strings.place(&names)), Value::Null)
            }
        }
    }

    fn binding(&mut self, index: u32, year: i32) -> usize {
        if let Some(&known) = self.bindings.get(&index) {
            return known;
        }
        let inventory = self.inventory;
        let bound = &inventory.matches.bindings[index as usize];
        let words = &inventory.study.words;
        let rungs = Rungs::new(inventory, bound);
        let emitted = self.formula(&bound.emitted, (bound, &rungs), year);
        let generated = bound.generated.as_ref().filter(|_| !provenance::uses_generated(&bound.emitted));
        let generated = generated.map(|generated| self.formula(generated, (bound, &rungs), year));
        let passed: Vec<Value> = bound
            .rejected
            .iter()
            .map(|passed| {
                let method = &inventory.study.methods[passed.method];
                let Text { zh, en } = provenance::not_used(passed);
                json!([self.strings.place(&method.code), method.rank, self.strings.place(&zh), self.strings.place(&en)])
            })
            .collect();
        self.binding_values.push(json!({
            "p": words.pollutants.code(bound.pollutant), "c": words.categories.code(bound.category),
            "e": emitted, "g": generated, "x": passed,
        }));
        self.bindings.insert(index, self.binding_values.len() - 1);
        self.binding_values.len() - 1
    }

    /// A method with the place of each of its inputs, in the order of its names.
    fn formula(&mut self, resolved: &ResolvedMethod, of: (&Binding, &Rungs<'_>), year: i32) -> usize {
        let method = place(&mut self.methods, &mut self.method_order, resolved.method);
        let uses = &self.inventory.study.methods[resolved.method].uses;
        let inputs: Vec<Value> = uses
            .iter()
            .map(|used| match resolved.input(used) {
                Some(ValueSource::Amount) => json!(["a"]),
                Some(ValueSource::Age) => json!(["g"]),
                Some(ValueSource::Method(inner)) => json!(["m", self.formula(inner, of, year)]),
                Some(ValueSource::Parameter(index)) => self.parameter((used, *index), of, year),
                None => json!(["n"]),
            })
            .collect();
        let text = json!([method, inputs]).to_string();
        self.formulas.place(&text)
    }

    fn parameter(&mut self, (used, index): (&Use, usize), of: (&Binding, &Rungs<'_>), year: i32) -> Value {
        let (bound, rungs) = of;
        let own = place(&mut self.parameters, &mut self.parameter_order, index);
        let range = provenance::parameter_range(self.inventory, bound, index).map(|(low, high, from)| {
            let from = from.map(|place| self.strings.place(&place.to_string()));
            self.ranges.place(&json!([low, high, from]).to_string())
        });
        let others: Vec<Value> = rungs
            .rejected(used, index, year)
            .into_iter()
            .map(|(other, Text { zh, en })| {
                let other = place(&mut self.parameters, &mut self.parameter_order, other);
                json!([other, self.strings.place(&zh), self.strings.place(&en)])
            })
            .collect();
        let others = (!others.is_empty()).then(|| self.others.place(&json!(others).to_string()));
        json!(["p", own, range, others, provenance::carried_from(self.inventory, bound, used, index, year)])
    }

    fn methods(&mut self) -> Value {
        let study = self.inventory.study;
        let all = self.method_order.iter().map(|&index| {
            let method = &study.methods[index];
            let slot = |used: &Use| {
                let at = method.uses.iter().position(|known| known == used).unwrap_or(0);
                format!("{MARK}{at}{MARK}")
            };
            let title = study.words.sources.get(&method.citation).map_or("", |source| &source.title);
            let names: Vec<&str> = method.uses.iter().map(|used| used.name.as_str()).collect();
            json!({
                "code": method.code, "text": expression::spell(&method.expression, &slot), "names": names,
                "single": matches!(method.expression, Expression::Name(_)), "place": method.place.to_string(),
                "title": title, "locator": method.locator, "rank": method.rank,
            })
        });
        all.collect()
    }

    fn parameters(&mut self) -> Value {
        let study = self.inventory.study;
        let all = self.parameter_order.iter().map(|&index| {
            let parameter = &study.ladder.parameters[index];
            let title = study.words.sources.get(&parameter.citation).map_or("", |source| &source.title);
            json!([
                self.strings.place(&parameter.name),
                provenance::value(parameter),
                self.strings.place(&parameter.place.to_string()),
                self.strings.place(&parameter.set),
                self.strings.place(title),
                self.strings.place(&parameter.locator),
                self.strings.place(parameter.confidence.word()),
                self.strings.place(&parameter.note),
            ])
        });
        all.collect()
    }

    /// Rows column by column; lines as steps from the row before, which are small and alike.
    fn activity(&mut self, uncertainty: &Uncertainty<'_>) -> Value {
        let study = self.inventory.study;
        let (activity, words) = (&study.activity, &study.words);
        let mut columns: [Vec<Value>; 9] = Default::default();
        let mut before = 0;
        for &index in &self.row_order {
            let row = index as usize;
            let short = |share: f64| (share * 1e6).round() / 1e6;
            let range = provenance::amount_range(uncertainty, row);
            let range = range.map(|(down, up)| self.ranges.place(&json!([short(down), short(up)]).to_string()));
            let mut word = |number: u32| self.strings.place(activity.word(number));
            let texts =
                [&activity.technology, &activity.source, &activity.quality, &activity.reference, &activity.note];
            let texts = texts.map(|column| word(column[row]));
            // What a notation key stands for has no amount; the gap says which key it is.
            let known = activity.amount[row].is_finite();
            let amount = if known { provenance::amount(self.inventory, row) } else { String::new() };
            let line = i64::from(activity.line[row]);
            let cells = [
                json!(activity.year[row]),
                json!(words.areas.code(activity.area[row] as usize)),
                json!(words.categories.code(activity.category[row] as usize)),
                json!(words.items.code(activity.item[row] as usize)),
                json!(amount),
                json!(self.strings.place(&activity.files[activity.file[row] as usize])),
                json!(line - before),
                json!(range),
                json!(self.notes.place(&json!(texts).to_string())),
            ];
            before = line;
            columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
        }
        json!(columns)
    }

    fn gaps(&mut self) -> Value {
        let words = &self.inventory.study.words;
        let mut columns: [Vec<Value>; 6] = Default::default();
        let mut before = 0;
        for gap in &self.inventory.gaps {
            let (missing, nearest) = gap.reason.missing();
            let row = self.row(gap.row) as i64;
            let cells = [
                json!(gap.year),
                json!(row - before),
                json!(self.strings.place(gap.pollutant.map_or("", |index| words.pollutants.code(index)))),
                json!(self.strings.place(&gap.reason.word(&words.categories))),
                json!(self.strings.place(&missing)),
                json!(self.strings.place(nearest)),
            ];
            before = row;
            columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
        }
        let [year, row, pollutant, reason, missing, nearest] = columns;
        json!({ "year": year, "row": row, "pollutant": pollutant, "reason": reason, "missing": missing, "nearest": nearest })
    }
}
