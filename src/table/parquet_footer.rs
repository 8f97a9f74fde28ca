//! Weighs a Parquet file before it is read: what its footer and page headers claim must fit the file and the memory.

use super::shorten;
use crate::error::Text;
use crate::say;

/// Bounds: bytes of a footer, unpacked bytes of all pages, and cells.
const FOOTER: usize = 1 << 24;
const LARGEST: i64 = 1 << 29;
const CELLS: i64 = 50_000_000;

/// A value of the compact protocol that footers and page headers are written in.
enum CompactValue<'a> {
    Whole(i64),
    Bytes(&'a [u8]),
    List(Vec<CompactValue<'a>>),
    Fields(Vec<(i64, CompactValue<'a>)>),
    Other,
}

impl<'a> CompactValue<'a> {
    fn field(&self, number: i64) -> Option<&CompactValue<'a>> {
        match self {
            Self::Fields(fields) => fields.iter().find(|(own, _)| *own == number).map(|(_, value)| value),
            _ => None,
        }
    }

    fn whole(&self, number: i64) -> Option<i64> {
        match self.field(number)? {
            Self::Whole(value) => Some(*value),
            _ => None,
        }
    }

    fn list(&self, number: i64) -> &[CompactValue<'a>] {
        match self.field(number) {
            Some(Self::List(values)) => values,
            _ => &[],
        }
    }
}

/// Bytes from the front; `None` where they end too early or make no sense.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(front)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    fn plain(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        self.plain().map(|value| (value >> 1) as i64 ^ -((value & 1) as i64))
    }

    fn fields(&mut self, depth: u8) -> Option<CompactValue<'a>> {
        let mut fields: Vec<(i64, CompactValue<'a>)> = Vec::new();
        let mut number = 0_i64;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(CompactValue::Fields(fields));
            }
            number = if head >> 4 == 0 { self.signed()? } else { number.checked_add(i64::from(head >> 4))? };
            let value = match head & 15 {
                truth @ (1 | 2) => CompactValue::Whole(i64::from(truth == 1)),
                kind => self.value(kind, depth)?,
            };
            fields.push((number, value));
        }
    }

    fn value(&mut self, kind: u8, depth: u8) -> Option<CompactValue<'a>> {
        let depth = depth.checked_sub(1)?;
        Some(match kind {
            1..=3 => CompactValue::Whole(i64::from(self.byte()? as i8)),
            4..=6 => CompactValue::Whole(self.signed()?),
            7 => self.take(8).map(|_| CompactValue::Other)?,
            8 => {
                let length = usize::try_from(self.plain()?).ok()?;
                CompactValue::Bytes(self.take(length)?)
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.plain()? } else { u64::from(head >> 4) };
                if count > self.0.len() as u64 {
                    return None;
                }
                CompactValue::List((0..count).map(|_| self.value(head & 15, depth)).collect::<Option<_>>()?)
            }
            12 => self.fields(depth)?,
            _ => return None,
        })
    }
}

/// What is said of a file whose parts contradict each other.
pub(super) fn damaged() -> Text {
    say!("此 Parquet 文件已损坏", "this Parquet file is damaged")
}

fn too_large(what_zh: &str, what_en: &str) -> Text {
    say!("此 Parquet 文件太大：{what_zh}；请拆分", "this Parquet file is too large: {what_en}; split it")
}

/// Refuses a file whose claims do not fit it; gives the columns that hold neither texts nor numbers, each with the reason.
pub(super) fn check_unpacked_size(bytes: &[u8]) -> Result<Vec<(String, Text)>, Text> {
    let footer = footer(bytes).ok_or_else(damaged)?;
    if footer.len() > FOOTER {
        return Err(too_large("文件尾超过 16 MiB", "its footer has more than 16 MiB"));
    }
    let footer = Bytes(footer).fields(12).ok_or_else(damaged)?;
    let (columns, odd) = columns(&footer).ok_or_else(damaged)?;
    if !odd.is_empty() {
        return Ok(odd);
    }
    let rows = footer.whole(3).filter(|rows| *rows >= 0).ok_or_else(damaged)?;
    if rows.saturating_mul(columns.max(1) as i64) > CELLS {
        return Err(too_large("超过 5000 万格", "it has more than 50 million cells"));
    }
    let mut left = (rows, LARGEST);
    for group in footer.list(4) {
        left.0 -= group.whole(3).filter(|rows| (0..=left.0).contains(rows)).ok_or_else(damaged)?;
        if group.list(1).len() != columns {
            return Err(damaged());
        }
        for chunk in group.list(1) {
            let room = chunk_pages(bytes, chunk, group.whole(3).unwrap_or(0), left.1).ok_or_else(damaged)?;
            left.1 = room;
            if left.1 < 0 {
                return Err(too_large("解压后超过 512 MiB", "it unpacks to more than 512 MiB"));
            }
        }
    }
    if left.0 == 0 { Ok(Vec::new()) } else { Err(damaged()) }
}

