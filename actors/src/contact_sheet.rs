//! Lays pictures in a grid, small enough for a model to look at.

use std::io::{BufReader, Cursor};
use std::path::{Path, PathBuf};

use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, ImageReader, Limits, RgbImage, imageops};

/// Pixels between the pictures.
const GAP: u32 = 4;

/// The largest picture that is read: a frame of 16384 × 8640 with 16 bits a channel.
const MOST_BYTES: u64 = 16384 * 8640 * 8;

/// A sheet.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// As PNG.
    pub(crate) png: Vec<u8>,
    /// Pictures side by side.
    pub(crate) columns: u32,
    /// Rows of pictures.
    pub(crate) rows: u32,
    /// Width and height of the sheet in pixels.
    pub(crate) size: (u32, u32),
    /// Width and height of each picture as it was read.
    pub(crate) frame: (u32, u32),
}

/// Lays pictures of one size row by row. No side of the sheet is longer than `max_edge`; pictures are never enlarged.
///
/// Blocks while it reads and scales.
pub(crate) fn lay(paths: &[PathBuf], max_edge: u32) -> Result<Sheet, String> {
    let mut sheet: Option<(Grid, RgbImage)> = None;
    for (index, path) in (0u32..).zip(paths) {
        let picture = read(path)?;
        let (grid, canvas) = sheet.get_or_insert_with(|| {
            let grid = Grid::fit(paths.len() as u32, picture.dimensions(), max_edge);
            let (width, height) = grid.size();
            (grid, RgbImage::new(width, height))
        });
        let (width, height) = grid.cell;
        let scaled = match picture.dimensions() == grid.cell {
            true => picture,
            // By the method that is compiled in `image` itself: a generic function would be compiled here, without
            // optimisation in a debug build, and take a second for each full-size picture.
            false => {
                DynamicImage::ImageRgb8(picture).resize_exact(width, height, FilterType::Triangle).into_rgb8()
            }
        };
        let (column, row) = (index % grid.columns, index / grid.columns);
        imageops::replace(canvas, &scaled, (column * (width + GAP)).into(), (row * (height + GAP)).into());
    }
    let (grid, canvas) = sheet.ok_or("there is no picture to lay")?;
    let mut png = Cursor::new(Vec::new());
    canvas.write_to(&mut png, ImageFormat::Png).map_err(|error| error.to_string())?;
    Ok(Sheet {
        png: png.into_inner(),
        columns: grid.columns,
        rows: grid.rows,
        size: grid.size(),
        frame: grid.frame,
    })
}

/// The pixels of a PNG file. Blocks while it reads.
pub(crate) fn read(path: &Path) -> Result<RgbImage, String> {
    let wrong = |error: &dyn std::fmt::Display| format!("{} cannot be read ({error})", path.display());
    let file = std::fs::File::open(path).map_err(|error| wrong(&error))?;
    let mut reader = ImageReader::with_format(BufReader::new(file), ImageFormat::Png);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    Ok(reader.decode().map_err(|error| wrong(&error))?.into_rgb8())
}

struct Grid {
    columns: u32,
    rows: u32,
    cell: (u32, u32),
    frame: (u32, u32),
}

impl Grid {
    /// The grid that shows `count` frames largest.
    fn fit(count: u32, frame: (u32, u32), max_edge: u32) -> Self {
        let candidates = (1..=count.max(1)).map(|columns| {
            let rows = count.div_ceil(columns).max(1);
            let scale = |edge: u32, number: u32| {
                f64::from(max_edge.saturating_sub(GAP * (number - 1))) / f64::from(number * edge.max(1))
            };
            let scale = scale(frame.0, columns).min(scale(frame.1, rows)).min(1.0);
            (scale, columns, rows)
        });
        // Of equally large ones the squarest, which comes with the fewest empty places.
        let best = candidates.fold((0.0, 1, count), |best, next| if next.0 > best.0 { next } else { best });
        let (scale, columns, rows) = best;
        let side = |edge: u32| ((f64::from(edge) * scale).floor() as u32).max(1);
        Self { columns, rows, cell: (side(frame.0), side(frame.1)), frame }
    }

    fn size(&self) -> (u32, u32) {
        let along = |edge: u32, number: u32| edge * number + GAP * (number - 1);
        (along(self.cell.0, self.columns), along(self.cell.1, self.rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures(folder: &std::path::Path, count: u8, size: (u32, u32)) -> Vec<PathBuf> {
        let paths = (0..count).map(|number| {
            let path = folder.join(format!("{number}.png"));
            RgbImage::from_pixel(size.0, size.1, image::Rgb([number * 40, 0, 0])).save(&path).unwrap();
            path
        });
        paths.collect()
    }

    /// A sheet that is too large is refused by some clients, and each picture must be where its position says.
    #[test]
    fn pictures_lie_row_by_row_within_the_edge() {
        let folder = tempfile::tempdir().unwrap();
        let paths = pictures(folder.path(), 6, (1920, 1080));

        let sheet = lay(&paths, 1024).unwrap();

        assert_eq!((2, 3, (1920, 1080)), (sheet.columns, sheet.rows, sheet.frame));
        assert!(sheet.size.0 <= 1024 && sheet.size.1 <= 1024, "{:?}", sheet.size);
        let canvas = image::load_from_memory(&sheet.png).unwrap().into_rgb8();
        let (cell, line) = (canvas.width() / sheet.columns, canvas.height() / sheet.rows);
        for number in 0..6 {
            let at = (number % 2 * cell + cell / 2, number / 2 * line + line / 2);
            assert_eq!([number as u8 * 40, 0, 0], canvas.get_pixel(at.0, at.1).0, "{number}");
        }
    }

    /// One small frame stays as it is: enlarging would invent pixels.
    #[test]
    fn a_small_picture_is_not_enlarged() {
        let folder = tempfile::tempdir().unwrap();

        let sheet = lay(&pictures(folder.path(), 1, (320, 180)), 1024).unwrap();

        assert_eq!(((1, 1), (320, 180)), ((sheet.columns, sheet.rows), sheet.size));
    }

    /// A damaged file is a sentence, not a panic.
    #[test]
    fn a_damaged_picture_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.png");
        std::fs::write(&path, b"\x89PNG\r\n\x1a\nrubbish").unwrap();

        assert!(lay(&[path], 1024).unwrap_err().contains("x.png cannot be read"));
        assert!(lay(&[], 1024).is_err());
    }
}
