//! From SVG to PNG with the embedded font, and no other font of the machine.

use super::text_layout::{BOLD, FAMILY, REGULAR};
use super::theme::WIDTH;
use super::{ChartError, Svg};
use resvg::{tiny_skia, usvg};
use std::sync::{Arc, OnceLock};

/// 1800 pixels wide: 293 dots per inch over the 156 mm text width of an official document (GB/T 9704-2012).
pub const PRINT_SCALE: f64 = 2.0;

/// Pixels beyond which a picture is a mistake rather than a chart (64 million, 256 MB of memory).
const MOST_PIXELS: f64 = 64e6;

/// Reading the fonts costs more than a chart, so it happens once in the life of the program.
fn fonts() -> Arc<usvg::fontdb::Database> {
    static FONTS: OnceLock<Arc<usvg::fontdb::Database>> = OnceLock::new();
    let read = || {
        let mut fonts = usvg::fontdb::Database::new();
        for font in [REGULAR, BOLD] {
            fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(font)));
        }
        fonts.set_sans_serif_family(FAMILY);
        Arc::new(fonts)
    };
    Arc::clone(FONTS.get_or_init(read))
}

/// The chart as a PNG, `scale` pixels to a page unit; `PRINT_SCALE` is right for documents.
pub fn png(svg: &Svg, scale: f64) -> Result<Vec<u8>, ChartError> {
    let options = usvg::Options { fontdb: fonts(), font_family: FAMILY.into(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg.as_str(), &options).map_err(refused)?;
    let (width, height) = (f64::from(tree.size().width()) * scale, f64::from(tree.size().height()) * scale);
    if !(width >= 1.0 && height >= 1.0 && width * height <= MOST_PIXELS) {
        return Err(ChartError::Size { width: width as u32, height: height as u32 });
    }
    let mut picture = tiny_skia::Pixmap::new(width.ceil() as u32, height.ceil() as u32)
        .ok_or_else(|| refused("no memory for the picture"))?;
    picture.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale as f32, scale as f32), &mut picture.as_mut());
    let mut png = picture.encode_png().map_err(refused)?;
    insert_print_size(&mut png, scale);
    Ok(png)
}

/// Tells programs how large the picture is on paper (chunk `pHYs`), else a text processor takes it
/// for a screenshot half a metre wide. The chunk stands behind the header, which ends at byte 33.
fn insert_print_size(png: &mut Vec<u8>, scale: f64) {
    const HEADER_END: usize = 33;
    const TEXT_WIDTH_M: f64 = 0.156;
    let dots_per_metre = ((WIDTH * scale / TEXT_WIDTH_M).round() as u32).to_be_bytes();
    let mut body = b"pHYs".to_vec();
    body.extend(dots_per_metre);
    body.extend(dots_per_metre);
    body.push(1);
    let length = (body.len() as u32 - 4).to_be_bytes();
    let checksum = crc32(&body).to_be_bytes();
    png.splice(HEADER_END..HEADER_END, length.into_iter().chain(body).chain(checksum));
}

/// The checksum of PNG chunks (ISO 3309), bit by bit: it runs over a few bytes.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

fn refused(reason: impl std::fmt::Display) -> ChartError {
    ChartError::Drawing { reason: reason.to_string() }
}