fn footer(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.len().checked_sub(8)?;
    let length = u32::from_le_bytes(bytes.get(end..end + 4)?.try_into().ok()?) as usize;
    bytes.get(end.checked_sub(length)?.max(4)..end)
}

/// How many columns there are, and those that cannot be a column of a table.
fn columns(footer: &CompactValue<'_>) -> Option<(usize, Vec<(String, Text)>)> {
    let (root, elements) = footer.list(2).split_first()?;
    let mut odd = Vec::new();
    let mut inside = 0_i64;
    let mut count = 0_i64;
    for element in elements {
        let Some(CompactValue::Bytes(name)) = element.field(4) else { return None };
        let name = shorten(&String::from_utf8_lossy(name));
        let children = element.whole(5).unwrap_or(0);
        if inside > 0 {
            inside = (inside - 1).checked_add(children)?;
            continue;
        }
        count += 1;
        if children > 0 || element.whole(3) == Some(2) {
            inside = children;
            odd.push((name, say!("此列是列表或嵌套结构", "this column holds lists or nested records")));
        } else if let Some(text) = kind_of(element)? {
            odd.push((name, text));
        }
    }
    (root.whole(5) == Some(count) && inside == 0).then_some((usize::try_from(count).ok()?, odd))
}

/// Why a column's type is neither text nor number; `Some(None)` where it is one of them.
fn kind_of(element: &CompactValue<'_>) -> Option<Option<Text>> {
    let logical = match element.field(10) {
        Some(CompactValue::Fields(fields)) => fields.first().map(|(number, _)| *number),
        _ => None,
    };
    let converted = element.whole(6);
    let dates = || {
        say!(
            "此列是日期或时间；年份写成数字，如 2020",
            "this column holds dates or times; give years as numbers such as 2020"
        )
    };
    let raw = || say!("此列是二进制数据，不是文本或数字", "this column holds raw bytes, neither text nor numbers");
    Some(match (element.whole(1)?, logical, converted) {
        (_, Some(6..=8), _) | (_, _, Some(6..=10)) | (3, ..) => Some(dates()),
        (_, Some(12..=15), _) | (_, _, Some(20 | 21)) => Some(raw()),
        (7, logical, converted) if logical != Some(5) && converted != Some(5) => Some(raw()),
        (0..=7, ..) => None,
        _ => return None,
    })
}

/// Walks over the pages of a column's part; what is left of the room for unpacked bytes.
fn chunk_pages(bytes: &[u8], chunk: &CompactValue<'_>, rows: i64, room: i64) -> Option<i64> {
    let meta = chunk.field(3)?;
    let (values, packed) = (meta.whole(5)?, meta.whole(7)?);
    let first = meta.whole(9)?;
    let start = meta.whole(11).filter(|&offset| 0 < offset && offset < first).unwrap_or(first);
    let start = usize::try_from(start).ok()?;
    let end = start.checked_add(usize::try_from(packed).ok()?)?;
    let mut pages = Bytes(bytes.get(start..end)?);
    let (mut seen, mut room) = (0_i64, room);
    while !pages.0.is_empty() && seen < values {
        let page = pages.fields(12)?;
        let unpacked = page.whole(2).filter(|size| *size >= 0)?;
        let packed = usize::try_from(page.whole(3)?).ok()?;
        room = room.checked_sub(unpacked)?;
        match page.whole(1)? {
            0 => seen = seen.checked_add(page.field(5)?.whole(1).filter(|count| *count >= 0)?)?,
            2 => _ = page.field(7)?.whole(1).filter(|count| (0..=unpacked).contains(count))?,
            3 => {
                let head = page.field(8)?;
                let levels = head.whole(5)?.checked_add(head.whole(6)?)?;
                (levels >= 0 && head.whole(5)? >= 0 && levels <= unpacked).then_some(())?;
                seen = seen.checked_add(head.whole(1).filter(|count| *count >= 0)?)?;
            }
            _ => {}
        }
        pages.take(packed)?;
    }
    (values == rows && seen == values).then_some(room)
}
